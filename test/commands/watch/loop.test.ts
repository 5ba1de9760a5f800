// One stack kept running, with a clock that the test moves and runs that it ends.

import { describe, expect, test } from "vitest";
import { createTurns, type LoopOrder, startLoop } from "../../../provider/commands/watch/loop.js";
import type { Report } from "../../../provider/commands/watch/report.js";
import type { Outcome } from "../../../provider/commands/watch/run.js";
import { type Cause, usualTiming } from "../../../provider/commands/watch/schedule.js";

const settle = () => new Promise((done) => setImmediate(done));
const outcome = (result: Outcome["result"]): Outcome => ({ result, changes: [], waiting: [], problems: [] });

function open(over: Partial<LoopOrder> = {}) {
  let now = 0;
  const sleepers: Array<{ at: number; wake: () => void }> = [];
  const runs: Array<{ causes: readonly Cause[]; end: (result: Outcome["result"]) => Promise<void> }> = [];
  const reports: Report[] = [];
  const loop = startLoop({
    stack: "shop/prod",
    clock: {
      now: () => now,
      sleep: (ms, ended) =>
        new Promise((wake) => {
          sleepers.push({ at: now + ms, wake });
          ended?.addEventListener("abort", () => wake());
        }),
    },
    random: () => 0.5,
    timing: usualTiming,
    inTurn: createTurns(1),
    run: (causes) =>
      new Promise((end) => {
        runs.push({ causes, end: (result) => (end(outcome(result)), settle().then(() => undefined)) });
      }),
    onEnd: (report) => void reports.push(report),
    ...over,
  });
  const pass = async (ms: number) => {
    now += ms;
    sleepers.filter(({ at }) => at <= now).forEach(({ wake }) => wake());
    await settle();
  };
  return { loop, runs, reports, pass };
}

describe("a stack", () => {
  test("is run at once, then in the interval", async () => {
    const { runs, reports, pass, loop } = open();
    await pass(0);
    expect(runs.map(({ causes }) => causes)).toEqual([["start"]]);
    await pass(4000);
    await runs[0]?.end("unchanged");
    expect(reports).toMatchObject([{ stack: "shop/prod", endedAt: 4000, durationMs: 4000 }]);
    await pass(usualTiming.interval - 1);
    expect(runs).toHaveLength(1);
    await pass(1);
    expect(runs[1]?.causes).toEqual(["interval"]);
    expect(loop.health()).toMatchObject({ isRunning: true, last: { endedAt: 4000, result: "unchanged" } });
  });

  test("is never run twice at the same time; changes during a run cause one more", async () => {
    const { runs, pass, loop } = open();
    await pass(0);
    for (let at = 0; at < 60; at += 1) {
      loop.note("file");
      await pass(1000);
    }
    expect(runs).toHaveLength(1);
    await runs[0]?.end("synced");
    expect(runs.map(({ causes }) => causes)).toEqual([["start"], ["file"]]);
    await runs[1]?.end("unchanged");
    await pass(60_000);
    expect(runs).toHaveLength(2);
  });

  test("is tried again after a failure, later each time", async () => {
    const { runs, pass } = open({ random: () => 0.999_999 });
    await pass(0);
    for (const wait of [15_000, 30_000, 60_000]) {
      const before = runs.length;
      await runs.at(-1)?.end("failed");
      await pass(wait - 1000);
      expect(runs).toHaveLength(before);
      await pass(1000);
      expect(runs).toHaveLength(before + 1);
    }
    expect(runs.at(-1)?.causes).toEqual(["retry"]);
  });

  test("that is told to stop ends at once when idle", async () => {
    const { runs, pass, loop } = open();
    await pass(0);
    await runs[0]?.end("unchanged");
    loop.stop();
    await loop.done;
    await pass(2 * usualTiming.interval);
    expect(runs).toHaveLength(1);
  });

  test("that is told to stop during a run ends after it, whatever has changed since", async () => {
    const { runs, reports, pass, loop } = open();
    await pass(0);
    loop.note("file");
    loop.stop();
    await pass(60_000);
    expect(reports).toEqual([]);
    await runs[0]?.end("synced");
    await loop.done;
    expect(runs).toHaveLength(1);
    expect(reports).toHaveLength(1);
  });
});

describe("turns", () => {
  test("let so many work at once, and the next when one has ended, even by a failure", async () => {
    const inTurn = createTurns(2);
    const begun: number[] = [];
    const ends: Array<() => void> = [];
    const works = [0, 1, 2, 3].map((nr) =>
      inTurn(async () => {
        begun.push(nr);
        await new Promise<void>((end) => ends.push(end));
        if (nr === 0) throw new Error("bad");
      }).catch(() => undefined),
    );
    await settle();
    expect(begun).toEqual([0, 1]);
    ends[0]?.();
    await settle();
    expect(begun).toEqual([0, 1, 2]);
    ends.slice(1).forEach((end) => end());
    await settle();
    ends.forEach((end) => end());
    await Promise.all(works);
    expect(begun).toEqual([0, 1, 2, 3]);
  });
});
