// Writes to Netlify without an answer, or with one that ends the run: what is sent after it, and what stays ours.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.netlify.close());

const values = () => world.netlify.values(world.site);
const one = { contexts: ["production"] };
const silent = { status: 503 } as const;

test("after the first failure no variable is begun", async () => {
  const sync = world.sync(one);
  const wanted = (value: string) => Object.fromEntries("ABCDEFGHIJ".split("").map((key) => [key, value]));
  await sync.run(wanted("1"));
  world.netlify.faults.add({ match: { method: "PATCH" }, status: 403 });
  const before = world.netlify.writes().length;
  expect((await sync.run(wanted("2"))).status).toBe("failed");
  // Some were under way already.
  expect(world.netlify.writes().length - before).toBeLessThan(8);
  expect((await sync.run(wanted("2"))).status).toBe("succeeded");
  expect(Object.values(values())).toEqual(Array.from({ length: 10 }, () => ({ production: "2" })));
});

test("a plain value whose write did not arrive is not taken for written", async () => {
  const sync = world.sync({ isSecret: false });
  await sync.run({ A: "1" });
  world.netlify.faults.add({ match: { method: "PATCH", times: Infinity }, ...silent });
  await expect(sync.run({ A: "2" })).rejects.toMatchObject({ code: "http.unavailable" });
  world.netlify.faults.clear();
  expect((await sync.preview({ A: "2" })).writes).toMatchObject([{ action: "update", because: ["value"] }]);
});

describe("a takeover that was not answered", () => {
  const takeOver = async (...faults: Parameters<NetlifyWorld["netlify"]["faults"]["add"]>[0][]) => {
    world.netlify.edit(world.site, { key: "A", slot: "all" }, "theirs");
    const sync = world.sync(one);
    for (const fault of faults) world.netlify.faults.add(fault);
    const end: unknown = await sync.run({ A: "ours" }, { adopt: ["A"] }).catch((error: unknown) => error);
    world.netlify.faults.clear();
    return { sync, end };
  };

  test("and of which nothing is to be seen stays ours, for it may be on its way", async () => {
    const { sync, end } = await takeOver({ match: { method: "PUT", times: Infinity }, ...silent });
    expect(end).toMatchObject({ status: "failed", problem: { code: "http.unavailable" } });
    expect(sync.ledger).toMatchObject({ production: { A: { unconfirmed: {} } } });
    // The request was only slow: what it left is ours without being adopted.
    world.site.variables.clear();
    world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "ours", isSecret: true });
    expect((await sync.run({ A: "ours" })).status).toBe("succeeded");
    expect(values()).toEqual({ A: { production: "ours" } });
  });

  test("and that nobody can look at stays ours as well", async () => {
    const { sync, end } = await takeOver(
      { match: { method: "PUT", times: Infinity }, ...silent, afterApply: true },
      { match: { method: "GET", path: /\/env\/A$/, nth: 2, times: Infinity }, ...silent },
    );
    expect(end).toMatchObject({ status: "succeeded" });
    expect(Object.keys(sync.ledger)).toEqual(["production"]);
    expect(values()["A"]).toMatchObject({ production: "ours", dev: "theirs" });
    expect((await sync.preview({ A: "ours" })).writes).toEqual([]);
  });
});
