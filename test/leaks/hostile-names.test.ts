// Names and texts by other people walk through every way out of a run. None acts on a terminal or on a CI runner, none makes a line.

import { expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { type Declaration, openStack, type Run, type Stack, sync } from "../lifecycle/stack.js";
import { findActing, hostileName, hostileTexts, listTexts } from "./hostile-text.js";

interface Scene {
  readonly stack: Stack;
  readonly appId: string;
  /** A sync of one key with arguments of its own. */
  readonly sync: (args?: Properties, values?: Record<string, string>) => Declaration;
}

async function openScene(): Promise<Scene> {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  return {
    stack,
    appId,
    sync: ({ destination, ...args } = {}, values = { A: "value-of-a" }) =>
      sync("web", values, { destination: { appId, ...(destination as Properties) }, ...args }),
  };
}

const both = async ({ stack }: Scene, ...program: Declaration[]) => [
  await stack.preview(program),
  await stack.up(program),
];

/** Answers the next looks with the app as it is, under other names. */
async function disguise({ stack, appId }: Scene, change: (app: Properties) => Properties): Promise<void> {
  const response = await fetch(`${stack.cloud.url}/v2/apps/${appId}`, {
    headers: { authorization: `Bearer ${stack.cloud.token}` },
  });
  const { app } = (await response.json()) as { app: Properties };
  stack.cloud.faults.add({ match: { method: "GET", times: Infinity }, status: 200, body: { app: change(app) } });
}

const spec = (app: Properties) => app["spec"] as Properties;
const web = (changes: Properties) => [{ name: "web", ...changes }];

const ways: ReadonlyArray<readonly [string, (scene: Scene) => Promise<Run[]>]> = [
  ["keys of a source", (scene) => both(scene, scene.sync({}, { [hostileName]: "v", "::error::x": "v", "a\nb": "v" }))],
  [
    "components that the app does not have",
    (scene) => both(scene, scene.sync({ destination: { components: [hostileName] } })),
  ],
  [
    "overrides that no source provides",
    (scene) => both(scene, scene.sync({ destination: { variables: { [hostileName]: {} } } })),
  ],
  [
    "an app's name that leads nowhere",
    (scene) => both(scene, scene.sync({ destination: { appId: undefined, appName: hostileName } })),
  ],
  ["an app's id that leads nowhere", (scene) => both(scene, scene.sync({ destination: { appId: hostileName } }))],
  [
    "a file's name",
    (scene) =>
      both(scene, { ...scene.sync(), args: { ...scene.sync().args, source: { type: "file", path: hostileName } } }),
  ],
  [
    "a command's name",
    (scene) =>
      both(scene, {
        ...scene.sync(),
        args: { ...scene.sync().args, source: { type: "exec", command: [hostileName] } },
      }),
  ],
  ["a field that is unknown", (scene) => both(scene, scene.sync({ syncOptions: { [hostileName]: true } }))],
  ["a sync's name", (scene) => both(scene, scene.sync({ name: hostileName }))],
  ["a key schema", (scene) => both(scene, scene.sync({ syncOptions: { keySchema: hostileName } }))],
  ["a disabled sync", (scene) => both(scene, { ...scene.sync({ isEnabled: false }), name: hostileName })],
  [
    "an account",
    async (scene) => {
      const { tokens, url } = scene.stack.cloud;
      tokens.set("dop_v1_hostile", { scopes: ["app:read", "account:read"], email: hostileName });
      const args = {
        app: "digital-ocean",
        method: "api-token",
        credentials: { apiToken: "dop_v1_hostile" },
        baseUrl: url,
      };
      const runs = await both(scene, { kind: "connection", name: "ocean", args });
      expect(scene.stack.outputs("ocean")["account"]).toContain("forged");
      return runs;
    },
  ],
  [
    "a vendor's refusal",
    async (scene) => {
      const body = { id: hostileName, message: hostileName, request_id: hostileName };
      scene.stack.cloud.faults.add({ match: { method: "PUT", times: Infinity }, status: 422, body });
      return both(scene, scene.sync());
    },
  ],
  [
    "a refused look",
    async (scene) => {
      scene.stack.cloud.faults.add({ match: { method: "GET", times: Infinity }, status: 403, body: hostileName });
      return both(scene, scene.sync());
    },
  ],
  [
    "a deployment that fails",
    async (scene) => {
      scene.stack.cloud.failNextDeployment(scene.appId, {
        step: "deploy",
        reasonCode: hostileName,
        message: hostileName,
        component: hostileName,
      });
      const runs = await both(scene, scene.sync());
      expect(runs.at(-1)?.problems).toMatch(/deployment\.failed/);
      return runs;
    },
  ],
  [
    "an app's name, components, urls and keys, in a plan and in conflicts",
    async (scene) => {
      await disguise(scene, (app) => ({
        ...app,
        live_url: `https://${hostileName}`,
        spec: {
          ...spec(app),
          name: hostileName,
          envs: [
            { key: "A", value: hostileName },
            { key: hostileName, value: "v" },
          ],
          services: web({ name: hostileName, envs: [{ key: hostileName, value: "v" }] }),
        },
      }));
      return [
        ...(await both(scene, scene.sync())),
        ...(await both(scene, scene.sync({ syncOptions: { initialSyncBehavior: "overwrite-destination" } }))),
        ...(await both(scene, scene.sync({ destination: { components: ["api"] } }))),
      ];
    },
  ],
  [
    "what a refresh and a destroy find",
    async (scene) => {
      const first = await scene.stack.up([scene.sync()]);
      await disguise(scene, (app) => ({
        ...app,
        live_url: `https://${hostileName}`,
        spec: {
          ...spec(app),
          name: hostileName,
          envs: [{ key: "A", value: "other", scope: hostileName, type: hostileName }],
        },
      }));
      const runs = [first, await scene.stack.refresh()];
      expect(JSON.stringify(scene.stack.outputs("web")["drift"])).toContain("forged");
      return [...runs, ...(await both(scene, scene.sync())), await scene.stack.destroy()];
    },
  ],
];

const shownOutputs = ["account", "lastSyncMessage", "drift", "targetUrl", "syncStatus", "lastDeploymentId"];

test.each(ways)("%s", async (_, walk) => {
  const scene = await openScene();
  const runs = await walk(scene);
  const said = runs.flatMap(({ messages, statuses, problems, failures }) =>
    listTexts([messages.map(({ text }) => text), statuses, problems, failures]),
  );
  const outputs = [...scene.stack.state.values()].map(({ outputs: all }) => shownOutputs.map((name) => all[name]));
  expect(said.length).toBeGreaterThan(0);
  for (const text of [...said, ...listTexts(outputs)]) {
    expect(findActing(text), text).toEqual([]);
    // A line that begins as a hostile one would is forged: what is theirs stands within a line of ours.
    for (const line of text.split("\n")) {
      expect(hostileTexts.some((hostile) => hostile.split(/[\r\n]+/).some((one) => line.trim() === one.trim()))).toBe(
        false,
      );
    }
  }
});
