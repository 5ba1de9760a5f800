// A resource that is renamed with an alias, or moved into a component, and replaced in the same run: its delete still has the old URN.

import { describe, expect, test } from "vitest";
import type { ResourceOptions } from "./engine.js";
import { host } from "./host.js";
import { openStack, type Program, puts, sync, urnOf, valuesAt } from "./stack.js";

interface Declared extends ResourceOptions {
  readonly args?: object;
}

async function created(syncOptions: object = {}) {
  const stack = await openStack();
  const envs = [{ key: "FOREIGN", value: "theirs" }];
  const { id: appId } = stack.cloud.createApp({ name: "shop", envs, services: [{ name: "web" }] });
  const options = { adoptExisting: ["FOREIGN"], ...syncOptions };
  const declare = (name: string, values: object, { args = {}, ...resource }: Declared = {}): Program => [
    { ...sync(name, values, { destination: { appId }, syncOptions: options, ...args }), options: resource },
  ];
  expect((await stack.up(declare("web", both))).problems).toBe("");
  return { stack, appId, declare };
}

const both = { A: "1", B: "2", FOREIGN: "ours" };

// With `--replace` only the program knows what the resource was called, and only a program in TypeScript says so.
const ways = (["triggered", "targeted"] as const)
  .filter((replace) => replace === "triggered" || host.name === "dynamic")
  .flatMap((replace) => [false, true].map((deleteBeforeReplace) => ({ replace, deleteBeforeReplace })));

describe.each(ways)("replaced: %j", (way) => {
  const renamed = { alias: "web", ...way };

  test("it keeps what it owns without a write, and a destroy gives all of it back", async () => {
    const { stack, appId, declare } = await created();
    expect((await stack.preview(declare("api", both, renamed))).problems).toBe("");
    const run = await stack.up(declare("api", both, renamed));
    expect([run.problems, puts(run), valuesAt(stack, appId)]).toEqual(["", 0, both]);
    expect((await stack.up(declare("api", both))).steps.map(({ op }) => op)).toEqual(["same"]);
    expect((await stack.destroy()).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "theirs" });
  });

  test("what is kept by disableSecretDeletion stays", async () => {
    const { stack, appId, declare } = await created({ disableSecretDeletion: true });
    const run = await stack.up(declare("api", { A: "1" }, renamed));
    expect([run.problems, valuesAt(stack, appId)]).toEqual(["", both]);
    expect(stack.outputs("api")["managedKeys"]).toEqual(["A", "B", "FOREIGN"]);
  });

  test("what is kept by disableSecretDeletion stays if the sync is disabled in that run, too", async () => {
    const { stack, appId, declare } = await created({ disableSecretDeletion: true });
    const run = await stack.up(declare("api", { A: "1" }, { ...renamed, args: { isEnabled: false } }));
    expect([run.problems, valuesAt(stack, appId)]).toEqual(["", both]);
    expect((await stack.up(declare("api", { A: "1" }))).problems).toBe("");
    expect([valuesAt(stack, appId), stack.outputs("api")["managedKeys"]]).toEqual([both, ["A", "B", "FOREIGN"]]);
  });

  test("it moves to another app with nothing left behind", async () => {
    const { stack, appId, declare } = await created();
    const { id: other } = stack.cloud.createApp({ name: "other", services: [{ name: "web" }] });
    const destination = { type: "digital-ocean-app-platform", appId: other };
    expect((await stack.up(declare("api", both, { ...renamed, args: { destination } }))).problems).toBe("");
    expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual([{ FOREIGN: "theirs" }, both]);
  });

  test("a sync that is disabled in that run keeps everything", async () => {
    const { stack, appId, declare } = await created();
    const run = await stack.up(declare("api", both, { ...renamed, args: { isEnabled: false } }));
    expect([run.problems, puts(run), valuesAt(stack, appId)]).toEqual(["", 0, both]);
    const on = await stack.up(declare("api", both));
    expect([on.problems, puts(on), valuesAt(stack, appId)]).toEqual(["", 0, both]);
    expect((await stack.destroy()).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "theirs" });
  });
});

test("a sync that only changed its URN, and is disabled and replaced in a later run, keeps everything", async () => {
  const { stack, appId, declare } = await created();
  const name = { name: "any" };
  expect((await stack.up(declare("web", both, { args: name }))).problems).toBe("");
  expect((await stack.up(declare("api", both, { alias: "web", args: name }))).steps.map(({ op }) => op)).toEqual([
    "same",
  ]);
  const run = await stack.up(declare("api", both, { replace: "triggered", args: { ...name, isEnabled: false } }));
  expect([run.problems, puts(run), valuesAt(stack, appId)]).toEqual(["", 0, both]);
});

test("a key that leaves it in that run is removed, even if the run looks into state to take another one over", async () => {
  const { stack, appId, declare } = await created();
  stack.cloud.editConsole(appId, (spec) => void spec.envs?.push({ key: "LATER", value: "theirs" }));
  stack.cloud.settle(appId);
  const args = { syncOptions: { adoptExisting: ["FOREIGN", "LATER"] } };
  const values = { A: "1", FOREIGN: "ours", LATER: "ours" };
  expect((await stack.up(declare("api", values, { alias: "web", args }))).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual(values);
  expect((await stack.destroy()).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "theirs", LATER: "theirs" });
});

test("one that a later run finds pending, under the old URN, leaves everything to a sync that is disabled by then", async () => {
  const { stack, appId, declare } = await created();
  const old = stack.state.get(urnOf("secret-sync", "web"));
  expect((await stack.up(declare("api", both, { alias: "web", replace: "triggered" }))).problems).toBe("");
  const off = declare("api", both, { args: { isEnabled: false } });
  expect((await stack.up(off)).problems).toBe("");
  const [urn, now] = [...stack.state][0] ?? [];
  const [{ inputs: news } = { inputs: {} }] = off.map((one) =>
    host.register(one, { isPreview: false, program: off, parallel: undefined }),
  );
  if (old === undefined || urn === undefined || now === undefined) throw new Error("nothing is recorded");
  const provider = await stack.open();
  const { inputs } = await provider.check(urn, now.inputs, news);
  await provider.diff({ urn, old: now, news: inputs, options: {} });
  await provider.delete(urnOf("secret-sync", "web"), old);
  expect(valuesAt(stack, appId)).toEqual(both);
});

test("a sync that leaves the program is destroyed, even if one that state has beside it names it as an alias", async () => {
  const { stack, appId, declare } = await created({ deletionLimit: 0 });
  expect((await stack.up([...declare("web", both), ...declare("api", { C: "3" })])).problems).toBe("");
  expect((await stack.up(declare("api", { C: "3" }, { alias: "web" }))).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "theirs", C: "3" });
});

test("a sync that was disabled until now, and is enabled at another app, removes its keys at the first", async () => {
  const { stack, appId, declare } = await created();
  const { id: other } = stack.cloud.createApp({ name: "other", services: [{ name: "web" }] });
  expect((await stack.up(declare("web", both, { args: { isEnabled: false } }))).problems).toBe("");
  const destination = { type: "digital-ocean-app-platform", appId: other };
  expect((await stack.up(declare("api", both, { alias: "web", args: { destination } }))).problems).toBe("");
  expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual([{ FOREIGN: "theirs" }, both]);
});
