// What others deployed before our look is history, however it ended; only what comes after the look can be overwritten.

import { describe, expect, test } from "vitest";
import { puts, said } from "../lifecycle/stack.js";
import {
  expectDone,
  expectQuiet,
  add,
  moments,
  open,
  openSynced,
  release,
  theirsAnd,
  untouched,
  without,
} from "./scene.js";

/** How a build fails. */
const failures = ["ERROR", "ROLLED_BACK"] as const;
const afterTwo = { ...untouched, tag: "v3", theirs: theirsAnd("THEIRS_V2", "THEIRS_V3") };

describe("two image changes that failed before our run", () => {
  test.each(failures)("stay, the newest tag and both variables, at the price of one write (%s)", async (ending) => {
    const shop = await openSynced();
    await shop.store(release("v2"), ending);
    await shop.store(release("v3"), ending);
    expectDone(shop, await shop.up({ KEY: "two" }), { writes: 1, ours: { KEY: "two" } });
    expect(shop.facts()).toEqual(afterTwo);
    await expectQuiet(shop, { KEY: "two" });
  });

  test.each(moments)("stay when the second comes $when and ends $ending", async ({ at, ending }) => {
    const shop = await openSynced();
    await shop.store(release("v2"), "ERROR");
    const run = await shop.up({ KEY: "two" }, { race: { at, act: () => shop.store(release("v3"), ending) } });
    expectDone(shop, run, { writes: 2, ours: { KEY: "two" } });
    expect(shop.facts()).toEqual(afterTwo);
    await expectQuiet(shop, { KEY: "two" });
  });
});

describe("the images of an app that was never live", () => {
  test.each(["ERROR", "CANCELED"] as const)(
    "stay as they were stored last (its first deployment: %s)",
    async (birth) => {
      const shop = await open({ birth });
      await shop.store(release("v2"), "ERROR");
      await shop.store(release("v3"), "ERROR");
      expectDone(shop, await shop.up({ KEY: "one" }), { writes: 1, ours: { KEY: "one" } });
      expect(shop.facts()).toEqual(afterTwo);
      await expectQuiet(shop, { KEY: "one" });
    },
  );

  test.each(moments)("stay when the last comes $when and ends $ending", async ({ at, ending }) => {
    const shop = await open({ birth: "ERROR" });
    await shop.store(release("v2"), "ERROR");
    const run = await shop.up({ KEY: "one" }, { race: { at, act: () => shop.store(release("v3"), ending) } });
    expectDone(shop, run, { writes: 2, ours: { KEY: "one" } });
    expect(shop.facts()).toEqual(afterTwo);
  });
});

describe("what two deployments stored that a person cancelled", () => {
  test("stays at the price of one write", async () => {
    const shop = await openSynced();
    await shop.store(release("v2"), "CANCELED");
    await shop.store(release("v3"), "CANCELED");
    expectDone(shop, await shop.up({ KEY: "two" }), { writes: 1, ours: { KEY: "two" } });
    expect(shop.facts()).toEqual(afterTwo);
    await expectQuiet(shop, { KEY: "two" });
  });

  test.each(moments)("stays when the second comes $when and ends $ending", async ({ at, ending }) => {
    const shop = await openSynced();
    await shop.store(release("v2"), "CANCELED");
    const run = await shop.up({ KEY: "two" }, { race: { at, act: () => shop.store(release("v3"), ending) } });
    expectDone(shop, run, { writes: 2, ours: { KEY: "two" } });
    expect(shop.facts()).toEqual(afterTwo);
  });
});

describe("a variable that somebody deleted while builds failed", () => {
  test.each(failures)("stays deleted (%s)", async (ending) => {
    const shop = await openSynced();
    await shop.store(add("THEIRS_OLD"));
    await shop.store(release("v2"), ending);
    await shop.store(without("THEIRS_OLD"), ending);
    expectDone(shop, await shop.up({ KEY: "two" }), { writes: 1, ours: { KEY: "two" } });
    expect(shop.facts().theirs).toEqual(theirsAnd("THEIRS_V2"));
    await expectQuiet(shop, { KEY: "two" });
  });

  test.each(moments)("stays deleted when that happens $when and ends $ending", async ({ at, ending }) => {
    const shop = await openSynced();
    await shop.store(add("THEIRS_OLD"));
    await shop.store(release("v2"), "ERROR");
    const run = await shop.up({ KEY: "two" }, { race: { at, act: () => shop.store(without("THEIRS_OLD"), ending) } });
    expectDone(shop, run, { writes: 2, ours: { KEY: "two" } });
    expect(shop.facts().theirs).toEqual(theirsAnd("THEIRS_V2"));
  });
});

describe("a new name", () => {
  test("of the app, which starts no deployment, stays after a build that failed under the old one", async () => {
    const shop = await openSynced();
    await shop.store(release("v2"), "ERROR");
    await shop.store((spec) => void (spec.name = "store"));
    expectDone(shop, await shop.up({ KEY: "two" }), { writes: 1, ours: { KEY: "two" } });
    expect(shop.facts()).toMatchObject({ name: "store", tag: "v2" });
    await expectQuiet(shop, { KEY: "two" });
  });

  test.each(failures)("of a component stays after two builds that failed (%s)", async (ending) => {
    const shop = await openSynced();
    await shop.store(release("v2"), ending);
    await shop.store("rename-component", ending);
    expectDone(shop, await shop.up({ KEY: "two" }), { writes: 1, ours: { KEY: "two" } });
    expect(shop.facts()).toMatchObject({ component: "site", tag: "v2" });
  });

  test.each(moments)("of app and component that comes $when and ends $ending stays", async ({ at, ending }) => {
    const shop = await openSynced();
    await shop.store(release("v2"), "ERROR");
    const act = async () => {
      await shop.store("rename-app");
      await shop.store("rename-component", ending);
    };
    expectDone(shop, await shop.up({ KEY: "two" }, { race: { at, act } }), { writes: 2, ours: { KEY: "two" } });
    expect(shop.facts()).toMatchObject({
      name: expect.stringMatching(/^shop-/) as string,
      component: "site",
      tag: "v2",
    });
  });
});

describe("a destroy after builds of others that failed", () => {
  test.each(failures)("takes our keys away and nothing else (%s)", async (ending) => {
    const shop = await openSynced();
    await shop.store(release("v2"), ending);
    await shop.store(release("v3"), ending);
    expectDone(shop, await shop.destroy(), { writes: 1, ours: {} });
    expect(shop.facts()).toEqual(afterTwo);
    expect(shop.stack.state.size).toBe(0);
  });

  test.each(moments)("leaves what comes $when and ends $ending", async ({ at, ending }) => {
    const shop = await openSynced();
    await shop.store(release("v2"), "ERROR");
    const run = await shop.destroy({ race: { at, act: () => shop.store(release("v3"), ending) } });
    expectDone(shop, run, { writes: 2, ours: {} });
    expect(said(run)).toBe("1 removed: shop\n  - app/KEY: removed");
    expect(shop.facts()).toEqual(afterTwo);
  });
});

describe('onFailure: "restore" after builds of others that failed', () => {
  const deployment = { onFailure: "restore" };

  test.each(failures)("puts our entries back and nothing else (%s)", async (end) => {
    const shop = await openSynced();
    await shop.store(release("v2"), end);
    await shop.store(release("v3"), end);
    const run = await shop.up({ KEY: "two" }, { end, deployment });
    expect(run.problems).toMatch(/deployment\.failed: .*restored/);
    expect(puts(run)).toBe(2);
    expect(shop.ours()).toEqual({ KEY: "one" });
    expect(shop.facts()).toEqual(afterTwo);
    expectDone(shop, await shop.up({ KEY: "two" }, { deployment }), { writes: 1, ours: { KEY: "two" } });
  });

  test.each(moments)("leaves what comes $when and ends $ending", async ({ at, ending }) => {
    const shop = await openSynced();
    await shop.store(release("v2"), "ERROR");
    const race = { at, act: () => shop.store(release("v3"), ending) };
    const run = await shop.up({ KEY: "two" }, { end: "ERROR", deployment, race });
    expect(run.problems).toMatch(/deployment\.failed: .*restored/);
    expect(puts(run)).toBeLessThanOrEqual(3);
    expect(shop.ours()).toEqual({ KEY: "one" });
    expect(shop.facts()).toEqual(afterTwo);
  });

  test.each(["ERROR", "CANCELED", "OPEN_ACTIVE"] as const)(
    "leaves what comes right before the entries are put back and ends %s",
    async (ending) => {
      const shop = await openSynced();
      await shop.store(release("v2"), "ERROR");
      const race = { at: "write", nth: 2, act: () => shop.store(release("v3"), ending) } as const;
      const run = await shop.up({ KEY: "two" }, { end: "ERROR", deployment, race });
      expect(run.problems).toMatch(/deployment\.failed: .*restored/);
      expect(puts(run)).toBeLessThanOrEqual(3);
      expect(shop.ours()).toEqual({ KEY: "one" });
      expect(shop.facts()).toEqual(afterTwo);
    },
  );
});
