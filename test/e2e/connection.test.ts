// Credentials by connection and by stack config under the real CLI: proven, rotated, and enough for destroy.

import { afterEach, expect, test } from "vitest";
import { callsOf, exportState, valuesAt } from "./evidence.js";
import { openWorld, succeed, type World } from "./harness.js";

let world: World;
let appId: string;
afterEach(() => world.close());

async function openShop(): Promise<void> {
  world = await openWorld({ program: "inline" });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  delete world.environment["DIGITALOCEAN_TOKEN"];
}

const scopes = ["app:read", "app:update", "account:read"];

function connected(token: string, value: string): string {
  return `
    const ocean = new Connection("ocean", {
      app: "digital-ocean", method: "api-token", baseUrl: ${JSON.stringify(world.cloud.url)},
      credentials: { apiToken: ${JSON.stringify(token)} },
    });
    new SecretSync("web", {
      source: { type: "inline", values: { A: ${JSON.stringify(value)} } },
      destination: { type: "digital-ocean-app-platform", connection: ocean, appId: ${JSON.stringify(appId)} },
    });
    exports.account = ocean.account;
    exports.hash = ocean.credentialsHash;
  `;
}

test("a connection is proven, rotated without a write, and destroy works from state alone", async () => {
  await openShop();
  const value = world.secret("value");
  // State keeps the destination's token on purpose, encrypted: it may be in no other output of the CLI.
  world.cloud.tokens.set("dop_v1_one", { scopes, email: "one@example.com" });
  await world.program(connected("dop_v1_one", value));
  const preview = await world.preview("--diff");
  expect(preview.text).not.toContain("dop_v1_one");
  const created = await callsOf(world, () => world.up());
  const proof = { "GET /v2/apps": 1, "GET /v2/account": 1, "POST /v2/apps/{app_id}/rollback/validate": 1 };
  expect(created).toEqual({ ...proof, "GET /v2/apps/{id}": 2, "PUT /v2/apps/{id}": 1 });
  const outputs = await world.pulumi("stack", "output");
  expect(outputs.stdout).toMatch(/account\s+one@example.com/);
  expect(outputs.stdout).toMatch(/hash\s+\[secret\]/);

  world.cloud.tokens.set("dop_v1_two", { scopes, email: "two@example.com" });
  await world.program(connected("dop_v1_two", value));
  const rotation = await world.preview("--diff");
  expect(rotation.text).toMatch(/~ credentialsHash\s*: \[secret\] => \[secret\]/);
  expect(rotation.text).not.toMatch(/dop_v1_/);
  const rotated = await callsOf(world, () => world.up());
  expect(rotated).toMatchObject({ "GET /v2/apps": 1 });
  expect(rotated["PUT /v2/apps/{id}"]).toBeUndefined();

  world.cloud.tokens.delete("dop_v1_one");
  const state = await exportState(world);
  expect(JSON.stringify(state)).not.toContain("dop_v1_one");
  const connection = state.find(({ type }) => type.endsWith("Connection"));
  expect(JSON.stringify(connection)).not.toContain("dop_v1_two");
  const encrypted = await world.pulumi("stack", "export");
  expect(encrypted.stdout).not.toContain("dop_v1_two");
  succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
  expect(valuesAt(world, appId)).toEqual({});
});

test("a refused token fails at the connection, and its sync is not tried", async () => {
  await openShop();
  await world.program(connected(world.secret("token"), world.secret("value")));
  const preview = await world.pulumi("preview");
  expect(preview.code).not.toBe(0);
  expect(preview.text).toMatch(/http\.unauthorized/);
  world.cloud.resetCounts();
  const up = await world.pulumi("up", "--yes", "--skip-preview");
  expect(up.code).not.toBe(0);
  expect(up.text).toMatch(/Connection.*ocean[\s\S]*http\.unauthorized/);
  expect(world.cloud.counts()).toEqual({ "GET /v2/apps": 1 });
  expect(await exportState(world)).toEqual([]);
});

test("the token of the stack's configuration is used and is no property of the sync", async () => {
  await openShop();
  const token = world.secret("configured");
  world.cloud.tokens.set(token, { scopes: ["app:read", "app:update"] });
  succeed(await world.pulumi("config", "set", "--secret", "digitalocean:token", token));
  const value = world.secret("value");
  await world.program(`
    new SecretSync("web", {
      source: { type: "inline", values: { A: ${JSON.stringify(value)} } },
      destination: { type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)} },
    });
  `);
  await world.up();
  expect(valuesAt(world, appId)).toEqual({ A: value });
  // Not with secrets shown: Pulumi keeps its own copy of the whole stack configuration in state.
  succeed(await world.pulumi("stack", "export"));
  succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
  expect(valuesAt(world, appId)).toEqual({});
});

test("a revoked token is told by refresh, and does not stand in the way of the up that brings the new one", async () => {
  await openShop();
  const value = world.secret("value");
  world.cloud.tokens.set("dop_v1_old", { scopes });
  await world.program(connected("dop_v1_old", value));
  await world.up();
  world.cloud.tokens.delete("dop_v1_old");
  const refreshed = await world.pulumi("refresh", "--yes", "--skip-preview");
  expect(refreshed.text).toMatch(/destination could not be read[\s\S]*does not accept the token/);
  succeed(refreshed);
  const withProgram = await world.pulumi("refresh", "--yes", "--skip-preview", "--run-program");
  expect(withProgram.text).toMatch(/does not accept the token/);
  world.cloud.tokens.set("dop_v1_new", { scopes });
  world.cloud.editConsole(appId, (spec) => void (spec.envs = []));
  world.cloud.settle(appId);
  await world.program(connected("dop_v1_new", value));
  await world.up("--refresh");
  expect(valuesAt(world, appId)).toEqual({ A: value });
});

test("a connection cannot be deleted while a sync uses it", async () => {
  await openShop();
  const value = world.secret("value");
  world.cloud.tokens.set("dop_v1_one", { scopes });
  await world.program(connected("dop_v1_one", value));
  await world.up();
  const urn = (await exportState(world)).find(({ type }) => type.endsWith("Connection"))?.urn ?? "";
  const alone = await world.pulumi("destroy", "--yes", "--skip-preview", "--target", urn);
  expect(alone.code).not.toBe(0);
  expect(alone.text).toMatch(/SecretSync::web.*depend|depend.*SecretSync::web|target-dependents/s);
  expect(await exportState(world)).toHaveLength(2);
  expect(valuesAt(world, appId)).toEqual({ A: value });
});
