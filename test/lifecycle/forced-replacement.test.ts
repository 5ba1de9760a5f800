// A replacement that somebody else asks for: the new resource goes on with what its own URN owned at the same target.

import { describe, expect, test } from "vitest";
import type { ResourceOptions } from "./engine.js";
import { openStack, type Program, puts, said, sync, urnOf, valuesAt } from "./stack.js";

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

  test("what belongs to the first run is not done again", async () => {
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

  test("a disabled sync still owns its keys afterwards, for the preview that enables it and for a prune", async () => {
    const { stack, appId, values, declare } = await created();
    const off = { isEnabled: false };
    await stack.up(declare(values, options, off));
    const enabled = await stack.preview(declare(values));
    expect([enabled.problems, said(enabled)]).toEqual(["", expect.not.stringMatching(/first sync/)]);
    const syncOptions = { initialSyncBehavior: "overwrite-destination" };
    const pruning = sync("all", { C: "c" }, { destination: { appId }, syncOptions });
    expect((await stack.up([...declare(values, {}, off), pruning])).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ ...values, C: "c" });
    expect((await stack.up([...declare(values), pruning])).problems).toBe("");
  });
});

test("if state cannot be read, a forced replacement is refused, and nothing is lost", async () => {
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

describe.each(ways)("%s of a sync whose source has other keys only", (_, options) => {
  const ten = Object.fromEntries(Array.from("ABCDEFGHIJ", (key) => [key, `value-${key}`]));

  async function createdWith(values: object, syncOptions: object) {
    const stack = await openStack();
    const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    const declare = (given: object, resourceOptions: ResourceOptions = {}, rest: object = {}) => [
      {
        ...sync("web", given, { destination: { appId }, syncOptions: { ...syncOptions, ...rest } }),
        options: resourceOptions,
      },
    ];
    expect((await stack.up(declare(values))).problems).toBe("");
    return { stack, appId, declare };
  }

  test("the deletion limit refuses it in the preview and in the update, before anything is removed", async () => {
    const { stack, appId, declare } = await createdWith(ten, {});
    for (const kind of ["preview", "up"] as const)
      expect((await stack[kind](declare({ X: "1" }, options))).problems).toMatch(/deletion\.limit: 10 of 10 keys/);
    expect(valuesAt(stack, appId)).toEqual(ten);
  });

  test("with a limit that allows it, the preview names every removal, and one write makes them", async () => {
    const { stack, appId, declare } = await createdWith(ten, {});
    const program = declare({ X: "1" }, options, { deletionLimit: 10 });
    expect(said(await stack.preview(program))).toMatch(/1 to add, 10 to remove/);
    const run = await stack.up(program);
    expect([run.problems, puts(run), valuesAt(stack, appId)]).toEqual(["", 1, { X: "1" }]);
    expect(stack.outputs("web")["managedKeys"]).toEqual(["X"]);
  });

  test("disableSecretDeletion keeps every key, also as the sync's own", async () => {
    const { stack, appId, declare } = await createdWith({ A: "1", B: "2" }, { disableSecretDeletion: true });
    expect(said(await stack.preview(declare({ X: "1" }, options)))).toMatch(/1 to add, 2 to retain/);
    expect((await stack.up(declare({ X: "1" }, options))).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ A: "1", B: "2", X: "1" });
    expect(stack.outputs("web")["managedKeys"]).toEqual(["A", "B", "X"]);
  });

  test("a key that is kept already stays kept", async () => {
    const { stack, appId, declare } = await createdWith({ A: "1", B: "2" }, { disableSecretDeletion: true });
    expect((await stack.up(declare({ A: "1" }))).problems).toBe("");
    const run = await stack.up(declare({ A: "1" }, options));
    expect([run.problems, puts(run), valuesAt(stack, appId)]).toEqual(["", 0, { A: "1", B: "2" }]);
    expect(stack.outputs("web")["managedKeys"]).toEqual(["A", "B"]);
  });

  test("if state cannot be read, only the rules of the new one remove anything", async () => {
    const { stack, appId, declare } = await createdWith(ten, {});
    stack.isReadable = false;
    expect((await stack.up(declare({ X: "1" }, options))).problems).toMatch(/deletion\.limit: 10 of 10 keys/);
    expect(valuesAt(stack, appId)).toMatchObject(ten);
  });

  test("if state cannot be read, disableSecretDeletion still keeps them", async () => {
    const { stack, appId, declare } = await createdWith({ A: "1", B: "2" }, { disableSecretDeletion: true });
    stack.isReadable = false;
    expect((await stack.up(declare({ X: "1" }, options))).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ A: "1", B: "2", X: "1" });
  });

  test("one that moves to another app at the same time leaves nothing behind", async () => {
    const { stack, appId } = await createdWith(ten, {});
    const { id: other } = stack.cloud.createApp({
      name: "other",
      services: [{ name: "web" }],
      envs: [{ key: "FOREIGN", value: "theirs" }],
    });
    const moved = [{ ...sync("web", { X: "1" }, { destination: { appId: other } }), options }];
    expect((await stack.up(moved)).problems).toBe("");
    expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual([{}, { FOREIGN: "theirs", X: "1" }]);
  });

  test("a disabled one keeps every key", async () => {
    const { stack, appId, declare } = await createdWith(ten, {});
    const [off] = declare({ X: "1" }, options);
    const run = await stack.up(off === undefined ? [] : [{ ...off, args: { ...off.args, isEnabled: false } }]);
    expect([run.problems, puts(run), valuesAt(stack, appId)]).toEqual(["", 0, ten]);
  });
});

test("state is looked up only when a new sync meets entries that no sync of its program wants", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const [one, two, three] = ["one", "two", "three"].map((name) =>
    sync(name, { [name.toUpperCase()]: "1" }, { destination: { appId } }),
  );
  for (const program of [
    [one, two],
    [one, two, three],
  ] as Program[]) {
    expect((await stack.preview(program)).problems).toBe("");
    expect((await stack.up(program)).problems).toBe("");
  }
  expect(stack.lookUps).toBe(0);
  stack.cloud.editConsole(appId, (spec) => (spec.envs = [...(spec.envs ?? []), { key: "FOREIGN", value: "theirs" }]));
  stack.cloud.settle(appId);
  await stack.preview([one, two, three, sync("four", { FOUR: "1" }, { destination: { appId } })] as Program);
  expect(stack.lookUps).toBe(1);
});
