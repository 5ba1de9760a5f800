// Pure: the state of stacks and syncs over many runs, as an operator's alarm needs it. Names, counts and times only.

import { printableJson } from "../../printable.js";
import { addUses, type VendorUses } from "../../vendor-calls.js";
import type { Outcome, RunResult, SyncResult } from "./outcome.js";
import type { Urn } from "../pulumi/urn.js";

/** One sync over its runs. Times are milliseconds of the monotonic clock. */
export interface SyncHealth {
  readonly sync: string;
  readonly result: SyncResult["result"];
  readonly failures: number;
  readonly lastSuccessAt?: number | undefined;
  readonly code?: string | undefined;
  /** What it waits for. */
  readonly hold?: string | undefined;
  readonly needsPerson: boolean;
}

/** How often each thing has happened since the runner started. */
export interface Counts {
  readonly runs: Readonly<Partial<Record<RunResult, number>>>;
  readonly writes: number;
  readonly repairedKeys: number;
  readonly failedDeployments: number;
  readonly seconds: number;
  readonly vendors: VendorUses;
}

/** The results of a stack's runs. */
export interface RunHistory {
  readonly stack: string;
  readonly startedAt: number;
  readonly last?: { readonly endedAt: number; readonly wall: number; readonly result: RunResult } | undefined;
  readonly lastSuccessAt?: number | undefined;
  readonly needsPersonSince?: number | undefined;
  readonly lockedSince?: number | undefined;
  readonly waiting: readonly string[];
  readonly syncs: ReadonlyMap<Urn, SyncHealth>;
  readonly counts: Counts;
}

/** One stack as the runner sees it now. */
export interface StackHealth extends RunHistory {
  readonly runningSince?: number | undefined;
  readonly nextAt: number;
  readonly failures: number;
}

export function startHealth(stack: string, now: number): RunHistory {
  const counts = { runs: {}, writes: 0, repairedKeys: 0, failedDeployments: 0, seconds: 0, vendors: new Map() };
  return { stack, startedAt: now, waiting: [], syncs: new Map(), counts };
}

export function isTrouble(result: RunResult): boolean {
  return result === "failed" || result === "locked";
}

const wellResults: ReadonlySet<string> = new Set(["synced", "unchanged", "planned"]);

/** Now, on both clocks, and how long the run took; milliseconds. */
interface RunTimes {
  readonly now: number;
  readonly wall: number;
  readonly durationMs: number;
}

export function noteOutcome(before: RunHistory, outcome: Outcome, { now, wall, durationMs }: RunTimes): RunHistory {
  const { result, waiting, isWhole, problems } = outcome;
  const syncs = isWhole
    ? before.syncs
    : new Map(outcome.syncs.map((one) => [one.urn, noteSync(before.syncs.get(one.urn), one, { ...outcome, now })]));
  const needsPerson =
    waiting.length > 0 ||
    problems.some(({ code }) => code === "stack.lock_stale") ||
    [...syncs.values()].some((sync) => sync.needsPerson);
  return {
    ...before,
    last: { endedAt: now, wall, result },
    lastSuccessAt: isTrouble(result) || result === "stopped" ? before.lastSuccessAt : now,
    needsPersonSince: needsPerson ? (before.needsPersonSince ?? now) : undefined,
    lockedSince: result === "locked" ? (before.lockedSince ?? now) : undefined,
    waiting,
    syncs,
    counts: count(before.counts, outcome, durationMs),
  };
}

function noteSync(before: SyncHealth | undefined, one: SyncResult, run: Outcome & { now: number }): SyncHealth {
  const { holds, problems, now } = run;
  const hold = holds.find(({ urn }) => urn === one.urn);
  const problem = problems.find(({ urn }) => urn === one.urn);
  const isWell = wellResults.has(one.result);
  return {
    sync: one.sync,
    result: one.result,
    ...countFailures(before, one.result),
    lastSuccessAt: isWell ? now : before?.lastSuccessAt,
    code: problem?.code ?? (one.result === "resting" ? before?.code : undefined),
    hold: hold?.reason,
    needsPerson: hold?.kind === "person" || one.result === "waiting",
  };
}

/** A resting sync keeps its number of failures. */
function countFailures(before: SyncHealth | undefined, result: SyncResult["result"]): Pick<SyncHealth, "failures"> {
  const failures = before?.failures ?? 0;
  if (result === "failed") return { failures: failures + 1 };
  return { failures: result === "resting" ? failures : 0 };
}

function count(
  before: Counts,
  { result, changes, problems, vendors = new Map() }: Outcome,
  durationMs: number,
): Counts {
  const failed = problems.filter(({ code }) => code.startsWith("deployment.")).length;
  return {
    ...before,
    runs: { ...before.runs, [result]: (before.runs[result] ?? 0) + 1 },
    writes: before.writes + changes.length,
    repairedKeys: changes.reduce((sum, { repaired = 0 }) => sum + repaired, before.repairedKeys),
    failedDeployments: before.failedDeployments + failed,
    seconds: before.seconds + durationMs / 1000,
    vendors: addUses(before.vendors, vendors),
  };
}

export interface Judgement {
  readonly fine: boolean;
  readonly body: string;
}

export interface JudgeInput {
  /** Of the monotonic clock. */
  readonly now: number;
  /** Milliseconds since the epoch, to show times to people. */
  readonly wall: number;
  readonly interval: number;
  /** Milliseconds that a run may take at most. */
  readonly longestRun: number;
}

/** Whether the runner itself works: no run exceeds its limit, and every due loop runs. */
export function judgeLive(stacks: readonly StackHealth[], { now, longestRun }: JudgeInput): Judgement {
  const stuck = stacks.filter(({ runningSince, nextAt }) => now - (runningSince ?? nextAt) > longestRun);
  const body = stuck.length === 0 ? { live: true } : { live: false, stuck: stuck.map(({ stack }) => stack) };
  return { fine: stuck.length === 0, body: `${printableJson(body)}\n` };
}

/** Whether every stack and sync is up to date: none fails, needs a person, or is overdue by three intervals. */
export function judgeReady(stacks: readonly StackHealth[], input: JudgeInput): Judgement {
  const told = stacks.map((stack) => describeStack(stack, input));
  return { fine: told.every(({ fine }) => fine), body: `${printableJson({ stacks: told })}\n` };
}

function describeStack(health: StackHealth, { now, wall, interval, longestRun }: JudgeInput) {
  const { stack, startedAt, last, runningSince, nextAt, failures, waiting, syncs } = health;
  const at = (time: number | undefined) => (time === undefined ? null : new Date(wall - now + time).toISOString());
  const isRunning = runningSince !== undefined;
  const overdue = isRunning ? now - runningSince > longestRun : now - (last?.endedAt ?? startedAt) > 3 * interval;
  const failed = last === undefined || isTrouble(last.result);
  return {
    stack,
    fine: !overdue && !failed && health.needsPersonSince === undefined,
    running: isRunning,
    lastRun: at(last?.endedAt),
    result: last?.result ?? null,
    next: at(nextAt),
    lastSuccess: at(health.lastSuccessAt),
    failures,
    needsPersonSince: at(health.needsPersonSince),
    lockedSince: at(health.lockedSince),
    ...(waiting.length === 0 ? {} : { waiting }),
    syncs: [...syncs.values()].map(({ lastSuccessAt, ...one }) => ({
      sync: one.sync,
      result: one.result,
      failures: one.failures,
      code: one.code,
      hold: one.hold,
      lastSuccess: at(lastSuccessAt),
    })),
  };
}
