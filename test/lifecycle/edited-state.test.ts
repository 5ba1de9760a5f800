// Recorded inputs and the outputs' memory of them can part: state is edited, imported, or a change was ignored. What has to be done is
// announced and done all the same.

import { expect, test } from "vitest";
import type { Resource } from "./engine.js";
import { host } from "./host.js";
import { openStack, puts, said, type Stack, sync, urnOf, valuesAt } from "./stack.js";

async function created() {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  const declare = (given: object) => [sync("web", given, { destination: { appId } })];
  expect((await stack.up(declare(values))).problems).toBe("");
  expect((await stack.up(declare(values))).problems).toBe("");
  return { stack, appId, values, declare };
}

const urn = urnOf("secret-sync", "web");

function editState(stack: Stack, edit: (resource: Resource) => Partial<Resource>): void {
  const resource = stack.resource("web");
  stack.state.set(urn, { ...resource, ...edit(resource) });
}

// Skipped with the plugin: it names what differs by itself, so the engine hides nothing of it.
test.skipIf(host.name === "plugin").each([
  ["a removal", ["keys", "__state"], /- app\/B/],
  ["drift", ["live", "__state"], /app\/A.*gone from the destination/],
])("%s that was hidden from the engine is made by the next run", async (what, ignoreCompared, told) => {
  const { stack, appId, values, declare } = await created();
  const { B: _left, ...rest } = values;
  const wanted = what === "drift" ? values : rest;
  if (what === "drift") {
    stack.cloud.editConsole(appId, (spec) => (spec.envs = []));
    stack.cloud.settle(appId);
  }
  const hidden = declare(wanted).map((one) => ({ ...one, options: { ignoreCompared } }));
  expect((await stack.up(hidden)).steps.map(({ op }) => op)).toEqual(["same"]);
  const preview = await stack.preview(declare(wanted));
  expect(preview.steps.map(({ op }) => op)).toEqual(["update"]);
  expect(said(preview)).toMatch(told);
  expect(puts(await stack.up(declare(wanted)))).toBe(1);
  expect(valuesAt(stack, appId)).toEqual(wanted);
  expect((await stack.preview(declare(wanted))).steps.map(({ op }) => op)).toEqual(["same"]);
});

test("inputs of an edited export count as they are: nothing is written, and what is recorded is right afterwards", async () => {
  const { stack, appId, values, declare } = await created();
  editState(stack, ({ inputs }) => ({ inputs: { ...inputs, source: [{ type: "file", path: "other.env" }] } }));
  const run = await stack.up(declare(values));
  expect([run.problems, puts(run)]).toEqual(["", 0]);
  expect(valuesAt(stack, appId)).toEqual(values);
  expect((await stack.preview(declare(values))).steps.map(({ op }) => op)).toEqual(["same"]);
});

test("a sync whose record is lost is never called unchanged: it begins again, and owns nothing that it cannot prove", async () => {
  const { stack, appId, values, declare } = await created();
  editState(stack, ({ outputs: { record: _lost, ...outputs } }) => ({ outputs }));
  for (const kind of ["preview", "up"] as const) {
    const run = await stack[kind](declare(values));
    expect(said(run)).toMatch(/state holds no record of what web wrote/);
    expect(run.problems).toMatch(/conflict\.exists/);
  }
  const [declared] = declare(values);
  const adopting = declared && [
    { ...declared, args: { ...declared.args, syncOptions: { adoptExisting: true, onDestroy: "delete" } } },
  ];
  expect((await stack.up(adopting ?? [])).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual(values);
  expect((await stack.destroy()).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({});
});

test("a destroy without a record says which keys stay", async () => {
  const { stack, appId, values } = await created();
  editState(stack, ({ outputs: { record: _lost, ...outputs } }) => ({ outputs }));
  const run = await stack.destroy();
  expect(said(run)).toMatch(/no record.*2 keys stay at the destination/);
  expect(valuesAt(stack, appId)).toEqual(values);
});

test("a refresh without a record says so and changes nothing, so that an up may refresh first", async () => {
  const { stack } = await created();
  editState(stack, ({ outputs: { record: _lost, ...outputs } }) => ({ outputs }));
  const before = stack.outputs("web");
  const run = await stack.refresh();
  expect(run.problems).toBe("");
  expect(said(run)).toMatch(/no record.*drift is unknown/);
  expect(run.messages.map(({ severity }) => severity)).toEqual(["warning"]);
  expect(stack.outputs("web")).toEqual(before);
});
