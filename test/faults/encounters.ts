// Operations of the grid that meet what others did to the app: earlier, or at the very moment of the write.

import type { Program, Run, Stack } from "../lifecycle/stack.js";
import { sync } from "../lifecycle/stack.js";
import type { Spec } from "../emulators/digitalocean/index.js";
import {
  afterHistory,
  allOf,
  change,
  changedOf,
  creation,
  first,
  type Operation,
  polls,
  upTo,
  wantedOf,
  written,
} from "./operation.js";
import { besideOurs, programOf, type Scene, storeByHand, well } from "./scene.js";

const scale = (count: number) => (spec: Spec) => {
  for (const service of spec.services ?? []) service["instance_count"] = count;
};

const changing = (scene: Scene) => programOf(scene, { values: changedOf(scene) });
const changed = { ...upTo(changing), wanted: (scene: Scene) => wantedOf(changedOf(scene)) };

/** Somebody stores another spec right before our write; its deployment is under way when we overwrite it. */
async function race(stack: Stack, scene: Scene): Promise<Run> {
  const { cloud, appId } = scene;
  cloud.onRequest({ method: "PUT" }, () => {
    cloud.editConsole(appId, scale(4));
    scene.foreign = besideOurs(cloud.app(appId).spec);
  });
  return stack.up(changing(scene));
}

/** What a person asks of the platform beside its spec. */
async function post({ cloud, appId }: Scene, path: string, body: unknown = {}): Promise<void> {
  const headers = { authorization: `Bearer ${cloud.token}`, "content-type": "application/json" };
  const url = `${cloud.url}/v2/apps/${appId}/${path}`;
  const { status } = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (status !== 200) throw new Error(`the scene did not open: ${path} answered ${status}`);
  cloud.settle(appId);
}

const inWeb = (scene: Scene) => programOf(scene, { components: ["web"] });
const inSite = (scene: Scene) => programOf(scene, { components: ["site"] });
const adopting = (scene: Scene) => programOf(scene, { syncOptions: { adoptExisting: ["A"], onDestroy: "restore" } });

/** Two syncs of one app, one by its id and one by its name. */
function twoSyncs({ appId, values }: Scene): Program {
  const variables = { PLAIN: { variableType: "GENERAL" } };
  return [
    sync("first", { A: values.a, B: values.b }, { destination: { appId } }),
    sync("second", { PLAIN: "readable" }, { destination: { appName: "shop", variables } }),
  ];
}

const merged = ["PUT app", "GET deployments", "PUT app", "GET deployments", ...polls, "GET app"];

export const encounters: readonly Operation[] = [
  {
    name: "create by name",
    ...creation,
    requests: ["GET apps", ...written],
    ...upTo((scene) => programOf(scene, { address: { appName: "shop" } })),
  },
  {
    name: "create of two syncs",
    ...creation,
    undisturbed: true,
    requests: ["GET apps", ...written],
    ...upTo(twoSyncs),
  },
  { name: "create in a component", ...creation, ...upTo(inWeb) },
  {
    name: "create in an app that was never live",
    ...creation,
    requests: afterHistory,
    ...upTo(programOf),
    prepare: async ({ cloud, appId }) => {
      const app = cloud.app(appId);
      for (const deployment of app.deployments) Object.assign(deployment, { phase: "ERROR", succeeded: false });
      delete app.activeId;
    },
  },
  {
    name: "create after two writes of others that failed",
    ...creation,
    requests: afterHistory,
    ...upTo(programOf),
    prepare: async (scene) => {
      storeByHand(scene, scale(2), "ERROR");
      storeByHand(scene, scale(3), "ERROR");
    },
  },
  {
    name: "update after a write of others that was cancelled",
    ...change,
    requests: ["GET app", ...afterHistory],
    ...changed,
    prepare: async (scene) => {
      await first(scene);
      storeByHand(scene, scale(2), "CANCELED");
    },
  },
  {
    name: "update while somebody else writes",
    ...change,
    ...changed,
    undisturbed: true,
    requests: ["GET app", "GET app", ...merged],
    act: race,
  },
  {
    name: "update while somebody else writes again after a failure",
    ...change,
    ...changed,
    undisturbed: true,
    requests: ["GET app", "GET app", "GET deployments", "GET app", ...merged],
    prepare: async (scene) => {
      await first(scene);
      storeByHand(scene, scale(2), "ERROR");
    },
    act: race,
  },
  {
    name: "update after somebody's rollback",
    ...change,
    ...changed,
    prepare: async (scene) => {
      await first(scene);
      const earlier = scene.cloud.deployments(scene.appId).at(-1)?.id;
      await well(scene.stack.up(changing(scene)));
      await post(scene, "rollback", { deployment_id: earlier, skip_pin: true });
    },
  },
  {
    name: "update after a restart of what was not live",
    ...change,
    ...changed,
    prepare: async (scene) => {
      await first(scene);
      scene.cloud.failNextDeployment(scene.appId, { step: "deploy" });
      await scene.stack.up(changing(scene));
      await post(scene, "restart");
    },
  },
  {
    name: "settle of what was not live, the only secret",
    ...change,
    requests: ["GET app", ...afterHistory],
    lasting: ["A"],
    prepare: async (scene) => {
      storeByHand(scene, (spec) => void (spec.envs = (spec.envs ?? []).filter(({ key }) => key !== "THEIRS")));
      const { THEIRS: _gone, ...beside } = scene.beside;
      scene.beside = beside;
      await well(scene.stack.up(programOf(scene, { values: { A: scene.values.a } })));
      scene.cloud.failNextDeployment(scene.appId, { step: "deploy" });
      await scene.stack.up(programOf(scene, { values: { A: scene.values.next } }));
    },
    ...upTo((scene) => programOf(scene, { values: { A: scene.values.next } })),
    wanted: ({ values }) => wantedOf({ A: values.next }),
  },
  { name: "move into a component", ...change, ...upTo(inWeb), wanted: (scene) => wantedOf(allOf(scene)) },
  {
    name: "update after its component was renamed",
    ...change,
    requests: ["GET app", "GET app"],
    ...upTo(inSite),
    prepare: async (scene) => {
      await well(scene.stack.up(inWeb(scene)));
      storeByHand(scene, (spec) => {
        for (const service of spec.services ?? []) service.name = "site";
      });
      scene.component = "site";
    },
    wanted: (scene) => wantedOf(allOf(scene)),
  },
  {
    name: "delete that gives an adopted key back",
    ...change,
    requests: written,
    lasting: ["A"],
    prepare: async (scene) => {
      const env = { key: "A", value: scene.values.next, type: "SECRET", scope: "RUN_TIME" };
      storeByHand(scene, (spec) => void (spec.envs = [...(spec.envs ?? []), env]));
      await well(scene.stack.up(adopting(scene)));
    },
    act: (stack) => stack.destroy(),
    program: () => [],
    wanted: ({ values }) => wantedOf({ A: values.next }, "RUN_TIME"),
  },
];
