// How many stacks work at the same time.

import { expect, test } from "vitest";
import type { Clock } from "../../../provider/clock.js";
import { createTurns } from "../../../provider/commands/watch/turns.js";

const settle = () => new Promise((done) => setImmediate(done));

/** A clock that passes when the test says so. */
function open(places: number) {
  const sleepers: Array<() => void> = [];
  const sleep: Clock["sleep"] = (_, ended) =>
    new Promise((wake) => {
      sleepers.push(wake);
      ended?.addEventListener("abort", () => wake());
    });
  const inTurn = createTurns({ places, clock: { now: () => 0, sleep }, patience: 60_000 });
  const begun: number[] = [];
  const ends: Array<() => void> = [];
  const work = (nr: number) =>
    inTurn(async () => {
      begun.push(nr);
      await new Promise<void>((end) => (ends[nr] = end));
      if (nr === 0) throw new Error("bad");
    }).catch(() => undefined);
  return { begun, ends, work, lose: () => sleepers.splice(0).forEach((wake) => wake()) };
}

test("so many work at once, and the next when one has ended, even by a failure", async () => {
  const { begun, ends, work } = open(2);
  const works = [0, 1, 2, 3].map(work);
  await settle();
  expect(begun).toEqual([0, 1]);
  ends[0]?.();
  await settle();
  expect(begun).toEqual([0, 1, 2]);
  ends[1]?.();
  await settle();
  ends.forEach((end) => end());
  await Promise.all(works);
  expect(begun).toEqual([0, 1, 2, 3]);
});

test("one that works for longer than a minute lets the next begin, and gives its place on once", async () => {
  const { begun, ends, work, lose } = open(1);
  const works = [0, 1, 2].map(work);
  await settle();
  lose();
  await settle();
  expect(begun).toEqual([0, 1]);
  ends[0]?.();
  await settle();
  expect(begun).toEqual([0, 1]);
  ends[1]?.();
  await settle();
  ends[2]?.();
  await Promise.all(works);
  expect(begun).toEqual([0, 1, 2]);
});
