// One stack kept running, with a clock that the test moves and runs that it ends.

import { describe, expect, test } from "vitest";
import { type LoopOrder, startLoop } from "../../../provider/commands/watch/loop.js";
import { emptyOutcome, type Outcome, type RunResult } from "../../../provider/commands/watch/outcome.js";
import type { Report } from "../../../provider/commands/watch/report.js";
import { createTurns } from "../../../provider/commands/watch/turns.js";
import { type Cause, usualTiming } from "../../../provider/commands/watch/schedule.js";

const settle = () => new Promise((done) => setImmediate(done));
const outcome = (result: RunResult): Outcome => ({ ...emptyOutcome, result, isWhole: result === "failed" });
const urnOf = (name: string) => `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/secret-sync:SecretSync::${name}`;

function open(over: Partial<LoopOrder> = {}) {
  let now = 0;
  const sleepers: Array<{ at: number; wake: () => void }> = [];
  const runs: Array<{
    causes: readonly Cause[];
    resting: readonly string[];
    end: (end: RunResult | Outcome) => Promise<void>;
  }> = [];
  const reports: Report[] = [];
  const clock: LoopOrder["clock"] = {
    now: () => now,
    sleep: (ms, ended) =>
      new Promise((wake) => {
        sleepers.push({ at: now + ms, wake });
        ended?.addEventListener("abort", () => wake());
      }),
  };
  const loop = startLoop({
    stack: "shop/prod",
    clock,
    wall: () => now,
    newId: () => "run-1",
    random: () => 0.5,
    timing: usualTiming,
    inTurn: createTurns({ places: 1, clock, patience: 60_000 }),
    run: ({ causes, resting }) =>
      new Promise((end) => {
        const give = (given: RunResult | Outcome) => end(typeof given === "string" ? outcome(given) : given);
        runs.push({ causes, resting, end: (given) => (give(given), settle().then(() => undefined)) });
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
    expect(loop.health()).toMatchObject({ runningSince: 304_000, last: { endedAt: 4000, result: "unchanged" } });
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

  test("of which one sync fails looks at the others in the interval, and at the one again when its own wait is over", async () => {
    const { runs, pass, loop, reports } = open({ random: () => 0.999_999 });
    const end = (results: Record<string, "failed" | "unchanged" | "resting">): Outcome => ({
      ...outcome("failed"),
      isWhole: false,
      syncs: Object.entries(results).map(([sync, result]) => ({ urn: urnOf(sync), sync, result })),
    });
    await pass(0);
    await runs[0]?.end(end({ bad: "failed", good: "unchanged" }));
    await pass(15_000);
    expect(runs[1]).toMatchObject({ causes: ["retry"], resting: [] });
    await runs[1]?.end(end({ bad: "failed", good: "unchanged" }));
    expect(reports[1]).toMatchObject({ attempt: 1, nextAt: 45_000, run: "run-1" });
    for (const wait of [30_000, 60_000, 120_000, 240_000]) {
      await pass(wait);
      await runs.at(-1)?.end(end({ bad: "failed", good: "unchanged" }));
    }
    await pass(330_000);
    expect(runs.at(-1)).toMatchObject({ causes: ["interval"], resting: [urnOf("bad")] });
    await runs.at(-1)?.end(end({ bad: "resting", good: "unchanged" }));
    loop.note("file");
    await pass(2000);
    expect(runs.at(-1)).toMatchObject({ causes: ["file"], resting: [] });
    await runs.at(-1)?.end(end({ bad: "unchanged", good: "unchanged" }));
    expect(loop.health().syncs.get(urnOf("bad"))).toMatchObject({ result: "unchanged", failures: 0 });
    await pass(330_000);
    expect(runs.at(-1)).toMatchObject({ causes: ["interval"], resting: [] });
  });

  test("of which one sync rests leaves it out run after run, until its own wait is over", async () => {
    const { runs, pass } = open({ random: () => 0.999_999 });
    const end = (result: "failed" | "resting" | "unchanged") =>
      runs.at(-1)?.end({ ...outcome("failed"), isWhole: false, syncs: [{ urn: urnOf("bad"), sync: "bad", result }] });
    await pass(0);
    for (const wait of [15_000, 30_000, 60_000, 120_000, 240_000]) {
      await end("failed");
      await pass(wait);
    }
    await end("failed");
    const seen: unknown[] = [];
    for (const wait of [330_000, 150_000, 330_000, 330_000, 300_000]) {
      await pass(wait);
      const { causes, resting } = runs.at(-1) ?? {};
      seen.push([causes, resting]);
      await end(resting?.length === 0 ? "failed" : "resting");
    }
    const left = [["interval"], [urnOf("bad")]];
    expect(seen).toEqual([left, [["retry"], []], left, left, [["retry"], []]]);
  });

  test("is looked at again when what was put off is due", async () => {
    const { runs, pass } = open();
    await pass(0);
    await runs[0]?.end({ ...outcome("held"), again: 40_000 });
    await pass(39_999);
    expect(runs).toHaveLength(1);
    await pass(1);
    expect(runs[1]?.causes).toEqual(["retry"]);
  });
});
