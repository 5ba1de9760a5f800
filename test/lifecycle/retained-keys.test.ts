// Keys that left the source and stay, as `disableSecretDeletion` says: they are known as the sync's own also by runs that look at nothing.

import { expect, test } from "vitest";
import { type Properties, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { host } from "./host.js";
import { openStack, said, type Stack, sync, valuesAt } from "./stack.js";

interface Scene {
  readonly stack: Stack;
  readonly appId: string;
  readonly declare: (values: unknown, more?: Properties) => ReturnType<typeof sync>;
}

const retaining = { syncOptions: { disableSecretDeletion: true } };
const both = { A: "a-value", B: "b-value" };

/** A sync that has written A and B, and keeps B without having it. */
async function retained(): Promise<Scene> {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop" });
  const declare = (values: unknown, more: Properties = {}) =>
    sync("web", values, { destination: { appId }, ...retaining, ...more });
  for (const values of [both, { A: "a-value" }]) expect((await stack.up([declare(values)])).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual(both);
  return { stack, appId, declare };
}

const recorded = (stack: Stack) => stack.resource("web").inputs["retained"];

test("a preview without the values shows no key as no longer kept", async () => {
  const { stack, declare } = await retained();
  const preview = await stack.preview([declare({ A: unknownValue })]);
  expect(preview.steps).toMatchObject([{ op: "update", shown: ["keys.A"] }]);
  const whole = await stack.preview([declare(unknownValue)]);
  expect(whole.steps).toMatchObject([{ op: "update", shown: [host.name === "plugin" ? "keys" : "keys.A"] }]);
});

test("no prune of another sync takes them while the sync is disabled, and they stay kept once it is enabled", async () => {
  const { stack, appId, declare } = await retained();
  const disabled = declare({ A: "a-value" }, { isEnabled: false });
  await stack.up([disabled]);
  expect(recorded(stack)).toEqual(["B"]);
  const pruning = sync(
    "all",
    { C: "c-value" },
    {
      destination: { appId },
      syncOptions: { initialSyncBehavior: "overwrite-destination" },
    },
  );
  expect((await stack.up([disabled, pruning])).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ ...both, C: "c-value" });
  await stack.up([declare({ A: "a-value" }), pruning]);
  expect([recorded(stack), valuesAt(stack, appId)]).toEqual([["B"], { ...both, C: "c-value" }]);
});

test("they are removed, and no longer recorded, once nothing keeps them", async () => {
  const { stack, appId, declare } = await retained();
  await stack.up([declare({ A: "a-value" }, { syncOptions: {} })]);
  expect([recorded(stack), valuesAt(stack, appId)]).toEqual([undefined, { A: "a-value" }]);
});

test("a key that comes back into the source is one of its keys again", async () => {
  const { stack, declare } = await retained();
  const run = await stack.up([declare(both)]);
  expect([run.problems, recorded(stack)]).toEqual(["", undefined]);
});

test.each([true, false])("a sync that keeps nothing records nothing of the kind (enabled: %s)", async (isEnabled) => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop" });
  const declare = (more: Properties) => [sync("web", both, { destination: { appId }, ...retaining, ...more })];
  await stack.up(declare({}));
  await stack.up(declare({ isEnabled, description: "later" }));
  expect(stack.resource("web").inputs).not.toHaveProperty("retained");
});

test("a key that moves leaves its old place, because its old value would hide the new one", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const program = (values: object, destination: object) => [
    sync("web", values, { destination: { appId, ...destination }, ...retaining }),
  ];
  await stack.up(program({ K: "old", L: "left" }, { components: ["web"] }));
  expect((await stack.up(program({ K: "new" }, {}))).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ K: "new" });
  expect(valuesAt(stack, appId, "web")).toEqual({ L: "left" });
});

test.for(["targeted", "triggered"] as const)(
  "no prune of another sync takes them after a forced replacement (%s), whose inputs do not name them",
  async (replace) => {
    const { stack, appId, declare } = await retained();
    const web = declare({ A: "a-value" });
    expect((await stack.up([{ ...web, options: { replace } }])).problems).toBe("");
    const syncOptions = { initialSyncBehavior: "overwrite-destination" };
    const program = [web, sync("all", { C: "c-value" }, { destination: { appId }, syncOptions })];
    expect(said(await stack.preview(program))).not.toMatch(/- app\/B|overwrite-destination removes/);
    expect((await stack.up(program)).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ ...both, C: "c-value" });
  },
);
