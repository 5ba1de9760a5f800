// A forced replacement on the real engine: the app is not touched, and what is ours stays ours.

import { afterAll, beforeAll, expect, test } from "vitest";
import { exportState, valuesAt } from "./evidence.js";
import { openWorld, type World } from "./harness.js";

let world: World;
let appId: string;
let values: Record<string, string>;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  values = { A: world.secret("a"), B: world.secret("b") };
  await declare('{ replacementTrigger: "one" }');
  await world.up();
});
afterAll(() => world.close());

const declare = (options: string) =>
  world.program(`
    new SecretSync("web", {
      source: { type: "inline", values: ${JSON.stringify(values)} },
      destination: { type: "digital-ocean-app-platform", appId: "${appId}" },
    }, ${options});
  `);

const puts = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;
const urn = async () => (await exportState(world)).map((resource) => resource.urn)[0] ?? "";

test.each<[string, string, () => Promise<readonly string[]>]>([
  ["--replace", '{ replacementTrigger: "one" }', async () => ["--replace", await urn()]],
  ["--target-replace", '{ replacementTrigger: "one" }', async () => ["--target-replace", await urn()]],
  [
    "--replace with deleteBeforeReplace",
    '{ replacementTrigger: "one", deleteBeforeReplace: true }',
    async () => ["--replace", await urn()],
  ],
  [
    "state taint",
    '{ replacementTrigger: "one" }',
    async () => {
      expect((await world.pulumi("state", "taint", await urn(), "--yes")).code).toBe(0);
      return [];
    },
  ],
  ["replacementTrigger", '{ replacementTrigger: "two" }', async () => []],
  [
    "replacementTrigger with deleteBeforeReplace",
    '{ replacementTrigger: "three", deleteBeforeReplace: true }',
    async () => [],
  ],
])("%s: replaced without a write", async (_, options, prepare) => {
  await declare(options);
  const before = puts();
  const run = await world.up("--suppress-progress", ...(await prepare()));
  expect(run.text).toMatch(/1 replaced/);
  expect(puts()).toBe(before);
  expect(valuesAt(world, appId)).toEqual(values);
});

test("replaceOnChanges: a changed value is written once", async () => {
  values = { ...values, A: world.secret("other") };
  await declare('{ replacementTrigger: "three", replaceOnChanges: ["keys"] }');
  const before = puts();
  expect((await world.previewAndUp("--suppress-progress")).text).toMatch(/1 replaced/);
  expect(puts()).toBe(before + 1);
  expect(valuesAt(world, appId)).toEqual(values);
});

test.each(["{}", "{ deleteBeforeReplace: true }"])(
  "--replace with %s is refused where the source has other keys only, and nothing is removed",
  async (options) => {
    const owned = values;
    values = { X: world.secret("x") };
    await declare(options);
    values = owned;
    const before = puts();
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, text } = await world.pulumi(...command, "--replace", await urn());
      expect([code === 0, text]).toEqual([false, expect.stringContaining("deletion.limit: 2 of 2 keys")]);
    }
    expect([puts(), valuesAt(world, appId)]).toEqual([before, owned]);
    await declare(options);
    expect((await world.up()).text).not.toMatch(/added|removed/);
    expect(valuesAt(world, appId)).toEqual(owned);
  },
);

test("with deleteBeforeReplace and a refused write it stays in state, and leaves the program with both keys", async () => {
  await declare('{ replacementTrigger: "four", deleteBeforeReplace: true }');
  await world.up();
  values = { ...values, A: world.secret("refused") };
  await declare('{ replacementTrigger: "five", deleteBeforeReplace: true }');
  world.cloud.faults.add({ match: { method: "PUT" }, status: 400, body: { id: "bad", message: "no" } });
  const { code, text } = await world.pulumi("up", "--yes", "--skip-preview");
  expect([code === 0, text]).toEqual([false, expect.stringMatching(/deleted original[^]*destination\.rejected/)]);
  expect(await exportState(world)).toMatchObject([
    { outputs: { managedKeys: ["A", "B"] }, initErrors: [expect.stringContaining("destination.rejected")] },
  ]);
  await world.program("");
  await world.up();
  expect([await exportState(world), valuesAt(world, appId)]).toEqual([[], {}]);
});
