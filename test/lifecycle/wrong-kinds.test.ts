// The provider's own look at what a program sends: whatever is no map of texts is refused, and nothing is read, written or removed.

import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Properties, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { openStack, sync, urnOf, valuesAt } from "./stack.js";

const canary = "canary-sent-values";

/** Inputs on the wire, as any program may send them. */
const kinds: Array<[string, unknown]> = [
  ["null", null],
  ["a number", 42],
  ["a truth value", false],
  ["a list", []],
  ["a list of texts", [canary]],
  ["an empty text", ""],
  ["a text that is no JSON", canary],
  ["half a JSON text", `{"A":"${canary}`],
  ["a JSON text of null", "null"],
  ["a JSON text of a number", "42"],
  ["a JSON text of a list", `["${canary}"]`],
  ["a JSON text of a text", JSON.stringify(JSON.stringify({ A: canary }))],
];

/** A sync that owns two keys, and the provider's `check` of whatever the program sends next. */
async function shop() {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  await stack.up([sync("web", { A: "a-value", B: "b-value" }, { destination: { appId } })]);
  const provider = await stack.open();
  const check = async (sent: Properties): Promise<string> => {
    const urn = urnOf("secret-sync", "web");
    const { reasons } = await provider.check(urn, stack.state.get(urn)?.inputs ?? {}, {
      __resource: "secret-sync",
      __urn: urn,
      __resourceName: "web",
      __stack: "test",
      __dryRun: true,
      source: [{ type: "inline" }],
      destination: { type: "digital-ocean-app-platform", appId },
      __values: { 0: '{"A":"a-value"}' },
      ...sent,
    });
    return reasons.join("\n");
  };
  return { stack, appId, check };
}

describe("values that are no map of texts", () => {
  test.each<[string, unknown]>([
    ...kinds.map(([name, own]): [string, unknown] => [name, { 0: own }]),
    ["no map at all", {}],
    ["an undefined whole", undefined],
    ["a whole that is null", null],
    ["a whole that is a list", []],
    ["a whole that is a text", canary],
  ])("are refused in previews and updates: %s", async (_, values) => {
    const { check } = await shop();
    for (const __dryRun of [true, false]) {
      const failures = await check({ __dryRun, __values: values });
      expect(failures).toMatch(/argument\.invalid: source\.values: must be a plain object of strings/);
      expect(failures).not.toContain(canary);
    }
  });

  test.each(kinds)("keep a command from being started: %s", async (_, own) => {
    const { stack, check } = await shop();
    const mark = path.join(stack.directory, `started-${process.pid}-${Math.random()}`);
    const command = [process.execPath, "-e", `require("fs").writeFileSync(${JSON.stringify(mark)}, "")`];
    const failures = await check({ source: [{ type: "exec", command }], __values: { 0: own } });
    expect(failures).toMatch(/argument\.invalid: source\.env: must be a plain object/);
    expect(failures).not.toContain(canary);
    expect(existsSync(mark)).toBe(false);
  });

  test("are told with the place of their source, beside everything else that is wrong", async () => {
    const { check } = await shop();
    const source = [{ type: "inline" }, { type: "inline" }];
    const failures = await check({ source, __values: { 0: '{"A":"a"}', 1: null }, isEnabled: "yes" });
    expect(failures).toMatch(/source\[1\]\.values: must be/);
    expect(failures).toMatch(/isEnabled: must be true or false/);
  });

  test("are something else than no environment, which a command may do without", async () => {
    const { check } = await shop();
    const script = "console.log(JSON.stringify({ A: 'a-value', B: 'b-value' }))";
    const source = [{ type: "exec", command: [process.execPath, "-e", script] }];
    expect(await check({ source, __values: {} })).toBe("");
    expect(await check({ source, __values: undefined })).toBe("");
  });

  test("are something else than a map without keys, which removes what left it within the limit", async () => {
    const { check } = await shop();
    expect(await check({ __values: { 0: '{"A":"a-value"}' } })).toBe("");
    expect(await check({ __values: { 0: "{}" }, syncOptions: { deletionLimit: 2 } })).toBe("");
  });
});

test("connections of sources that are not known yet, all at once, are no mistake", async () => {
  const { check } = await shop();
  expect(await check({ __authorities: unknownValue })).toBe("");
});

describe("other arguments that failed to parse are refused", () => {
  const inline = { type: "inline" };
  test.each<[string, Properties, RegExp]>([
    ["a list without a source", { source: [] }, /source: must hold at least one source/],
    ["a source that is null", { source: null }, /argument\.invalid: source/],
    ["options that are null", { syncOptions: null }, /syncOptions: must be an object/],
    ["options that are a text", { syncOptions: "{}" }, /syncOptions: must be an object/],
    ["options that are a list", { syncOptions: [] }, /syncOptions: must be an object/],
    ["an empty list of globs", { source: [{ ...inline, include: [] }] }, /include: must hold at least one pattern/],
    ["globs that are an object", { source: [{ ...inline, include: {} }] }, /include: must be a list, not an object/],
    ["globs that are a text", { source: [{ ...inline, include: "A" }] }, /include: must be a list; put .* in brackets/],
    ["globs that are null", { source: [{ ...inline, include: null }] }, /include: must be a list, not null/],
    ["globs that are a number", { source: [{ ...inline, include: 1 }] }, /include: must be a list, not a number/],
    ["a connection that is null", { __authority: null }, /destination\.connection: must be an object/],
    ["a connection that is a text", { __authority: canary }, /destination\.connection: must be an object/],
  ])("%s", async (_, sent, message) => {
    const { check } = await shop();
    const failures = await check(sent);
    expect(failures).toMatch(message);
    expect(failures).not.toContain(canary);
  });
});

describe("an app that is answered with", () => {
  const answers: Array<[string, (app: Properties) => unknown]> = [
    ["variables that are an object", (spec) => ({ ...spec, envs: {} })],
    ["variables that are a text", (spec) => ({ ...spec, envs: "" })],
    ["a variable without a key", (spec) => ({ ...spec, envs: [{ value: "a" }] })],
    ["components that are an object", (spec) => ({ ...spec, services: {} })],
    ["a component that is a text", (spec) => ({ ...spec, services: ["web"] })],
    ["a component whose variables are an object", (spec) => ({ ...spec, workers: [{ name: "w", envs: {} }] })],
  ];
  test.each(answers)("%s is not an app without them", async (_, change) => {
    const { stack, appId } = await shop();
    const spec = change(structuredClone(stack.cloud.app(appId).spec));
    const body = JSON.stringify({ app: { id: appId, spec } });
    stack.cloud.faults.add({ match: { method: "GET", path: /apps\/[\w-]+$/, times: Infinity }, status: 200, body });
    const run = await stack.up([sync("web", { A: "a-value", B: "b-value" }, { destination: { appId } })]);
    expect(run.problems).toMatch(/http\.malformed/);
    stack.cloud.faults.clear();
    expect(valuesAt(stack, appId)).toEqual({ A: "a-value", B: "b-value" });
  });

  test.each([
    ["nothing at all", "{}"],
    ["null in place of the list", '{"apps":null}'],
    ["fewer apps than it counts", '{"apps":[],"meta":{"total":1}}'],
  ])("a list of %s is not a list without it: a refresh forgets nothing", async (_, body) => {
    const stack = await openStack();
    stack.cloud.createApp({ name: "shop" });
    const program = [sync("web", { A: "a-value" }, { destination: { appName: "shop" } })];
    await stack.up(program);
    stack.cloud.faults.add({ match: { method: "GET", path: /apps$/, times: Infinity }, status: 200, body });
    expect((await stack.preview(program)).problems).toMatch(/http\.malformed/);
    expect((await stack.refresh()).problems).not.toMatch(/not_found/);
    expect(stack.state.size).toBe(1);
  });
});
