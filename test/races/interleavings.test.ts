// Two stacks write to one app in hundreds of orders: both sets of keys are there, and both ledgers are true.

import { expect, test } from "vitest";
import { puts, type Run, type Stack, valuesAt } from "../lifecycle/stack.js";
import { type Arena, foreign, nameOf, openArena, openDoors, programOf, race, settle, turnsOf } from "./race.js";

type Values = Readonly<Record<string, string>>;

/** Disjoint keys; each side goes from one set of values to another. Undefined is a stack that does not exist. */
interface Contest {
  readonly name: string;
  readonly before: readonly [Values | undefined, Values | undefined];
  readonly after: readonly [Values | undefined, Values | undefined];
}

const contests: readonly Contest[] = [
  {
    name: "two creates",
    before: [undefined, undefined],
    after: [
      { A: "1", B: "2" },
      { X: "1", Y: "2" },
    ],
  },
  { name: "two updates", before: [{ A: "1", B: "2" }, { X: "1" }], after: [{ A: "3", B: "2" }, { X: "4" }] },
  { name: "a create and an update", before: [undefined, { X: "1", Y: "2" }], after: [{ A: "1" }, { X: "3", Y: "2" }] },
  { name: "an update and a destroy", before: [{ A: "1" }, { X: "1", Y: "2" }], after: [{ A: "2" }, undefined] },
  {
    name: "a new and a removed key",
    before: [{ A: "1" }, { X: "1", Y: "2" }],
    after: [{ A: "1", B: "2" }, { X: "1" }],
  },
];

const seeds = Array.from({ length: 60 }, (_, seed) => seed);
const orders = new Set<string>();

function startOf(arena: Arena, side: 0 | 1, values: Values | undefined) {
  return (stack: Stack): Promise<Run> =>
    values === undefined ? stack.destroy() : stack.up(programOf(arena, nameOf(side), values));
}

/** What came of it, and what both say when nothing has changed since. */
async function play({ before, after, name }: Contest, seed: number) {
  const arena = await openArena();
  const { cloud, appId, racers } = arena;
  try {
    await settle(arena, before);
    const begun = cloud.deployments(appId).length;
    const { runs, order } = await race(
      arena,
      [startOf(arena, 0, after[0]), startOf(arena, 1, after[1])],
      turnsOf(seed),
    );
    orders.add(`${name}: ${order}`);
    openDoors(arena);
    cloud.settle(appId);
    const deployments = cloud.deployments(appId).length - begun;
    const running = Object.entries(cloud.running(appId)["web"] ?? {}).map(([key, { value }]) => [key, value] as const);
    const stored = valuesAt(racers[0].stack, appId);
    const again = [
      await startOf(arena, 0, after[0])(racers[0].stack),
      await startOf(arena, 1, after[1])(racers[1].stack),
    ];
    return {
      order,
      problems: [...runs, ...again].map(({ problems }) => problems).join(""),
      stored,
      running: Object.fromEntries(running),
      // One for each write, and one for each that was lost and made again.
      isBounded: deployments <= 6,
      later: again.map((run) => ({ puts: puts(run), acts: run.steps.some(({ op }) => op !== "same") })),
    };
  } finally {
    await arena.close();
  }
}

test.concurrent.for(contests.flatMap((contest) => seeds.map((seed) => ({ ...contest, seed }))))(
  "$name in order $seed end with both sets of keys",
  async ({ seed, ...contest }) => {
    const both = { ...foreign, ...contest.after[0], ...contest.after[1] };
    const quiet = { puts: 0, acts: false };
    const end = await play(contest, seed);
    expect(end).toEqual({
      order: end.order,
      problems: "",
      stored: both,
      running: both,
      isBounded: true,
      later: [quiet, quiet],
    });
  },
);

test("the orders are at least 200 different ones", () => {
  expect(orders.size).toBeGreaterThanOrEqual(200);
});
