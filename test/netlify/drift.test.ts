// Masked values that somebody else changed are found, and those that nobody changed are not.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { JANE, MACHINE } from "../emulators/netlify/index.js";
import { isStillOurs } from "../../provider/destinations/netlify/live/masked-values.js";
import { startWorld, type NetlifyWorld } from "./world.js";

const quiet = { writtenNow: false, sharedWithOthers: false, byOurselves: false };

describe("the rule", () => {
  test.each([
    ["another id", "i1.t1.r1", "i2.t1.r1", quiet, false],
    ["the same", "i1.t1.r1", "i1.t1.r1", quiet, true],
    ["time moved, nothing explains it", "i1.t1.r1", "i1.t2.r1", quiet, false],
    ["time moved by our own write beside it", "i1.t1.r1", "i1.t2.r1", { ...quiet, writtenNow: true }, true],
    ["time moved by a visible change of another value", "i1.t1.r1", "i1.t2.r2", quiet, true],
    [
      "shared, and we were the last writer",
      "i1.t1.r1",
      "i1.t2.r1",
      { ...quiet, sharedWithOthers: true, byOurselves: true },
      true,
    ],
    ["shared, and somebody else was", "i1.t1.r1", "i1.t2.r1", { ...quiet, sharedWithOthers: true }, false],
    ["ours alone, and our own token's owner was", "i1.t1.r1", "i1.t2.r1", { ...quiet, byOurselves: true }, false],
    ["a readable value that differs", "aaaa", "bbbb", { ...quiet, writtenNow: true }, false],
    ["readable became masked", "aaaa", "i1.t1.r1", { ...quiet, writtenNow: true }, false],
    ["an unconfirmed write", "", "i1.t1.r1", quiet, false],
  ])("%s", (...[, written, seen, facts, ours]) => {
    expect(isStillOurs(written, seen, facts)).toBe(ours);
  });
});

describe.each(["stable", "renewed"] as const)("with ids of values that are %s", (valueIds) => {
  let world: NetlifyWorld;
  beforeEach(async () => {
    world = await startWorld({ variant: { valueIds } });
  });
  afterEach(() => world.close());

  test("a changed masked value is found, reported with its author, and repaired", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "one" });
    world.netlify.edit(world.site, { key: "A", slot: "production" }, "hacked");
    const { lines } = await sync.preview({ A: "one" });
    expect(lines[0]).toMatch(
      /^~ production\/A: value changed at the destination by Jane Doe, \d+ \w{3} \d\d:\d\d UTC; will be written again/,
    );
    await sync.run({ A: "one" });
    expect(world.netlify.values(world.site)["A"]).toEqual({ production: "one" });
    expect((await sync.preview({ A: "one" })).writes).toEqual([]);
  });

  test("a change by the token's own owner is found, too, if the variable is ours alone", async () => {
    const sync = world.sync();
    await sync.run({ A: "one" });
    world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "by hand", by: MACHINE });
    expect((await sync.preview({ A: "one" })).lines.join()).toContain("last changed by Sync Machine");
    await sync.run({ A: "one" });
    expect(world.netlify.values(world.site)["A"]?.["production"]).toBe("one");
    expect((await sync.preview({ A: "one" })).writes).toEqual([]);
  });

  test.each([1, 2, 3])(
    "a changed masked value is repaired by the next run if request %i of the repair is refused",
    async (nth) => {
      const sync = world.sync();
      await sync.run({ A: "one" });
      world.netlify.edit(world.site, { key: "A", slot: "production" }, "hacked");
      world.netlify.faults.add({ match: { method: "PATCH", nth }, status: 403 });
      // If ids are renewed, only the changed value is written again.
      await sync.run({ A: "one" }).catch(() => undefined);
      await sync.run({ A: "one" });
      expect(new Set(Object.values(world.netlify.values(world.site)["A"] ?? {}))).toEqual(new Set(["one"]));
      expect((await sync.preview({ A: "one" })).writes).toEqual([]);
    },
  );

  test("our own change of one context is no drift of the others", async () => {
    const sync = world.sync({ contexts: ["production", "deploy-preview"] });
    await sync.run({ A: "one" });
    world.netlify.drop(world.site, { key: "A", slot: "deploy-preview" });
    await sync.run({ A: "one" });
    expect((await sync.preview({ A: "one" })).writes).toEqual([]);
    world.reopen(sync, { contexts: ["production"] });
    await sync.run({ A: "one" });
    expect((await sync.preview({ A: "one" })).writes).toEqual([]);
  });

  test.each([
    ["that says whose it is", () => undefined],
    [
      "that may not say whose it is",
      () => world.netlify.faults.add({ match: { path: /^\/user$/, times: Infinity }, status: 403 }),
    ],
  ])("two syncs of one variable and a token %s leave each other alone, run after run", async (_token, arrange) => {
    arrange();
    const first = world.sync({ contexts: ["production"] }, "first");
    const second = world.sync({ contexts: ["deploy-preview"] }, "second");
    await first.run({ A: "one" });
    await second.run({ A: "two" });
    expect((await first.preview({ A: "one" })).writes).toEqual([]);
    await second.run({ A: "three" });
    expect((await first.preview({ A: "one" })).writes).toEqual([]);
    await first.run({ A: "four" });
    expect((await second.preview({ A: "three" })).writes).toEqual([]);
    expect(world.netlify.values(world.site)["A"]).toEqual({ production: "four", "deploy-preview": "three" });
  });

  test("somebody's new, changed or removed readable value beside ours is no drift", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "one" });
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, "local");
    expect((await sync.preview({ A: "one" })).writes).toEqual([]);
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, { value: "local 2", by: JANE });
    expect((await sync.preview({ A: "one" })).writes).toEqual([]);
    world.netlify.drop(world.site, { key: "A", slot: "dev" });
    const { writes } = await sync.preview({ A: "one" });
    // The variable looks as before except for its time, like after a change of our value.
    expect(writes.map((one) => one.action)).toEqual(["update"]);
    await sync.run({ A: "one" });
    expect((await sync.preview({ A: "one" })).writes).toEqual([]);
  });

  test("a change of another masked value costs at most one repeated write, and that leaves it alone", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "one" });
    world.netlify.edit(world.site, { key: "A", slot: "branch:x" }, { value: "theirs", isSecret: true });
    expect((await sync.preview({ A: "one" })).writes).toEqual([]);
    await sync.run({ A: "two" });
    world.netlify.edit(world.site, { key: "A", slot: "branch:x" }, "theirs 2");
    const { writes } = await sync.preview({ A: "two" });
    expect(writes).toHaveLength(valueIds === "renewed" ? 0 : 1);
    await sync.run({ A: "two" });
    expect(world.netlify.values(world.site)["A"]).toEqual({ production: "two", "branch:x": "theirs 2" });
    expect((await sync.preview({ A: "two" })).writes).toEqual([]);
  });

  test("a removed value is written again, and one variable of several", async () => {
    const sync = world.sync();
    await sync.run({ A: "one", B: "two" });
    world.site.variables.delete("A");
    world.netlify.drop(world.site, { key: "B", slot: "production" });
    const { lines } = await sync.preview({ A: "one", B: "two" });
    expect(lines.filter((line) => line.startsWith("+"))).toHaveLength(4);
    await sync.run({ A: "one", B: "two" });
    expect(world.netlify.values(world.site)["B"]).toEqual({
      production: "two",
      "deploy-preview": "two",
      "branch-deploy": "two",
    });
    expect((await sync.preview({ A: "one", B: "two" })).writes).toEqual([]);
  });

  test("plain values are compared by what they are", async () => {
    const sync = world.sync({ isSecret: false, contexts: ["production", "dev"] });
    await sync.run({ A: "one" });
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, "other");
    expect((await sync.preview({ A: "one" })).writes.map((one) => one.slot)).toEqual(["dev"]);
  });
});

test("contexts that are listed with empty values count as unset", async () => {
  const world = await startWorld({ variant: { unsetContexts: "empty" } });
  const sync = world.sync({ isSecret: false, contexts: ["production"] });
  await sync.run({ A: "one" });
  expect((await sync.preview({ A: "one" })).lines).toEqual([]);
  world.reopen(sync, { isSecret: false, contexts: ["production", "dev"] });
  await sync.run({ A: "one" });
  expect(world.netlify.values(world.site)["A"]).toEqual({ production: "one", dev: "one" });
  await sync.destroy();
  expect(world.netlify.values(world.site)).toEqual({});
  await world.netlify.close();
});

test("a secret's own value in dev can be read, and is compared", async () => {
  const world = await startWorld();
  const sync = world.sync({ contexts: ["production", "dev"] });
  await sync.run({ A: "one" });
  world.netlify.edit(world.site, { key: "A", slot: "dev" }, "other");
  const drifted = (await sync.preview({ A: "one" })).writes.map((one) => one.slot);
  expect(drifted).toEqual(["dev"]);
  // But it is no value to hand on: an import would write one context of a secret into a file.
  const snapshot = await sync.target.observe({ fresh: true });
  expect(sync.target.reveal(snapshot, { slot: "dev", key: "A" })).toBeUndefined();
  await world.netlify.close();
});
