// Our own earlier writes, whose deployments failed, are no other writer: nothing of them comes back, and no key of them is a stranger's.

import { describe, expect, test } from "vitest";
import { puts } from "../lifecycle/stack.js";
import { expectDone, expectQuiet, moments, openSynced, release, theirsAnd, untouched } from "./scene.js";

const ends = ["ERROR", "ROLLED_BACK", "CANCELED"] as const;
const afterOne = { ...untouched, tag: "v2", theirs: theirsAnd("THEIRS_V2") };

describe("a key that we removed while builds failed", () => {
  test.each(ends)(
    "does not come back with the next value of another key, and survives no destroy (%s)",
    async (end) => {
      const shop = await openSynced({ RETIRED: "one", KEY: "one" });
      await shop.up({ KEY: "one" }, { end });
      const run = await shop.up({ KEY: "two" }, { end });
      expect(puts(run)).toBe(1);
      expect(shop.ours()).toEqual({ KEY: "two" });
      expect(shop.stack.outputs("shop")["managedKeys"]).toEqual(["KEY"]);
      expectDone(shop, await shop.destroy(), { writes: 1, ours: {} });
      expect(shop.facts()).toEqual(untouched);
      expect(shop.stack.state.size).toBe(0);
    },
  );

  test.each(moments)("does not come back when an image comes $when and ends $ending", async ({ at, ending }) => {
    const shop = await openSynced({ RETIRED: "one", KEY: "one" });
    await shop.up({ KEY: "one" }, { end: "ERROR" });
    await shop.up({ KEY: "two" }, { end: "ERROR", race: { at, act: () => shop.store(release("v2"), ending) } });
    expect(shop.ours()).toEqual({ KEY: "two" });
    expect(shop.facts()).toEqual(afterOne);
    expectDone(shop, await shop.destroy(), { writes: 1, ours: {} });
    expect(shop.facts()).toEqual(afterOne);
  });

  test.each(moments)("is gone after a destroy that meets an image $when ($ending)", async ({ at, ending }) => {
    const shop = await openSynced({ RETIRED: "one", KEY: "one" });
    await shop.up({ KEY: "one" }, { end: "ERROR" });
    await shop.up({ KEY: "two" }, { end: "ERROR" });
    const run = await shop.destroy({ race: { at, act: () => shop.store(release("v2"), ending) } });
    expectDone(shop, run, { writes: 2, ours: {} });
    expect(shop.facts()).toEqual(afterOne);
  });
});

describe("a key that we added, removed and add again while builds fail", () => {
  test.each(ends)("is ours, and costs one write (%s)", async (end) => {
    const shop = await openSynced();
    await shop.up({ KEY: "one", NEW: "one" }, { end });
    await shop.up({ KEY: "one" }, { end });
    const run = await shop.up({ KEY: "one", NEW: "two" });
    expectDone(shop, run, { writes: 1, ours: { KEY: "one", NEW: "two" } });
    expect(shop.stack.outputs("shop")["managedKeys"]).toEqual(["KEY", "NEW"]);
    await expectQuiet(shop, { KEY: "one", NEW: "two" });
  });

  test.each(moments)("is ours when an image comes $when and ends $ending", async ({ at, ending }) => {
    const shop = await openSynced();
    await shop.up({ KEY: "one", NEW: "one" }, { end: "ERROR" });
    await shop.up({ KEY: "one" }, { end: "ERROR" });
    const race = { at, act: () => shop.store(release("v2"), ending) };
    const run = await shop.up({ KEY: "one", NEW: "two" }, { race });
    expectDone(shop, run, { writes: 2, ours: { KEY: "one", NEW: "two" } });
    expect(shop.facts()).toEqual(afterOne);
    await expectQuiet(shop, { KEY: "one", NEW: "two" });
  });

  test("is somebody else's when they add it between our look and our write", async () => {
    const shop = await openSynced();
    await shop.up({ KEY: "one", NEW: "one" }, { end: "ERROR" });
    await shop.up({ KEY: "one" }, { end: "ERROR" });
    const add = () => shop.store((spec) => void spec.envs?.push({ key: "NEW", value: "by hand", scope: "RUN_TIME" }));
    const run = await shop.up({ KEY: "one", NEW: "two" }, { race: { at: "write", act: add } });
    expect(run.problems).toMatch(/conflict\.exists: app\/NEW/);
    expect(shop.cloud.app(shop.appId).spec.envs).toContainEqual({ key: "NEW", value: "by hand", scope: "RUN_TIME" });
  });
});

test.each(ends)("values that we wrote one after the other while builds failed leave the last one (%s)", async (end) => {
  const shop = await openSynced();
  await shop.store(release("v2"), "ERROR");
  for (const word of ["two", "three", "four"]) {
    const run = await shop.up({ KEY: word }, { end });
    expect(puts(run)).toBe(1);
    expect(shop.ours()).toEqual({ KEY: word });
  }
  expectDone(shop, await shop.up({ KEY: "four" }), { writes: 1, ours: { KEY: "four" } });
  expect(shop.facts()).toEqual(afterOne);
});

test("a first write whose build failed is no other writer for the one that heals it", async () => {
  const shop = await openSynced();
  await shop.up({ KEY: "two", NEW: "one" }, { end: "ERROR" });
  const run = await shop.up({ KEY: "two", NEW: "one" });
  expectDone(shop, run, { writes: 1, ours: { KEY: "two", NEW: "one" } });
  expect(shop.running()).toEqual({ KEY: "two", NEW: "one" });
});
