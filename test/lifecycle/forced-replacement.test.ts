// A replacement that somebody else asks for: the new resource goes on with what its own URN owned at the same target.

import { describe, expect, test } from "vitest";
import type { ResourceOptions } from "./engine.js";
import { openStack, puts, said, sync, urnOf, valuesAt } from "./stack.js";

async function created() {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({
    name: "shop",
    envs: [{ key: "FOREIGN", value: "theirs" }],
    services: [{ name: "web" }],
  });
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  const declare = (given: object, options: ResourceOptions = {}, rest: object = {}) => [
    { ...sync("web", given, { destination: { appId }, ...rest }), options },
  ];
  expect((await stack.up(declare(values))).problems).toBe("");
  const ciphertexts = () => (stack.cloud.app(appId).spec.envs ?? []).map(({ key, value }) => `${key}=${value ?? ""}`);
  return { stack, appId, values, declare, ciphertexts };
}

const ways: Array<[string, ResourceOptions]> = [
  ["--replace and a taint", { replace: "targeted" }],
  ["replacementTrigger", { replace: "triggered" }],
  ["--replace with deleteBeforeReplace", { replace: "targeted", deleteBeforeReplace: true }],
  ["replacementTrigger with deleteBeforeReplace", { replace: "triggered", deleteBeforeReplace: true }],
];

describe.each(ways)("%s", (_, options) => {
  test("writes nothing, announces nothing, and the destroy afterwards removes everything that is ours", async () => {
    const { stack, appId, values, declare, ciphertexts } = await created();
    const before = ciphertexts();
    const preview = await stack.preview(declare(values, options));
    expect([preview.problems, said(preview), preview.steps[0]?.op]).toEqual(["", "", "replace"]);
    const run = await stack.up(declare(values, options));
    expect([run.problems, puts(run)]).toEqual(["", 0]);
    expect(ciphertexts()).toEqual(before);
    expect((await stack.preview(declare(values))).steps.map(({ op }) => op)).toEqual(["same"]);
    expect((await stack.up(declare(values, options))).problems).toBe("");
    expect((await stack.destroy()).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "theirs" });
  });

  test.for([true, ["FOREIGN"]])(
    "what it had adopted (%j) is not adopted again, and given back by a destroy",
    async (adoptExisting) => {
      const { stack, appId, values, declare } = await created();
      const all = { ...values, FOREIGN: "ours" };
      const rest = { syncOptions: { adoptExisting } };
      const named = { ...rest, syncOptions: { adoptExisting: ["FOREIGN"] } };
      expect((await stack.up(declare(all, {}, named))).problems).toBe("");
      const preview = await stack.preview(declare(all, options, rest));
      expect([preview.problems, said(preview), preview.steps[0]?.op]).toEqual(["", "", "replace"]);
      const run = await stack.up(declare(all, options, rest));
      expect([run.problems, puts(run)]).toEqual(["", 0]);
      expect((await stack.destroy()).problems).toBe("");
      expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "theirs" });
    },
  );

  test("a changed value and a key that left the source go with it, in one write", async () => {
    const { stack, appId, declare } = await created();
    const changed = { A: stack.secret("other") };
    const preview = await stack.preview(declare(changed, options));
    expect(preview.problems).toBe("");
    expect(said(preview)).toMatch(/~ app\/A: new value[^]*- app\/B/);
    const run = await stack.up(declare(changed, options));
    expect([run.problems, valuesAt(stack, appId)]).toEqual(["", { ...changed, FOREIGN: "theirs" }]);
    expect((await stack.up(declare(changed))).steps.map(({ op }) => op)).toEqual(["same"]);
  });

  test("what somebody changed meanwhile is drift, and repaired", async () => {
    const { stack, appId, values, declare } = await created();
    stack.cloud.editConsole(appId, (spec) => (spec.envs = (spec.envs ?? []).filter(({ key }) => key !== "B")));
    stack.cloud.settle(appId);
    expect(said(await stack.preview(declare(values, options)))).toMatch(/\+ app\/B .*gone from the destination/);
    expect(puts(await stack.up(declare(values, options)))).toBe(1);
    expect(valuesAt(stack, appId)).toEqual({ ...values, FOREIGN: "theirs" });
  });

  test("what is done on a first run only is not done again", async () => {
    const { stack, appId, values, declare } = await created();
    const rest = { syncOptions: { initialSyncBehavior: "overwrite-destination" } };
    expect(said(await stack.preview(declare(values, options, rest)))).not.toMatch(/FOREIGN/);
    await stack.up(declare(values, options, rest));
    expect(valuesAt(stack, appId)).toEqual({ ...values, FOREIGN: "theirs" });
  });

  test("a disabled sync keeps what it owns", async () => {
    const { stack, appId, values, declare } = await created();
    const run = await stack.up(declare(values, options, { isEnabled: false }));
    expect([run.problems, puts(run)]).toEqual(["", 0]);
    expect(valuesAt(stack, appId)).toEqual({ ...values, FOREIGN: "theirs" });
    expect((await stack.up(declare(values))).problems).toBe("");
    await stack.destroy();
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "theirs" });
  });
});

test("where nobody can look into state, a forced replacement is refused, and nothing is lost", async () => {
  const { stack, appId, values, declare } = await created();
  stack.isReadable = false;
  for (const kind of ["preview", "up"] as const)
    expect((await stack[kind](declare(values, { replace: "targeted" }))).problems).toMatch(/conflict\.exists/);
  expect(valuesAt(stack, appId)).toEqual({ ...values, FOREIGN: "theirs" });
  expect((await stack.up(declare(values))).steps.map(({ op }) => op)).toEqual(["same"]);
});

test("another sync at the same target inherits nothing", async () => {
  const { stack, values, declare } = await created();
  const [web] = declare(values);
  const other = web && [web, { ...web, name: "other" }];
  expect((await stack.preview(other ?? [])).problems).toMatch(/conflict\./);
  expect(stack.state.has(urnOf("secret-sync", "other"))).toBe(false);
});
