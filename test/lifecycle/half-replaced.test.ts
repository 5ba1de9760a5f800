// A sync that is deleted before its replacement is made, and a replacement that is refused: what the old one owned stays owned.

import { describe, expect, test } from "vitest";
import type { ResourceOptions } from "./engine.js";
import { openStack, type Program, puts, type Stack, sync, urnOf, valuesAt } from "./stack.js";

const urn = urnOf("secret-sync", "web");

async function created() {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({
    name: "shop",
    envs: [{ key: "FOREIGN", value: "theirs" }],
    services: [{ name: "web" }],
  });
  const declare = (values: object, options: ResourceOptions = {}, destination: object = {}): Program => [
    {
      ...sync("web", values, {
        destination: { appId, ...destination },
        syncOptions: { adoptExisting: ["FOREIGN"] },
      }),
      options,
    },
  ];
  expect((await stack.up(declare(before))).problems).toBe("");
  return { stack, appId, declare };
}

const before = { A: "1", B: "2", FOREIGN: "ours" };
const after = { ...before, A: "new" };

function refuseWrite({ cloud }: Stack): void {
  cloud.faults.add({ match: { method: "PUT" }, status: 400, body: { id: "bad", message: "no" } });
}

describe.each(["targeted", "triggered"] as const)("%s", (replace) => {
  async function refused() {
    const world = await created();
    const { stack, declare } = world;
    refuseWrite(stack);
    const run = await stack.up(declare(after, { replace, deleteBeforeReplace: true }));
    expect(run.problems).toMatch(/destination\.rejected/);
    stack.cloud.faults.clear();
    return world;
  }

  test("its keys go, and what it adopted is given back, if the sync then leaves the program", async () => {
    const { stack, appId } = await refused();
    expect((await stack.up([])).problems).toBe("");
    expect([valuesAt(stack, appId), stack.state.size]).toEqual([{ FOREIGN: "theirs" }, 0]);
  });

  test("the next update writes what is new, and goes on with all that it owned", async () => {
    const { stack, appId, declare } = await refused();
    const run = await stack.up(declare(after));
    expect([run.problems, puts(run), valuesAt(stack, appId)]).toEqual(["", 1, after]);
    expect((await stack.up(declare(after))).steps.map(({ op }) => op)).toEqual(["same"]);
    expect((await stack.destroy()).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "theirs" });
  });

  test("its keys go if the sync then moves to another app", async () => {
    const { stack, appId, declare } = await refused();
    const { id: other } = stack.cloud.createApp({ name: "other", services: [{ name: "web" }] });
    expect((await stack.up(declare(after, {}, { appId: other }))).problems).toBe("");
    expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual([{ FOREIGN: "theirs" }, after]);
  });
});

test("the same if an earlier run ended between the two", async () => {
  const { stack, appId, declare } = await created();
  const old = stack.state.get(urn);
  if (old !== undefined) stack.state.set(urn, { ...old, isRemoved: true });
  refuseWrite(stack);
  expect((await stack.up(declare(after))).problems).toMatch(/destination\.rejected/);
  expect((await stack.up([])).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "theirs" });
});

test("a move that removes its keys first, and is refused at the other app, leaves nothing to own", async () => {
  const { stack, appId, declare } = await created();
  const { id: other } = stack.cloud.createApp({ name: "other", services: [{ name: "web" }] });
  stack.cloud.faults.add({ match: { method: "PUT", nth: 2 }, status: 400, body: { id: "bad", message: "no" } });
  const run = await stack.up(declare(after, { deleteBeforeReplace: true }, { appId: other }));
  expect(run.problems).toMatch(/destination\.rejected/);
  expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual([{ FOREIGN: "theirs" }, {}]);
  expect((await stack.up([])).problems).toBe("");
});
