// The option `ignoreChanges` on the real engine: what it keeps, takes away and puts back never costs a live key.

import { afterAll, beforeAll, expect, test } from "vitest";
import { previewJson, valuesAt } from "./evidence.js";
import { openWorld, type World } from "./harness.js";

let world: World;
let appId: string;
let values: { A: string; B: string };

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  values = { A: world.secret("a"), B: world.secret("b") };
  await world.write("one.env", "FILE_A=1\n");
});
afterAll(() => world.close());

const declare = (source: string, ignoreChanges: readonly string[] = []) =>
  world.program(`
    const values = ${JSON.stringify(values)};
    new SecretSync("web", {
      source: ${source},
      destination: { type: "digital-ocean-app-platform", appId: "${appId}" },
    }, { ignoreChanges: ${JSON.stringify(ignoreChanges)} });
  `);

const both = '[{ type: "inline", values }]';
const less = '[{ type: "inline", values: { A: values.A } }]';
const ops = async () => (await previewJson(world)).steps.map(({ op }) => op);

test("source: values stay with their source, wherever the list has it", async () => {
  await declare(both);
  await world.up();
  await declare('[{ type: "file", path: "one.env" }, { type: "inline", values }]', ["source"]);
  expect(await ops()).not.toContain("update");
  await world.up();
  expect(valuesAt(world, appId)).toEqual(values);
});

test("source: an inline source that is not declared any more is refused, and nothing is removed", async () => {
  await declare('[{ type: "file", path: "one.env" }]', ["source"]);
  const refused = await world.pulumi("up", "--yes", "--skip-preview");
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain("source.ignored: source: ");
  expect(valuesAt(world, appId)).toEqual(values);
});

test("*: the sync is frozen", async () => {
  await declare(less, ["*"]);
  const { stdout } = await world.preview();
  expect(stdout).toContain("sync web is frozen by ignoreChanges");
  expect(stdout).not.toMatch(/- app\//);
  await world.up();
  expect(valuesAt(world, appId)).toEqual(values);
});

test.each(["keys", "keys.B", "live", "__state", "__values", "__program"])("%s is refused by name", async (name) => {
  await declare(less, [name]);
  const refused = await world.pulumi("up", "--yes", "--skip-preview");
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain("ignored.computed: ignoreChanges names");
  expect(refused.text).not.toMatch(/- app\//);
  expect(valuesAt(world, appId)).toEqual(values);
});

test("afterwards a removal is announced and made", async () => {
  await declare(less);
  expect((await world.preview()).stdout).toMatch(/- app\/B/);
  await world.up();
  expect(valuesAt(world, appId)).toEqual({ A: values.A });
});
