// Pure: when a stack runs next. Changes wait for quiet, the interval has jitter, failures back off.

/** Milliseconds, all of them. */
export interface Timing {
  /** Between two runs that nothing else caused. */
  readonly interval: number;
  /** After the last of several changes; an editor, a git pull or a vault's webhooks come in bursts. */
  readonly quiet: number;
  /** A stream of changes that never ends waits no longer than this. */
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
export type Cause = "start" | "file" | "webhook" | "interval" | "retry";

export interface Schedule {
  /** When a run is due that no change has caused, and what it is then. */
  readonly regular: { readonly at: number; readonly cause: Cause };
  readonly changes?: { readonly first: number; readonly last: number; readonly causes: readonly Cause[] } | undefined;
  /** Failures since the last run that went well. */
  readonly failures: number;
}

/** A stack that was just opened runs at once: nobody knows what happened while nobody watched. */
export function startSchedule(now: number): Schedule {
  return { regular: { at: now, cause: "start" }, failures: 0 };
}

export function noteChange(schedule: Schedule, cause: Cause, now: number): Schedule {
  const { first = now, causes = [] } = schedule.changes ?? {};
  return { ...schedule, changes: { first, last: now, causes: [...new Set([...causes, cause])].sort() } };
}

/**
 * The next run. A change is news and runs also while failures back off: it may be the repair, and the wait after another failure
 * grows all the same.
 */
export function nextRun({ regular, changes }: Schedule, timing: Timing): { at: number; causes: readonly Cause[] } {
  const quietAt =
    changes === undefined ? Infinity : Math.min(changes.last + timing.quiet, changes.first + timing.mostQuiet);
  if (quietAt <= regular.at) return { at: quietAt, causes: changes?.causes ?? [] };
  // A run sees every change that came before it.
  return { at: regular.at, causes: [regular.cause, ...(changes?.causes ?? [])] };
}

/** A run begins: what has changed until now is seen by it, what changes from now on causes another. */
export function noteStart(schedule: Schedule): Schedule {
  return { ...schedule, changes: undefined };
}

export interface RunEnd {
  readonly succeeded: boolean;
  readonly now: number;
  /** From 0 up to 1. */
  readonly random: number;
}

export function noteEnd(schedule: Schedule, { succeeded, now, random }: RunEnd, timing: Timing): Schedule {
  if (succeeded) {
    return { ...schedule, failures: 0, regular: { at: now + jitter(timing.interval, random), cause: "interval" } };
  }
  const failures = schedule.failures + 1;
  return { ...schedule, failures, regular: { at: now + retryDelay(failures, random, timing), cause: "retry" } };
}

/** A tenth more or less, so that many runners on one account do not ask at the same second. */
function jitter(interval: number, random: number): number {
  return Math.round(interval * (0.9 + random * 0.2));
}

/** Between half of twice the wait and all of it. */
export function retryDelay(failures: number, random: number, { firstRetry, lastRetry }: Timing): number {
  const twice = Math.min(lastRetry, firstRetry * 2 ** (failures - 1));
  return Math.round(twice * (0.5 + random / 2));
}
