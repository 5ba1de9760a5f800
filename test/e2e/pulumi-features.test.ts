// Pulumi's own features around a sync, on the real engine: each does what it does for every resource, and none writes without need.

import { afterAll, beforeAll, expect, test } from "vitest";
import { exportState, valuesAt } from "./evidence.js";
import { openWorld, succeed, type World } from "./harness.js";

let world: World;
let appId: string;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
});
afterAll(() => world.close());

const declare = ({ values = `new pulumi.Config().requireSecretObject("values")`, options = "{}" } = {}) =>
  world.program(`
    const destination = { type: "digital-ocean-app-platform", appId: "${appId}" };
    new SecretSync("web", { source: { type: "inline", values: ${values} }, destination }, ${options});
  `);
const puts = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;
const urn = "urn:pulumi:test::world::pulumi-nodejs:dynamic/secret-sync:SecretSync::web";

test("config set --path: an object of the configuration is a map of values", async () => {
  // No canary: Pulumi's own default provider keeps a copy of the configuration in state.
  const values = { A: "text-a", B: "text-b" };
  succeed(await world.pulumi("config", "set", "--path", "values.A", values.A));
  succeed(await world.pulumi("config", "set", "--path", "--secret", "values.B", values.B));
  succeed(await world.pulumi("stack", "tag", "set", "team", "shop"));
  await declare();
  await world.up();
  expect([valuesAt(world, appId), puts()]).toEqual([values, 1]);
});

test("an alias by type, and a snapshot that state repair has mended, lead to the same sync", async () => {
  const state = succeed(await world.pulumi("stack", "export")).stdout;
  const broken = JSON.parse(state.replaceAll("secret-sync:SecretSync", "secret-sync:OldSync")) as {
    deployment: { resources: Array<{ type: string; parent?: string }> };
  };
  for (const one of broken.deployment.resources)
    if (one.type.endsWith(":OldSync")) one.parent = "urn:pulumi:test::world::a:b:C::gone";
  await world.write("state.json", JSON.stringify(broken));
  await world.pulumi("stack", "import", "--force", "--file", "state.json");
  succeed(await world.pulumi("state", "repair", "--yes"));
  await declare({ options: `{ aliases: [{ type: "pulumi-nodejs:dynamic/secret-sync:OldSync" }] }` });
  expect((await world.up()).text).toContain("2 unchanged");
  expect((await exportState(world)).map((one) => one.urn)).toEqual([urn]);
  expect(puts()).toBe(1);
});

test("customTimeouts.update ends the wait for a deployment, and the next run follows it", async () => {
  world.cloud.holdDeployments();
  const values = `{ A: "other", B: "other" }`;
  await declare({ values, options: `{ customTimeouts: { update: "2s" } }` });
  const { code, text } = await world.pulumi("up", "--yes", "--skip-preview");
  expect(code).not.toBe(0);
  expect(text).toMatch(/deployment\.timeout: .* did not end within 2 seconds/);
  world.cloud.release();
  const followed = await world.up();
  expect(followed.text).toContain("web updated");
  expect(puts()).toBe(2);
});

test("a file that is completed after it was read is not written in part", async () => {
  await world.write("part.env", "PART=cu");
  await world.program(`
    const destination = { type: "digital-ocean-app-platform", appId: "${appId}" };
    new SecretSync("part", { source: { type: "file", path: "part.env" }, destination });
  `);
  // A new sync looks at its target when it has read its sources.
  const end = world.cloud.onRequest({ method: "GET" }, () => world.write("part.env", "PART=complete\n"));
  const { code, text } = await world.pulumi(
    "up",
    "--yes",
    "--skip-preview",
    "--target",
    urn.replace("::web", "::part"),
  );
  end();
  expect(code).not.toBe(0);
  expect(text).toContain(
    'source.changed: file source "part.env" changed after it was looked at, and nothing was written',
  );
  expect(puts()).toBe(2);
});

test("pulumi import is refused before anything is read or written; troubleshooting quotes its words", async () => {
  const before = await exportState(world);
  const { code, text } = await world.pulumi("import", urn.split("::")[2] ?? "", "other", appId, "--yes");
  expect(code).not.toBe(0);
  expect(text).toContain("code must be a string, not undefined");
  expect([await exportState(world), puts()]).toEqual([before, 2]);
});
