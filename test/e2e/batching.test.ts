// Syncs of one app that the engine runs at the same time become one write and one deployment.

import { afterEach, expect, test } from "vitest";
import { callsOf, oneWrite, valuesAt } from "./evidence.js";
import { openWorld, type World } from "./harness.js";

let world: World;
afterEach(() => world.close());

async function openShop(syncs: number): Promise<{ appId: string; values: Record<string, string> }> {
  world = await openWorld({ deployment: { phaseMs: 150 } });
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

test("six syncs: one GET, one PUT, one verification, one deployment; unchanged: one GET; destroy: one PUT", async () => {
  const { appId, values } = await openShop(6);
  const deployments = world.cloud.deployments(appId).length;
  expect(await callsOf(world, () => world.up("--skip-preview"))).toEqual(oneWrite);
  expect(valuesAt(world, appId)).toEqual(values);
  expect(world.cloud.deployments(appId)).toHaveLength(deployments + 1);
  expect(await callsOf(world, () => world.preview())).toEqual({ "GET /v2/apps/{id}": 1 });
  expect(await callsOf(world, () => world.pulumi("destroy", "--yes", "--skip-preview"))).toEqual(oneWrite);
  expect(valuesAt(world, appId)).toEqual({});
});

test("ten syncs with --parallel 16 become one write", async () => {
  const { appId, values } = await openShop(10);
  expect(await callsOf(world, () => world.up("--skip-preview", "--parallel", "16"))).toEqual(oneWrite);
  expect(valuesAt(world, appId)).toEqual(values);
});

test("three syncs one after another are three writes that lose nothing", async () => {
  const { appId, values } = await openShop(3);
  const calls = await callsOf(world, () => world.up("--skip-preview", "--parallel", "1"));
  expect(calls["PUT /v2/apps/{id}"]).toBe(3);
  expect(valuesAt(world, appId)).toEqual(values);
});
