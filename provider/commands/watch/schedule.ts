// Pure: when a stack runs next. Changes wait for quiet, the interval has jitter, and failures back off, per stack and per sync.

import type { Urn } from "../pulumi/urn.js";

/** Milliseconds, all of them. */
export interface Timing {
  /** Between two runs without another cause. */
  readonly interval: number;
  /** After the last of several changes; an editor, a git pull or a vault's webhooks come in bursts. */
  readonly quiet: number;
  /** An endless stream of changes waits no longer than this. */
  readonly mostQuiet: number;
  /** The first wait after a failure; each further one is twice as long. */
  readonly firstRetry: number;
  readonly lastRetry: number;
}

export const usualTiming: Timing = {
  interval: 5 * 60_000,
  quiet: 2_000,
  mostQuiet: 30_000,
  firstRetry: 15_000,
  lastRetry: 30 * 60_000,
};

/** What made a run due. */
export type Cause = "start" | "file" | "webhook" | "signal" | "interval" | "retry";

/** A sync whose last runs have failed, while others of its stack go on. */
interface BackOff {
  readonly failures: number;
  /** It is left out before this time. */
  readonly until: number;
}

export interface Schedule {
  /** When a run is due without a change, and its cause. */
  readonly regular: { readonly at: number; readonly cause: Cause };
  readonly changes?: { readonly first: number; readonly last: number; readonly causes: readonly Cause[] } | undefined;
  /** Failures of the whole stack since the last successful run. */
  readonly failures: number;
  readonly syncs: ReadonlyMap<Urn, BackOff>;
}

/** A stack that was just opened runs at once, because what happened before is unknown. */
export function startSchedule(now: number): Schedule {
  return { regular: { at: now, cause: "start" }, failures: 0, syncs: new Map() };
}

export function noteChange(schedule: Schedule, cause: Cause, now: number): Schedule {
  const { first = now, causes = [] } = schedule.changes ?? {};
  return { ...schedule, changes: { first, last: now, causes: [...new Set([...causes, cause])].sort() } };
}

/**
 * The next run. A change runs even while failures back off: it may be the repair, and the wait after another failure still grows.
 */
export function nextRun({ regular, changes }: Schedule, timing: Timing): { at: number; causes: readonly Cause[] } {
  if (changes === undefined) return { at: regular.at, causes: [regular.cause] };
  const quietAt = Math.min(changes.last + timing.quiet, changes.first + timing.mostQuiet);
  if (quietAt <= regular.at) return { at: quietAt, causes: changes.causes };
  // A run sees every earlier change.
  return { at: regular.at, causes: [regular.cause, ...changes.causes] };
}

const changesOfOthers: readonly Cause[] = ["start", "file", "webhook", "signal"];

/** Syncs that a run leaves out, because they failed recently. A change may be the repair, so then none is left out. */
export function restingSyncs({ syncs }: Schedule, { causes, now }: { causes: readonly Cause[]; now: number }): Urn[] {
  if (causes.some((cause) => changesOfOthers.includes(cause))) return [];
  return [...syncs].flatMap(([urn, { until }]) => (until > now ? [urn] : []));
}

/** A run begins: it sees what has changed so far; what changes from now on causes another. */
export function noteStart(schedule: Schedule): Schedule {
  return { ...schedule, changes: undefined };
}

export interface RunEnd {
  /** The stack as a whole did; single syncs may have failed. */
  readonly succeeded: boolean;
  /** Syncs that have failed, and those that have not; others are unknown. */
  readonly failed?: readonly Urn[];
  readonly well?: readonly Urn[];
  /** Something was put off until this time. */
  readonly again?: number | undefined;
  readonly now: number;
  /** From 0 up to 1. */
  readonly random: number;
}

export function noteEnd(schedule: Schedule, end: RunEnd, timing: Timing): Schedule {
  const { succeeded, now, random, again = Infinity } = end;
  const syncs = backOff(schedule.syncs, end, timing);
  if (!succeeded) {
    const failures = schedule.failures + 1;
    return {
      ...schedule,
      syncs,
      failures,
      regular: { at: now + retryDelay(failures, random, timing), cause: "retry" },
    };
  }
  const interval = now + jitter(timing.interval, random);
  const retry = Math.min(again, ...[...syncs.values()].map(({ until }) => until));
  const regular =
    retry < interval ? ({ at: retry, cause: "retry" } as const) : ({ at: interval, cause: "interval" } as const);
  return { ...schedule, syncs, failures: 0, regular };
}

function backOff(before: Schedule["syncs"], { failed = [], well = [], now, random }: RunEnd, timing: Timing) {
  const syncs = new Map(before);
  for (const urn of well) syncs.delete(urn);
  for (const urn of failed) {
    const failures = (before.get(urn)?.failures ?? 0) + 1;
    syncs.set(urn, { failures, until: now + retryDelay(failures, random, timing) });
  }
  return syncs;
}

/** A tenth more or less, so that many runners on one account do not call in the same second. */
function jitter(interval: number, random: number): number {
  return Math.round(interval * (0.9 + random * 0.2));
}

/** Between half of twice the wait and all of it. */
export function retryDelay(failures: number, random: number, { firstRetry, lastRetry }: Timing): number {
  const twice = Math.min(lastRetry, firstRetry * 2 ** (failures - 1));
  return Math.round(twice * (0.5 + random / 2));
}
