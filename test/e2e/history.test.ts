// What others did before a run is history, and what nobody saw live is not called so. With the real CLI.

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { callsOf, exportState, messagesOf, previewJson } from "./evidence.js";
import { openWorld, type World } from "./harness.js";

let world: World;
let appId: string;
let name = 0;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
});
afterAll(() => world.close());
beforeEach(() => {
  name += 1;
  const image = { registry_type: "DOCKER_HUB", repository: "shop", tag: "v1" };
  appId = world.cloud.createApp({ name: `shop-${name}`, services: [{ name: "web", image }] }).id;
});

async function declare(values: Record<string, string>, deployment = "{}"): Promise<void> {
  await world.write("secrets.json", JSON.stringify(values));
  await world.program(`
    new SecretSync("web-${name}", {
      source: { type: "file", path: "secrets.json" },
      destination: {
        type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)}, deployment: ${deployment},
      },
      syncOptions: { deletionLimit: 9 },
    });
  `);
}

/** Somebody else ships an image together with a variable, and the deployment fails. */
function shipBrokenImage(tag: string): void {
  world.cloud.failNextDeployment(appId, { step: "deploy", autoRollback: false });
  world.cloud.editConsole(appId, (spec) => {
    const [web] = spec.services ?? [];
    if (web) web["image"] = { ...(web["image"] as object), tag };
    spec.envs = [...(spec.envs ?? []), { key: `FLAG_${tag.toUpperCase()}`, value: tag, scope: "RUN_TIME" }];
  });
  world.cloud.settle(appId);
}

const stored = () => world.cloud.app(appId).spec;
const foreignKeys = () => (stored().envs ?? []).map(({ key }) => key).filter((key) => key.startsWith("FLAG_"));
const tag = () => (stored().services?.[0]?.["image"] as { tag?: string } | undefined)?.tag;

test("two image changes of others whose deployments failed stay as they were stored", async () => {
  await declare({ API_KEY: world.secret("one") });
  await world.up();
  shipBrokenImage("v2");
  shipBrokenImage("v3");
  await declare({ API_KEY: world.secret("two") });
  const calls = await callsOf(world, () => world.up());
  expect(calls["PUT /v2/apps/{id}"]).toBe(1);
  expect(tag()).toBe("v3");
  expect(foreignKeys()).toEqual(["FLAG_V2", "FLAG_V3"]);
  expect(world.cloud.running(appId)["web"]?.["FLAG_V3"]?.value).toBe("v3");
});

test("destroy after such changes removes ours and nothing else", async () => {
  await declare({ API_KEY: world.secret("three") });
  await world.up();
  shipBrokenImage("v2");
  shipBrokenImage("v3");
  await world.program("");
  await world.up();
  expect((stored().envs ?? []).map(({ key }) => key)).toEqual(["FLAG_V2", "FLAG_V3"]);
  expect(tag()).toBe("v3");
});

test("a deployment that nobody awaited and that failed is told by the next preview and healed by the next up", async () => {
  const value = world.secret("unawaited");
  await declare({ API_KEY: value }, "{ wait: false }");
  world.cloud.failNextDeployment(appId, { step: "deploy", autoRollback: false });
  await world.up();
  const [kept] = await exportState(world);
  expect(kept?.outputs).toMatchObject({ syncStatus: "written-not-live" });
  world.cloud.settle(appId);

  const preview = await previewJson(world);
  expect(preview.steps.map(({ op }) => op)).toEqual(["update"]);
  expect(messagesOf(preview, `web-${name}`)).toMatch(/app\/API_KEY: stored, but not in the running deployment/);
  await world.up();
  world.cloud.settle(appId);
  expect(world.cloud.running(appId)["web"]?.["API_KEY"]?.value).toBe(value);
  expect((await previewJson(world)).steps).toEqual([]);
  await world.pulumi("refresh", "--yes");
  const [refreshed] = await exportState(world);
  expect(refreshed?.outputs).toMatchObject({ syncStatus: "succeeded" });
});
