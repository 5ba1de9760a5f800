// Syncs of one app that the engine runs at the same time become one write and one deployment.

import { afterEach, expect, test } from "vitest";
import { callsOf, oneWrite, valuesAt } from "./evidence.js";
import { openWorld, type World } from "./harness.js";
import { openPluginWorld, syncOf } from "./plugin-world.js";

let world: World;
afterEach(() => world.close());

async function openShop(syncs: number): Promise<{ appId: string; values: Record<string, string> }> {
  world = await openWorld({ program: "inline", deployment: { phaseMs: 150 } });
  const { id: appId } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const values = Object.fromEntries(Array.from({ length: syncs }, (_, at) => [`KEY_${at}`, world.secret(`${at}`)]));
  await world.program(`
    for (const [key, value] of Object.entries(${JSON.stringify(values)})) {
      new SecretSync(key, {
        source: { type: "inline", values: { [key]: value } },
        destination: { type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)} },
      });
    }
  `);
  return { appId, values };
}

/** The same as a YAML program, which the plugin serves. */
async function openPluginShop(syncs: number): Promise<{ appId: string; values: Record<string, string> }> {
  const opened = await openPluginWorld({ deployment: { phaseMs: 150 } });
  world = opened;
  const { id: appId } = opened.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const values = Object.fromEntries(Array.from({ length: syncs }, (_, at) => [`KEY_${at}`, opened.secret(`${at}`)]));
  const resources = Object.entries(values).map(([key, value]) => [
    key.toLowerCase(),
    syncOf({ [key]: { "fn::secret": value } }, { destination: { appId } }),
  ]);
  await opened.declare(Object.fromEntries(resources));
  return { appId, values };
}

test.each([
  ["the dynamic provider", openShop],
  ["the plugin", openPluginShop],
])(
  "six syncs of %s: one GET, one PUT, one verification, one deployment; unchanged: one GET; destroy: one PUT",
  async (_, open) => {
    const { appId, values } = await open(6);
    const deployments = world.cloud.deployments(appId).length;
    expect(await callsOf(world, () => world.up())).toEqual(oneWrite);
    expect(valuesAt(world, appId)).toEqual(values);
    expect(world.cloud.deployments(appId)).toHaveLength(deployments + 1);
    expect(await callsOf(world, () => world.preview())).toEqual({ "GET /v2/apps/{id}": 1 });
    expect(await callsOf(world, () => world.pulumi("destroy", "--yes", "--skip-preview"))).toEqual(oneWrite);
    expect(valuesAt(world, appId)).toEqual({});
  },
);

test.each([
  ["the dynamic provider", openShop],
  ["the plugin", openPluginShop],
])("ten syncs with --parallel 16 become one write: %s", async (_, open) => {
  const { appId, values } = await open(10);
  expect(await callsOf(world, () => world.up("--parallel", "16"))).toEqual(oneWrite);
  expect(valuesAt(world, appId)).toEqual(values);
});

test.each([
  ["the dynamic provider", openShop],
  ["the plugin", openPluginShop],
])("three syncs one after another are three writes that lose nothing: %s", async (_, open) => {
  const { appId, values } = await open(3);
  const calls = await callsOf(world, () => world.up("--parallel", "1"));
  expect(calls["PUT /v2/apps/{id}"]).toBe(3);
  expect(valuesAt(world, appId)).toEqual(values);
});
