// A variable that is written whole, by one request or by a deletion and a creation: what others did since the list is never lost.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listProblems } from "../../provider/errors.js";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const values = () => world.netlify.values(world.site);
const one = { contexts: ["production"] };
const adopt = { adopt: ["A"], keepPrior: true };
const kinds = [
  ["in one request", { ...one, isSecret: false }, one],
  ["by a deletion and a creation", one, { ...one, isSecret: false }],
] as const;

/** Somebody works in the dashboard right after the nth list of the site's variables from here on; a new process asks for two pages. */
function afterList(nth: number, run: () => void): void {
  let seen = 0;
  world.netlify.onAnswer({ method: "GET", path: /\/env$/, times: Infinity }, ({ query }) => {
    if (query["site_id"] !== undefined && ++seen === nth) run();
  });
}

describe.each(kinds)("a change of kind, %s,", (_how, before, after) => {
  test("keeps a value that somebody added after the list", async () => {
    const sync = world.sync(before);
    await sync.run({ A: "one" });
    world.reopen(sync, after);
    const written = world.netlify.writes().length;
    afterList(2, () => world.netlify.edit(world.site, { key: "A", slot: "dev" }, "theirs"));
    await expect(sync.run({ A: "one" })).rejects.toMatchObject({ code: "write.contested" });
    expect([values(), world.netlify.writes().length]).toEqual([{ A: { production: "one", dev: "theirs" } }, written]);
    expect(sync.ledger["production"]?.["A"]).not.toHaveProperty("unconfirmed");
  });

  test("writes nothing over a variable that somebody removed after the list", async () => {
    const sync = world.sync(before);
    await sync.run({ A: "one" });
    world.reopen(sync, after);
    afterList(2, () => world.site.variables.delete("A"));
    await expect(sync.run({ A: "one" })).rejects.toMatchObject({ code: "write.contested" });
    await sync.run({ A: "one" });
    expect(values()).toEqual({ A: { production: "one" } });
  });
});

test("a secret that somebody made anew after the list is not replaced: its value has another id", async () => {
  const sync = world.sync(one);
  await sync.run({ A: "one" });
  world.reopen(sync, { ...one, isSecret: false });
  afterList(2, () => {
    world.netlify.drop(world.site, { key: "A", slot: "production" });
    world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "theirs", isSecret: true });
  });
  await expect(sync.run({ A: "one" })).rejects.toMatchObject({ code: "write.contested" });
  expect(values()).toEqual({ A: { production: "theirs" } });
});

describe("a value that is given back", () => {
  beforeEach(() => world.netlify.edit(world.site, { key: "A", slot: "all" }, "theirs"));
  const given = { production: "theirs", "deploy-preview": "theirs", "branch-deploy": "theirs", "dev-server": "theirs" };

  test("leaves what somebody changed after the list", async () => {
    const sync = world.sync();
    await sync.run({ A: "ours" }, adopt);
    afterList(1, () => world.netlify.edit(world.site, { key: "A", slot: "dev" }, "newer"));
    await expect(sync.destroy("restore")).rejects.toMatchObject({ code: "write.contested" });
    await sync.destroy("restore");
    expect(values()).toEqual({ A: { ...given, dev: "newer" } });
  });

  test("deletes nothing where another context has a value that state does not know", async () => {
    const sync = world.sync();
    await sync.run({ A: "ours" }, adopt);
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, "newer");
    world.netlify.faults.add({ match: { method: "POST", times: Infinity }, status: 403 });
    await sync.destroy("restore");
    expect(values()).toEqual({ A: { ...given, dev: "newer" } });
    expect(world.netlify.writes().filter((write) => write.startsWith("DELETE"))).toEqual([]);
  });

  test("is there although the answer to its creation was lost", async () => {
    const sync = world.sync();
    await sync.run({ A: "ours" }, adopt);
    world.netlify.faults.add({ match: { method: "POST", times: Infinity }, status: 500, afterApply: true });
    expect(await sync.destroy("restore")).toMatchObject({ status: "succeeded" });
    expect([values(), sync.ledger]).toEqual([{ A: { all: "theirs" } }, {}]);
  });

  test.each([403, 422, 500])("stays owed where its creation is answered with %i", async (status) => {
    const sync = world.sync();
    await sync.run({ A: "ours", B: "ours" }, adopt);
    world.netlify.faults.add({ match: { method: "POST", times: Infinity }, status });
    const { problem } = await sync.destroy("restore");
    expect(problem).toMatchObject({ code: "variable.incomplete", message: expect.stringMatching(/no value now.*dev/) });
    expect(Object.keys(sync.ledger["production"] ?? {})).toContain("A");
    world.netlify.faults.clear();
    await sync.destroy("restore");
    expect([values(), sync.ledger]).toEqual([{ A: { all: "theirs" } }, {}]);
  });
});

test("what the sync wants but may not take over is one problem, and others' values are named beside it", async () => {
  const sync = world.sync({ ...one, isSecret: false });
  await sync.run({ A: "one" });
  world.netlify.edit(world.site, { key: "A", slot: "dev" }, "theirs");
  world.reopen(sync, { contexts: ["production", "dev"] });
  const refusal = () => sync.run({ A: "one" }).catch((error: unknown) => listProblems(error));
  expect(await refusal()).toMatchObject([{ code: "conflict.exists" }]);
  world.netlify.edit(world.site, { key: "A", slot: "deploy-preview" }, "theirs, too");
  expect(await refusal()).toMatchObject([
    { code: "conflict.exists" },
    { code: "variable.shared", message: expect.stringContaining("values for deploy-preview, which") as string },
  ]);
});
