// When a stack runs next, as arithmetic: bursts of changes, the interval, and failures.

import { describe, expect, test } from "vitest";
import {
  nextRun,
  noteChange,
  noteEnd,
  noteStart,
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
