// A sync is replaced in the run that changes its resource option `provider`: the former provider, which has checked nothing, removes what it
// has served.

import { afterAll, beforeAll, expect, test } from "vitest";
import { valuesAt } from "./evidence.js";
import { succeed } from "./harness.js";
import { openPluginWorld, type PluginWorld, syncOf } from "./plugin-world.js";

let world: PluginWorld;
let appId: string;
let values: Record<string, string>;

beforeAll(async () => {
  world = await openPluginWorld();
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  values = { A: world.secret("a"), B: world.secret("b") };
  for (const [key, value] of Object.entries(values))
    succeed(await world.pulumi("config", "set", "--secret", key, value));
  await declare({});
  await world.up();
});
afterAll(() => world.close());

const declare = (options: object) => {
  const properties = { digitaloceanToken: world.cloud.token, digitaloceanApiUrl: world.cloud.url };
  const account = { type: "pulumi:providers:secret-sync", properties };
  const web = syncOf({ A: "${A}", B: "${B}" }, { destination: { appId } });
  return world.declare({ one: account, two: account, web: { ...web, options } });
};
const puts = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;

test.each([
  ["from the default provider to an explicit one", { provider: "${one}" }],
  ["from there to another", { provider: "${two}" }],
])("%s: the keys of a replaced sync stay", async (_, options) => {
  const before = puts();
  await declare(options);
  const run = await world.up("--replace", "urn:pulumi:test::world::secret-sync:index:SecretSync::web");
  expect(run.text).toMatch(/1 replaced/);
  expect(puts()).toBe(before);
  expect(valuesAt(world, appId)).toEqual(values);
});

test("a destroy removes them", async () => {
  succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
  expect(valuesAt(world, appId)).toEqual({});
});
