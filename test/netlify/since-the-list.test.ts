// What somebody does between the list and our request for a single value is theirs: it is neither removed nor written over.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const args = { contexts: ["production"], isSecret: false };
const values = () => world.netlify.values(world.site);
const edit = (slot: string, value: string) => void world.netlify.edit(world.site, { key: "A", slot }, value);

/** Runs right after the nth list of the site's variables from now on; a new process requests two pages. */
function afterList(nth: number, run: () => void): void {
  let seen = 0;
  world.netlify.onAnswer({ method: "GET", path: /\/env$/, times: Infinity }, ({ query }) => {
    if (query["site_id"] !== undefined && ++seen === nth) run();
  });
}

describe.each([
  ["the last value of its variable", {}],
  ["one of several", { dev: "local" }],
])("a value that we remove, %s,", (_which, others: Record<string, string>) => {
  test("stays if somebody has changed it since", async () => {
    const sync = world.sync(args);
    await sync.run({ A: "one", B: "1" });
    for (const [slot, value] of Object.entries(others)) edit(slot, value);
    afterList(1, () => edit("production", "theirs"));
    await expect(sync.run({ B: "1" })).rejects.toMatchObject({ code: "write.contested" });
    expect(Object.keys(sync.ledger["production"] ?? {})).toEqual(["A", "B"]);
    await sync.run({ B: "1" });
    expect(values()).toEqual({ A: { production: "theirs", ...others }, B: { production: "1" } });
    expect(Object.keys(sync.ledger["production"] ?? {})).toEqual(["B"]);
  });

  test("is gone already if somebody was faster", async () => {
    const sync = world.sync(args);
    await sync.run({ A: "one", B: "1" });
    for (const [slot, value] of Object.entries(others)) edit(slot, value);
    afterList(1, () => world.netlify.drop(world.site, { key: "A", slot: "production" }));
    expect((await sync.run({ B: "1" })).status).toBe("succeeded");
    expect(values()["A"] ?? {}).toEqual(others);
  });

  test("is gone already if somebody has put another one in its place", async () => {
    const sync = world.sync(args);
    await sync.run({ A: "one", B: "1" });
    for (const [slot, value] of Object.entries(others)) edit(slot, value);
    afterList(1, () => {
      world.netlify.drop(world.site, { key: "A", slot: "production" });
      edit("production", "theirs");
    });
    expect((await sync.run({ B: "1" })).status).toBe("succeeded");
    expect(values()["A"]).toEqual({ production: "theirs", ...others });
  });
});

test("a value that somebody adds first in the same place stays, and is reported as a conflict", async () => {
  edit("dev", "local");
  const sync = world.sync(args);
  afterList(2, () => edit("production", "theirs"));
  await expect(sync.run({ A: "ours" })).rejects.toMatchObject({ code: "write.contested" });
  await expect(sync.run({ A: "ours" })).rejects.toMatchObject({ code: "conflict.exists" });
  expect([values(), sync.ledger]).toEqual([{ A: { production: "theirs", dev: "local" } }, {}]);
});
