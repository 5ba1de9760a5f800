// Two stacks claim one key at the same time: whoever was first keeps it, and the other is told.

import { describe, expect, test } from "vitest";
import { puts, sync, valuesAt } from "../lifecycle/stack.js";
import { foreign, openArena, openDoors, programOf, race, settle, turnsOf } from "./race.js";

const seeds = Array.from({ length: 30 }, (_, seed) => seed);
const own = [{ A: "1" }, { X: "1" }] as const;

/** What came of it: who went through, what the app holds, and what those two say when nothing has changed since. */
async function contend(seed: number, established: boolean) {
  const arena = await openArena();
  const { appId, racers } = arena;
  const [one, two] = racers;
  try {
    if (established) await settle(arena, own);
    const programs = [
      programOf(arena, "one", { ...own[0], SHARED: "of one" }),
      programOf(arena, "two", { ...own[1], SHARED: "of two" }),
    ] as const;
    const start = [() => one.stack.up(programs[0]), () => two.stack.up(programs[1])] as const;
    const { runs, order } = await race(arena, start, turnsOf(seed));
    openDoors(arena);
    arena.cloud.settle(appId);
    const winner = runs[0].problems === "" ? 0 : 1;
    const values = valuesAt(one.stack, appId);
    const again = await racers[winner].stack.up(programs[winner]);
    const loser = winner === 0 ? 1 : 0;
    // Without the claim the other goes on as before.
    const back = established
      ? await racers[loser].stack.up(programOf(arena, ["one", "two"][loser] ?? "", own[loser]))
      : undefined;
    return {
      order,
      winner,
      told: runs[loser].problems,
      values,
      again: { problems: runs[winner].problems + again.problems, puts: puts(again) },
      later: { problems: back?.problems ?? "", shared: valuesAt(one.stack, appId)["SHARED"] },
    };
  } finally {
    await arena.close();
  }
}

describe.each([
  { what: "two new syncs", established: false },
  { what: "two syncs that have written before", established: true },
])("a key that $what claim", ({ established }) => {
  test.concurrent.for(seeds)("has one owner in order %i, and the other is told", async (seed) => {
    const end = await contend(seed, established);
    const shared = end.winner === 0 ? "of one" : "of two";
    expect(end).toMatchObject({
      told: expect.stringMatching(/conflict\.exists: app\/SHARED .*adoptExisting/) as string,
      values: { ...foreign, ...own[end.winner], ...(established ? { ...own[0], ...own[1] } : {}), SHARED: shared },
      again: { problems: "", puts: 0 },
      later: { problems: "", shared },
    });
  });
});

test("a key that another stack has written is a conflict, and nothing is overwritten", async () => {
  const arena = await openArena();
  openDoors(arena);
  const { cloud, appId, racers } = arena;
  try {
    await settle(arena, [{ SHARED: "of one" }, undefined]);
    const before = structuredClone(cloud.app(appId).spec);
    const program = programOf(arena, "two", { SHARED: "of two", X: "1" });
    for (const run of [await racers[1].stack.preview(program), await racers[1].stack.up(program)]) {
      expect(run.problems).toMatch(/conflict\.exists: app\/SHARED/);
      expect(puts(run)).toBe(0);
    }
    expect(cloud.app(appId).spec).toEqual(before);
  } finally {
    await arena.close();
  }
});

test("a key that two syncs of one program claim is refused by the preview", async () => {
  const arena = await openArena();
  openDoors(arena);
  try {
    const claim = (name: string) => sync(name, { SHARED: name }, { destination: { appId: arena.appId } });
    const run = await arena.racers[0].stack.preview([claim("one"), claim("two")]);
    expect(run.problems).toMatch(/conflict\.claimed: app\/SHARED .*sync "one"/);
    expect(puts(run)).toBe(0);
  } finally {
    await arena.close();
  }
});
