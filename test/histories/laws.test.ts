// Random deployment histories, a run of ours, and somebody who comes in between: nothing of anybody is ever sent back.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { histories, historiesAnywhere } from "./arbitraries.js";
import { play } from "./course.js";
import { seedOf } from "../seed.js";

const count = Number(process.env["HISTORIES"] ?? 300);
const perRow = Math.ceil(count / 5);
/** A row takes half a minute; on a machine with other work it took two. A counterexample that takes longer is reported as far as it is. */
const patienceMs = Math.max(540_000, count * 1_000);
const rows = [
  ...[11, 12, 13, 14, 15].map((seed) => ({ seed, where: "as it is believed to be", stories: histories })),
  ...[16, 17].map((seed) => ({
    seed,
    where: "that answers every open question at random",
    stories: historiesAnywhere,
  })),
];
// Most of the time of a run is waiting, so several rows of histories go side by side.
test.concurrent.for(rows)(
  "on a platform $where (row $seed), the spec beside ours is what anybody stored last, and ours is what the program wants",
  { timeout: patienceMs + 60_000 },
  async ({ seed, stories }) => {
    const time = { interruptAfterTimeLimit: patienceMs, markInterruptAsFailure: true };
    let played = 0;
    const property = fc.asyncProperty(stories, async (history) => {
      await play(history);
      played += 1;
    });
    await fc.assert(property, { numRuns: perRow, seed: seedOf(seed), ...time });
    expect(played).toBe(perRow);
  },
);
