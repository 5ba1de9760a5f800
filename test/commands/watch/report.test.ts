// What a run says in one line, what a health check answers, and how --once ends.

import { describe, expect, test } from "vitest";
import {
  readExitCode,
  judgeHealth,
  renderJson,
  renderLine,
  renderProblemLines,
  type StackHealth,
} from "../../../provider/commands/watch/report.js";
import type { Outcome } from "../../../provider/commands/watch/run.js";

const reportOf = (outcome: Partial<Outcome>) => ({
  stack: "shop/prod",
  causes: ["file", "webhook"] as const,
  outcome: { result: "unchanged" as const, changes: [], waiting: [], problems: [], ...outcome },
  endedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  durationMs: 4210,
});
const changes = [{ sync: "web", did: "1 added, 2 changed", keys: 7 }];
const problems = [
  { code: "source.unreadable", message: "web: not there" },
  { code: "source.unreadable", message: "api: not there" },
] as const;

describe("a run is one line", () => {
  test("of text", () => {
    const say = (outcome: Partial<Outcome>) => renderLine(reportOf(outcome)).replace(/^.*?: (.*), after .*$/, "$1");
    expect(renderLine(reportOf({ result: "synced", changes }))).toBe(
      "2026-01-02T03:04:05.000Z shop/prod: synced web (1 added, 2 changed), after file and webhook, 4.2 s",
    );
    expect(say({})).toBe("nothing to do");
    expect(say({ result: "failed", problems })).toBe("failed: source.unreadable");
    expect(say({ result: "waiting", waiting: ["a", "b"] })).toBe("waiting: a; b");
    expect(say({ result: "waiting", waiting: ["a"], changes })).toBe("synced web (1 added, 2 changed); waiting: a");
    expect(say({ result: "stopped" })).toBe("stopped before anything was written");
  });

  test("of JSON", () => {
    expect(JSON.parse(renderJson(reportOf({ result: "synced", changes })))).toEqual({
      time: "2026-01-02T03:04:05.000Z",
      stack: "shop/prod",
      cause: ["file", "webhook"],
      result: "synced",
      changes,
      durationMs: 4210,
    });
    const failed = renderJson(reportOf({ result: "failed", problems }));
    expect(failed).not.toContain("\n");
    expect(JSON.parse(failed)).toMatchObject({ code: "source.unreadable", codes: ["source.unreadable"] });
  });

  test("and its problems are lines for standard error", () => {
    expect(renderProblemLines(reportOf({ result: "failed", problems }))).toEqual([
      "shop/prod: source.unreadable: web: not there",
      "shop/prod: source.unreadable: api: not there",
    ]);
  });
});

describe("a health check", () => {
  const minute = 60_000;
  const judge = (over: Partial<StackHealth>) => {
    const stack = { stack: "shop/prod", startedAt: 0, isRunning: false, nextAt: 61 * minute, ...over };
    return judgeHealth([stack], { now: 60 * minute, interval: 5 * minute });
  };
  const last = (result: Outcome["result"], endedAt = 59 * minute) => ({ last: { endedAt, result } });

  test("is fine after a run that was written, had nothing to do or waits for a person", () => {
    for (const result of ["synced", "unchanged", "waiting"] as const) expect(judge(last(result)).fine).toBe(true);
    expect(JSON.parse(judge(last("synced")).body)).toEqual({
      stacks: [
        {
          stack: "shop/prod",
          fine: true,
          running: false,
          lastRun: "1970-01-01T00:59:00.000Z",
          result: "synced",
          next: "1970-01-01T01:01:00.000Z",
        },
      ],
    });
  });

  test("is bad after a failure, and when one stack of several is", () => {
    expect(judge(last("failed")).fine).toBe(false);
    expect(judge(last("locked")).fine).toBe(false);
    const good = { stack: "a", startedAt: 0, isRunning: false, nextAt: 0, ...last("synced") };
    const both = [good, { ...good, ...last("failed") }];
    expect(judgeHealth(both, { now: 60 * minute, interval: 5 * minute }).fine).toBe(false);
  });

  test("is bad when nothing has run for three intervals, unless a run is under way", () => {
    const old = last("unchanged", 44 * minute);
    expect(judge(last("unchanged", 45 * minute)).fine).toBe(true);
    expect(judge(old).fine).toBe(false);
    expect(judge({ ...old, isRunning: true }).fine).toBe(true);
    expect(judge({}).fine).toBe(false);
    expect(judge({ startedAt: 50 * minute }).fine).toBe(true);
  });
});

test("--once ends by the worst of its runs", () => {
  expect(readExitCode(["synced", "unchanged", "stopped"])).toBe(0);
  expect(readExitCode(["synced", "waiting"])).toBe(3);
  expect(readExitCode(["waiting", "failed", "synced"])).toBe(1);
  expect(readExitCode(["locked"])).toBe(1);
});
