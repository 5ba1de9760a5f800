// Values that no source of this run holds: those of others at the target, and those from before an adoption.

import { expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { type Run, type Stack, stackOn, sync } from "../lifecycle/stack.js";

const foreign = "canary-foreign-general-1f77";
const prior = "canary-prior-general-90aa";
const running = "canary-running-general-77e0";

interface Scene {
  readonly stack: Stack;
  readonly cloud: Awaited<ReturnType<typeof startDigitalOcean>>;
  readonly appId: string;
  readonly program: (args?: Properties) => ReturnType<typeof sync>[];
}

async function openScene(): Promise<Scene> {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 } });
  const stack = stackOn(cloud);
  const { id: appId } = cloud.createApp({
    name: "shop",
    envs: [
      { key: "THEIRS", value: foreign },
      { key: "BUILT", value: running, scope: "BUILD_TIME" },
    ],
    services: [
      {
        name: "web",
        envs: [{ key: "OURS", value: prior, type: "GENERAL" }],
      },
    ],
  });
  const program = (args: Properties = {}) => [
    sync(
      "web",
      { OURS: "value-of-the-source" },
      {
        destination: { appId, components: ["web"], variableType: "GENERAL" },
        syncOptions: { adoptExisting: ["OURS"], onDestroy: "restore" },
        ...args,
      },
    ),
  ];
  return { stack, cloud, appId, program };
}

/** As a vendor may quote a spec: cut, upper case, in base64. */
const quotes = [foreign, prior, running].flatMap((value) => [
  value,
  value.slice(0, -2),
  value.toUpperCase(),
  Buffer.from(JSON.stringify({ value })).toString("base64"),
]);

function findLeaks(evidence: unknown): string[] {
  const text = JSON.stringify(evidence).toLowerCase();
  return quotes.filter((quote) => text.includes(quote.slice(0, 24).toLowerCase()));
}

const refusals: ReadonlyArray<readonly [string, (scene: Scene) => Promise<Run[]>, RegExp]> = [
  [
    "a refused write",
    async ({ stack, cloud, program }) => {
      const body = { id: "unprocessable_entity", message: `bad spec: ${quotes.join(" ")}` };
      cloud.faults.add({ match: { method: "PUT", times: Infinity }, status: 422, body });
      return [await stack.preview(program()), await stack.up(program())];
    },
    /destination\.rejected: .*\[secret\].*unprocessable_entity, request /,
  ],
  [
    "a refused look before the write",
    async ({ stack, cloud, program }) => {
      await stack.up(program());
      cloud.onAnswer({ method: "GET" }, () => {
        cloud.faults.add({
          match: { method: "GET", times: Infinity },
          status: 400,
          body: { message: quotes.join(" ") },
        });
      });
      return [
        await stack.up(program({ syncOptions: { onDestroy: "restore", adoptExisting: ["OURS"], environment: "x" } })),
      ];
    },
    /http\.rejected/,
  ],
  [
    "a deployment that fails",
    async ({ stack, cloud, appId, program }) => {
      const message = quotes.join(" ");
      cloud.failNextDeployment(appId, { step: "deploy", reasonCode: "DeployContainerExitNonZero", message });
      return [await stack.up(program())];
    },
    /deployment\.failed: .*\(DeployContainerExitNonZero, .*\[secret\]/,
  ],
  [
    "a destroy that gives back what stood there",
    async ({ stack, cloud, program }) => {
      await stack.up(program());
      const body = { id: "unprocessable_entity", message: quotes.join(" ") };
      cloud.faults.add({ match: { method: "PUT", times: Infinity }, status: 422, body });
      return [await stack.destroy()];
    },
    /destination\.rejected/,
  ],
];

test.each(refusals)("%s shows no value of others", async (_, walk, told) => {
  const scene = await openScene();
  try {
    const runs = await walk(scene);
    expect(runs.map(({ problems }) => problems).join("\n")).toMatch(told);
    expect(findLeaks([runs, runs.map(({ problems }) => problems)])).toEqual([]);
  } finally {
    await scene.cloud.close();
  }
});
