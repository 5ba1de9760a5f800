// A sync that moves to another app is replaced; one that only changes its name keeps its keys.

import { afterAll, beforeAll, expect, test } from "vitest";
import { exportState, previewJson, valuesAt } from "./evidence.js";
import { openWorld, type World } from "./harness.js";

let world: World;
let one: string;
let two: string;
let value: string;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  one = world.cloud.createApp({ name: "one", services: [{ name: "web" }] }).id;
  two = world.cloud.createApp({ name: "two", services: [{ name: "web" }] }).id;
  value = world.secret("value");
});
afterAll(() => world.close());

interface Declared {
  readonly name?: string;
  readonly address: string;
  readonly rest?: string;
  readonly options?: string;
}

const declare = ({ name = "web", address, rest = "", options = "{}" }: Declared) =>
  world.program(`
    new SecretSync(${JSON.stringify(name)}, {
      source: { type: "inline", values: { A: ${JSON.stringify(value)} } },
      destination: { type: "digital-ocean-app-platform", ${address} },
      ${rest}
    }, ${options});
  `);

const puts = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;
const ops = async () => (await previewJson(world)).steps.map(({ op }) => op);

test("another app: created there, then removed here", async () => {
  await declare({ address: `appId: "${one}"` });
  await world.up();
  await declare({ address: `appId: "${two}"` });
  expect(await ops()).toEqual(["replace"]);
  const { stdout } = await world.preview("--suppress-progress");
  expect(stdout.split("Diagnostics:")[1]?.match(/\+ app\/A/g)).toHaveLength(1);
  await world.up();
  expect(valuesAt(world, one)).toEqual({});
  expect(valuesAt(world, two)).toEqual({ A: value });
  expect((await exportState(world)).map(({ outputs }) => outputs["targetId"])).toEqual([two]);
});

test("the same app by its name: an update without a write", async () => {
  const before = puts();
  await declare({ address: 'appName: "two"' });
  expect(await ops()).toEqual(["update"]);
  await world.up();
  expect(puts()).toBe(before);
});

test("another name with an alias: nothing is written", async () => {
  const before = puts();
  await declare({ name: "site", address: 'appName: "two"', options: '{ aliases: [{ name: "web" }] }' });
  const preview = await ops();
  expect(preview).not.toContain("create");
  expect(preview).not.toContain("delete");
  await world.up();
  expect(puts()).toBe(before);
  expect(valuesAt(world, two)).toEqual({ A: value });
});

test.each([
  ["replacementTrigger", "two", []],
  ["--replace", "one", ["--replace", "**::page"]],
])(
  "another name with an alias, in a run that also replaces (%s) and disables the sync: its keys stay, and stay its own",
  async (_, trigger, flags) => {
    const sync = { address: 'appName: "two"' };
    await declare({ ...sync, name: "site", options: '{ replacementTrigger: "one", aliases: [{ name: "page" }] }' });
    await world.up();
    const before = puts();
    const options = `{ replacementTrigger: "${trigger}", aliases: [{ name: "site" }] }`;
    await declare({ ...sync, name: "page", options, rest: "isEnabled: false," });
    expect((await world.up(...flags)).text).toMatch(/1 replaced/);
    await declare({ ...sync, name: "page", options });
    await world.up();
    expect([puts(), valuesAt(world, two)]).toEqual([before, { A: value }]);
  },
);

test("another name without an alias: a conflict; with adoptExisting nothing is lost, and a destroy removes what we wrote", async () => {
  await declare({ name: "other", address: 'appName: "two"' });
  const refused = await world.pulumi("preview");
  expect(refused.text).toMatch(/conflict\.exists: app\/A .*adoptExisting/);
  await declare({ name: "other", address: 'appName: "two"', rest: 'syncOptions: { adoptExisting: ["A"] },' });
  await world.up();
  expect(valuesAt(world, two)).toEqual({ A: value });
  expect((await exportState(world)).map(({ urn }) => urn.split("::").at(-1))).toEqual(["other"]);
  expect((await world.pulumi("destroy", "--yes", "--skip-preview")).code).toBe(0);
  expect(valuesAt(world, two)).toEqual({});
});
