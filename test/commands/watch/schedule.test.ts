// When a stack runs next, as arithmetic: bursts of changes, the interval, and failures.

import { describe, expect, test } from "vitest";
import {
  nextRun,
  noteChange,
  noteEnd,
  noteStart,
  restingSyncs,
  retryDelay,
  startSchedule,
  usualTiming,
} from "../../../provider/commands/watch/schedule.js";

const ended = (succeeded: boolean, now: number, random = 0.5) => ({ succeeded, now, random });
/** A stack that has run at 0 and is due in five minutes. */
const idle = noteEnd(noteStart(startSchedule(0)), ended(true, 0), usualTiming);

describe("changes", () => {
  test("are run two seconds after the last of them", () => {
    const burst = noteChange(noteChange(noteChange(idle, "file", 1000), "webhook", 2500), "file", 2600);
    expect(nextRun(burst, usualTiming)).toEqual({ at: 4600, causes: ["file", "webhook"] });
  });

  test("are run after half a minute when they never end", () => {
    let stream = idle;
    for (let at = 1000; at < 60_000; at += 1000) stream = noteChange(stream, "file", at);
    expect(nextRun(stream, usualTiming).at).toBe(31_000);
  });

  test("that come during a run cause one more, those before it do not", () => {
    const running = noteStart(noteChange(idle, "file", 1000));
    expect(nextRun(noteEnd(running, ended(true, 9000), usualTiming), usualTiming).causes).toEqual(["interval"]);
    const again = noteEnd(noteChange(noteChange(running, "file", 5000), "file", 6000), ended(true, 9000), usualTiming);
    expect(nextRun(again, usualTiming)).toEqual({ at: 8000, causes: ["file"] });
    expect(nextRun(noteStart(again), usualTiming).causes).toEqual(["interval"]);
  });

  test("that wait when the interval is due are seen by that run", () => {
    const both = noteChange(idle, "file", 299_000);
    expect(nextRun(both, usualTiming)).toEqual({ at: 300_000, causes: ["interval", "file"] });
  });

  test("are run at once although failures back off: they may be the repair", () => {
    const failed = noteEnd(noteEnd(idle, ended(false, 0), usualTiming), ended(false, 0), usualTiming);
    expect(nextRun(noteChange(failed, "file", 100), usualTiming)).toEqual({ at: 2100, causes: ["file"] });
  });
});

describe("without changes", () => {
  test("the first run is due at once", () => {
    expect(nextRun(startSchedule(7), usualTiming)).toEqual({ at: 7, causes: ["start"] });
  });

  test("the interval is a tenth longer or shorter", () => {
    const at = (random: number) => nextRun(noteEnd(idle, ended(true, 0, random), usualTiming), usualTiming).at;
    expect([at(0), at(0.5), at(1)]).toEqual([270_000, 300_000, 330_000]);
  });
});

describe("failures", () => {
  test("wait twice as long each time, up to half an hour, with chance in it", () => {
    expect([1, 2, 3, 4].map((failures) => retryDelay(failures, 1, usualTiming))).toEqual([
      15_000, 30_000, 60_000, 120_000,
    ]);
    expect(retryDelay(3, 0, usualTiming)).toBe(30_000);
    expect(retryDelay(500, 1, usualTiming)).toBe(30 * 60_000);
  });

  test("are forgotten after a run that went well", () => {
    let schedule = idle;
    for (let run = 0; run < 5; run += 1) schedule = noteEnd(schedule, ended(false, 0, 1), usualTiming);
    expect(nextRun(schedule, usualTiming)).toEqual({ at: 240_000, causes: ["retry"] });
    const well = noteEnd(schedule, ended(true, 0), usualTiming);
    expect(nextRun(noteEnd(well, ended(false, 0, 1), usualTiming), usualTiming).at).toBe(15_000);
  });
});

describe("a sync that fails alone", () => {
  const failing = (failed: string[], well: string[], now = 0) => ({ ...ended(true, now, 1), failed, well });
  const once = noteEnd(idle, failing(["bad"], ["good"]), usualTiming);

  test("is looked at again after its own wait, and the interval of the others stays", () => {
    expect(nextRun(once, usualTiming)).toEqual({ at: 15_000, causes: ["retry"] });
    let schedule = once;
    for (let run = 0; run < 8; run += 1) schedule = noteEnd(schedule, failing(["bad"], ["good"]), usualTiming);
    expect(nextRun(schedule, usualTiming)).toEqual({ at: 330_000, causes: ["interval"] });
  });

  test("rests in runs of the interval until then, and in none that a change has caused", () => {
    const resting = (causes: Parameters<typeof restingSyncs>[1]["causes"], now: number) =>
      restingSyncs(once, { causes, now });
    expect(resting(["interval"], 14_999)).toEqual(["bad"]);
    expect(resting(["retry"], 15_000)).toEqual([]);
    for (const cause of ["start", "file", "webhook", "signal"] as const) expect(resting([cause], 0), cause).toEqual([]);
    expect(resting(["interval", "file"], 0)).toEqual([]);
  });

  test("is forgotten when it goes well, and kept when a run did not see it", () => {
    expect(noteEnd(once, failing([], ["good"], 5000), usualTiming).syncs.get("bad")).toEqual({
      failures: 1,
      until: 15_000,
    });
    expect(noteEnd(once, failing([], ["bad"], 5000), usualTiming).syncs.size).toBe(0);
    expect(noteEnd(once, failing(["bad"], [], 15_000), usualTiming).syncs.get("bad")).toEqual({
      failures: 2,
      until: 45_000,
    });
  });

  test("keeps its wait when the whole stack fails", () => {
    const whole = noteEnd(once, ended(false, 0, 1), usualTiming);
    expect(whole.syncs).toEqual(once.syncs);
  });
});

test("what was put off is due at its time, when that comes before the interval", () => {
  const end = (again: number) => nextRun(noteEnd(idle, { ...ended(true, 0), again }, usualTiming), usualTiming);
  expect(end(40_000)).toEqual({ at: 40_000, causes: ["retry"] });
  expect(end(400_000)).toEqual({ at: 300_000, causes: ["interval"] });
});
