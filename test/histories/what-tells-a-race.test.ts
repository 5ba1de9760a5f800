// Which deployments speak of another writer, which do not, and what happens where nobody can tell.

import { describe, expect, test } from "vitest";
import { puts, said } from "../lifecycle/stack.js";
import { codesOf, expectNamesDeployments } from "./law.js";
import { add, expectDone, expectQuiet, moments, open, openSynced, release, theirsAnd, untouched } from "./scene.js";
import type { OwnRun, Shop } from "./shop.js";

const spots = [
  { at: "look", when: "right after our look" },
  { at: "write", when: "right before our write" },
] as const;
const afterTwo = { ...untouched, tag: "v3", theirs: theirsAnd("THEIRS_V2", "THEIRS_V3") };

describe("a deployment that stores nothing", () => {
  test.each(moments)("is no other writer: a redeployment $when that ends $ending", async ({ at, ending }) => {
    const shop = await openSynced();
    await shop.store(release("v2"), "ERROR");
    const run = await shop.up({ KEY: "two" }, { race: { at, act: () => shop.redeploy(ending) } });
    expectDone(shop, run, { writes: 1, ours: { KEY: "two" } });
    expect(shop.facts()).toMatchObject({ tag: "v2" });
  });

  test.each(moments)("is no other writer: a restart $when of what ran before ($ending)", async ({ at, ending }) => {
    const shop = await openSynced();
    await shop.store(release("v2"), "ERROR");
    await shop.store(release("v3"), "ERROR");
    const run = await shop.up({ KEY: "two" }, { race: { at, act: () => shop.restart(ending) } });
    expectDone(shop, run, { writes: 1, ours: { KEY: "two" } });
    expect(shop.facts()).toEqual(afterTwo);
  });

  test.each(["OPEN_ERROR", "OPEN_ROLLED_BACK", "OPEN_CANCELED", "OPEN_ACTIVE"] as const)(
    "is no other writer: the end of a deployment that our run waited for (%s)",
    async (ending) => {
      const shop = await openSynced();
      await shop.store(release("v2"), "ERROR");
      await shop.store(release("v3"), ending);
      expectDone(shop, await shop.up({ KEY: "two" }), { writes: 1, ours: { KEY: "two" } });
      expect(shop.facts()).toEqual(afterTwo);
      await expectQuiet(shop, { KEY: "two" });
    },
  );
});

describe("a rollback by a person", () => {
  test.each(spots)("$when stores the spec of the earlier deployment, and that stays", async ({ at }) => {
    const shop = await openSynced();
    await shop.store(release("v2"));
    await shop.store(release("v3"));
    const run = await shop.up({ KEY: "two" }, { race: { at, act: () => shop.rollBack(1, { pin: false }) } });
    if (codesOf(run).includes("write.unmerged")) return expectNamesDeployments(shop, run);
    expect(run.problems).toBe("");
    expect(shop.facts()).toEqual({ ...untouched, tag: "v2", theirs: theirsAnd("THEIRS_V2") });
    expect(shop.ours()).toEqual({ KEY: "two" });
  });

  test.each(["commit", "revert"] as const)("that ended in a %s before our run is history", async (end) => {
    const shop = await openSynced();
    await shop.store(release("v2"));
    await shop.store(release("v3"), "ERROR");
    await shop.rollBack(1, { pin: true });
    await (end === "commit" ? shop.commitRollback() : shop.revertRollback("ERROR"));
    expectDone(shop, await shop.up({ KEY: "two" }), { writes: 1, ours: { KEY: "two" } });
    expect(shop.facts()).toEqual(end === "commit" ? untouched : afterTwo);
    await expectQuiet(shop, { KEY: "two" });
  });

  test.each(["refused", "stored"] as const)(
    "that pins the app between look and write stays (a PUT then: %s)",
    async (putWhilePinned) => {
      const shop = await openSynced({ KEY: "one" }, { emulator: { variant: { putWhilePinned } } });
      await shop.store(release("v2"));
      const race = { at: "write", act: () => shop.rollBack(1, { pin: true }) } as const;
      const run = await shop.up({ KEY: "two" }, { race });
      // Nothing goes live while the app is pinned.
      expect([run.problems, shop.stack.outputs("shop")["syncStatus"]]).not.toEqual(["", "succeeded"]);
      expect(shop.facts()).toEqual(untouched);
    },
  );
});

describe("a history that is longer than a page of deployments", () => {
  async function openOld(): Promise<Shop> {
    const shop = await openSynced();
    for (let failed = 0; failed < 45; failed += 1) await shop.store("image", "ERROR");
    await shop.store(release("v2"), "ERROR");
    return shop;
  }

  test("is history all the same", async () => {
    const shop = await openOld();
    expectDone(shop, await shop.up({ KEY: "two" }), { writes: 1, ours: { KEY: "two" } });
    expect(shop.facts()).toMatchObject({ tag: "v2" });
  });

  test.each(spots)("hides nobody who comes $when", async ({ at }) => {
    const shop = await openOld();
    const run = await shop.up({ KEY: "two" }, { race: { at, act: () => shop.store(release("v3"), "ERROR") } });
    expectDone(shop, run, { writes: 2, ours: { KEY: "two" } });
    expect(shop.facts()).toEqual(afterTwo);
  });
});

describe("where nobody can tell whether somebody came in between", () => {
  /** Two things happen within one of the vendor's seconds: one before our look, one after it. */
  async function collide(at: "look" | "write"): Promise<{ shop: Shop; run: OwnRun; before: unknown }> {
    const shop = await open({ pace: "within a second" });
    expect((await shop.up({ KEY: "one" })).problems).toBe("");
    await shop.store(release("v2"), "CANCELED");
    const before = shop.stored();
    return {
      shop,
      before,
      run: await shop.up({ KEY: "two" }, { race: { at, act: () => shop.store(release("v3"), "CANCELED") } }),
    };
  }

  test.each(spots)("their change stays, or the run says so and names both deployments ($when)", async ({ at }) => {
    const { shop, run, before } = await collide(at);
    if (run.problems === "") return expect(shop.stored()).toEqual(shop.lastStored());
    expect(codesOf(run)).toEqual(["write.unmerged"]);
    expectNamesDeployments(shop, run);
    expect([before, shop.lastStored()]).toContainEqual(shop.stored());
    expect(puts(run)).toBeLessThanOrEqual(1);
    const again = await shop.up({ KEY: "two" });
    expect(again.problems).toBe("");
  });

  test("no second of the vendor's makes a writer of history alone", async () => {
    const shop = await open({ pace: "within a second" });
    await shop.up({ KEY: "one" });
    await shop.store(release("v2"), "CANCELED");
    expectDone(shop, await shop.up({ KEY: "two" }), { writes: 1, ours: { KEY: "two" } });
    expect(shop.facts()).toMatchObject({ tag: "v2" });
  });

  test.each([400, 422, 503])("a merge that ends in %d names the deployments of both specs", async (status) => {
    const shop = await openSynced();
    await shop.store(release("v2"), "ERROR");
    shop.cloud.faults.add({ match: { method: "PUT", nth: 2, times: Infinity }, status });
    const run = await shop.up({ KEY: "two" }, { race: { at: "write", act: () => shop.store(release("v3"), "ERROR") } });
    expect(run.problems).toMatch(/write\.unmerged: /);
    expectNamesDeployments(shop, run);
  });
});

describe("what it costs", () => {
  const callsOf = ({ calls }: OwnRun) => Object.values(calls).reduce((sum, count) => sum + count, 0);

  test("a usual run makes no call more than before", async () => {
    const shop = await openSynced();
    const run = await shop.up({ KEY: "two" });
    // Two looks, the write, who came in between, twice how far it is, and the look that sees it live.
    expect(callsOf(run)).toBeLessThanOrEqual(7);
  });

  test("an app whose newest deployment is not its active one costs two calls more at most", async () => {
    const shop = await openSynced();
    await shop.store(release("v2"), "ERROR");
    const run = await shop.up({ KEY: "two" });
    expect(callsOf(run)).toBeLessThanOrEqual(9);
    expect(said(run)).not.toMatch(/somebody else/);
  });

  test("a token that may not list deployments still writes once, and nothing of others is sent back", async () => {
    const shop = await openSynced();
    await shop.store(release("v2"), "ERROR");
    await shop.store(add("THEIRS_NEW"), "ERROR");
    shop.cloud.faults.add({ match: { method: "GET", path: /\/deployments$/, times: Infinity }, status: 403 });
    const run = await shop.up({ KEY: "two" });
    expect(puts(run)).toBeLessThanOrEqual(1);
    expect(shop.facts()).toEqual({ ...untouched, tag: "v2", theirs: theirsAnd("THEIRS_V2", "THEIRS_NEW") });
  });
});
