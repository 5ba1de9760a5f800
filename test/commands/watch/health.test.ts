// What an operator can alarm on: whether the runner goes on, and whether every stack and sync is kept up to date.

import { describe, expect, test } from "vitest";
import {
  judgeLive,
  judgeReady,
  noteOutcome,
  startHealth,
  type StackHealth,
} from "../../../provider/commands/watch/health.js";
import { emptyOutcome, type Outcome } from "../../../provider/commands/watch/outcome.js";

const minute = 60_000;
/** The machine's clock stands anywhere: no judgement goes by it. */
const wall = Date.UTC(2026, 0, 2, 3, 0);
const input = { now: 60 * minute, wall, interval: 5 * minute, longestRun: 40 * minute };
const urn = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/secret-sync:SecretSync::web";

/** A stack after these runs, each with the minute of its end. */
function after(...runs: Array<[number, Partial<Outcome>]>): StackHealth {
  let history = startHealth("shop/prod", 0);
  for (const [at, outcome] of runs) {
    const times = { now: at * minute, wall: 0, durationMs: 1500 };
    history = noteOutcome(history, { ...emptyOutcome, result: "unchanged", ...outcome }, times);
  }
  return { ...history, nextAt: 61 * minute, failures: 0 };
}

const ready = (health: StackHealth) => {
  const { fine, body } = judgeReady([health], input);
  return { fine, told: (JSON.parse(body) as { stacks: [Record<string, unknown>] }).stacks[0] };
};
const web = (result: "failed" | "resting" | "synced" | "held" | "waiting") => ({
  syncs: [{ urn, sync: "web", result }],
});

describe("ready", () => {
  test("is a stack whose last run failed in nothing", () => {
    for (const result of ["synced", "unchanged", "planned", "held"] as const)
      expect(ready(after([59, { result }])).fine, result).toBe(true);
    expect(ready(after([59, { result: "synced", ...web("synced") }])).told).toEqual({
      stack: "shop/prod",
      fine: true,
      running: false,
      lastRun: "2026-01-02T02:59:00.000Z",
      result: "synced",
      next: "2026-01-02T03:01:00.000Z",
      lastSuccess: "2026-01-02T02:59:00.000Z",
      failures: 0,
      needsPersonSince: null,
      lockedSince: null,
      syncs: [{ sync: "web", result: "synced", failures: 0, lastSuccess: "2026-01-02T02:59:00.000Z" }],
    });
  });

  test("is none that has not run yet, has failed, is locked, or where one of several is so", () => {
    expect(ready(after()).fine).toBe(false);
    expect(ready(after([59, { result: "failed" }])).fine).toBe(false);
    expect(ready(after([59, { result: "locked" }])).fine).toBe(false);
    const both = [after([59, {}]), after([59, { result: "failed" }])];
    expect(judgeReady(both, input).fine).toBe(false);
  });

  test("tells when a run last went well, which one that was told to stop did not", () => {
    const runs = (result: Outcome["result"]) => after([50, {}], [59, { result }]);
    expect(ready(runs("stopped")).told["lastSuccess"]).toBe("2026-01-02T02:50:00.000Z");
    expect(ready(runs("planned")).told["lastSuccess"]).toBe("2026-01-02T02:59:00.000Z");
  });

  test("is none that waits for a person, and it says since when", () => {
    const waits = { result: "waiting", waiting: ["run pulumi up yourself"] } as const;
    const { fine, told } = ready(after([50, {}], [55, waits], [59, waits]));
    expect([fine, told["needsPersonSince"], told["waiting"]]).toEqual([
      false,
      "2026-01-02T02:55:00.000Z",
      ["run pulumi up yourself"],
    ]);
    expect(ready(after([55, waits], [59, {}])).told["needsPersonSince"]).toBeNull();
  });

  test("tells what each sync has failed with, how often, and when it last went well", () => {
    const problems = [{ code: "source.unreadable", message: "m", urn }] as const;
    const failed = { result: "failed", problems, ...web("failed") } as const;
    const { fine, told } = ready(
      after([40, web("synced")], [45, failed], [50, failed], [59, { result: "failed", ...web("resting") }]),
    );
    expect(fine).toBe(false);
    expect(told["syncs"]).toEqual([
      {
        sync: "web",
        result: "resting",
        failures: 2,
        code: "source.unreadable",
        lastSuccess: "2026-01-02T02:40:00.000Z",
      },
    ]);
  });

  test("tells no code of a sync that has recovered", () => {
    const problems = [{ code: "source.unreadable", message: "m", urn }] as const;
    const { told } = ready(after([45, { result: "failed", problems, ...web("failed") }], [59, web("synced")]));
    expect(told["syncs"]).toEqual([
      { sync: "web", result: "synced", failures: 0, lastSuccess: "2026-01-02T02:59:00.000Z" },
    ]);
  });

  test("tells the code of each of several failed syncs", () => {
    const other = urn.replace(/web$/, "api");
    const problems = [
      { code: "source.unreadable", message: "m", urn: other },
      { code: "destination.not_found", message: "m", urn },
    ] as const;
    const syncs = [...web("failed").syncs, { urn: other, sync: "api", result: "failed" as const }];
    const { told } = ready(after([59, { result: "failed", problems, syncs }]));
    expect(told["syncs"]).toMatchObject([
      { sync: "web", code: "destination.not_found" },
      { sync: "api", code: "source.unreadable" },
    ]);
  });

  test("tells what is held, and that a person is needed where it is so", () => {
    const hold = { urn, sync: "web", kind: "person", reason: "somebody else keeps changing A" } as const;
    const { fine, told } = ready(after([59, { result: "held", holds: [hold], ...web("held") }]));
    expect(fine).toBe(false);
    expect(told["syncs"]).toMatchObject([{ result: "held", hold: "somebody else keeps changing A" }]);
  });

  test("tells since when the stack is locked, and that a stale lock needs a person", () => {
    const problems = [{ code: "stack.lock_stale", message: "m" }] as const;
    const locked = { result: "locked", isWhole: true, problems } as const;
    const { told } = ready(after([40, locked], [59, locked]));
    expect([told["lockedSince"], told["needsPersonSince"]]).toEqual(Array(2).fill("2026-01-02T02:40:00.000Z"));
  });

  test("is none that is overdue by three intervals, or whose run lasts longer than it may", () => {
    expect(ready(after([45, {}])).fine).toBe(true);
    expect(ready(after([44, {}])).fine).toBe(false);
    expect(ready({ ...after([44, {}]), runningSince: 50 * minute }).fine).toBe(true);
    expect(ready({ ...after([15, {}]), runningSince: 20 * minute }).fine).toBe(true);
    expect(ready({ ...after([15, {}]), runningSince: 20 * minute - 1 }).fine).toBe(false);
  });
});

describe("live", () => {
  const live = (over: Partial<StackHealth>) => judgeLive([{ ...after([59, { result: "failed" }]), ...over }], input);

  test("is a runner whose loops go round, whatever they find", () => {
    expect(live({})).toEqual({ fine: true, body: '{"live":true}\n' });
    expect(live({ runningSince: 21 * minute }).fine).toBe(true);
  });

  test("is none with a run that lasts longer than it may, or one that should have begun", () => {
    expect(live({ runningSince: 19 * minute })).toEqual({
      fine: false,
      body: '{"live":false,"stuck":["shop/prod"]}\n',
    });
    expect(live({ nextAt: 20 * minute }).fine).toBe(true);
    expect(live({ nextAt: 20 * minute - 1 }).fine).toBe(false);
  });
});
