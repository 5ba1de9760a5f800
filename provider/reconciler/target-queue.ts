// Provider process: one writer per target, and one write for all the jobs that arrive together. The second documented module table.

import type { Clock } from "../clock.js";
import type { Job, Outcome } from "./job.js";

/** Jobs that arrive within this time of each other share a write; the engine starts independent steps within 40 ms. */
const quietMs = 120;
/** Nobody waits longer, whatever is still to come. */
const mostMs = 1_000;
const glanceMs = 40;

/** `late` hands over jobs with the same credentials that have arrived meanwhile; asked before a step that all of them can share. */
type RunBatch = (
  jobs: readonly Job[],
  late: () => readonly Job[],
) => Promise<ReadonlyMap<Job, PromiseSettledResult<Outcome>>>;

interface QueuedJob {
  readonly job: Job;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

interface Line {
  waiting: QueuedJob[];
  lastArrival: number;
  busy: boolean;
}

export interface TargetQueue {
  /** Reconciles a job, together with others for the same target. Time-boxed: nobody waits for a number of jobs. */
  enqueue(job: Job): Promise<Outcome>;
  /**
   * Does something that jobs may follow, as every check does. A write that is about to start waits for them, within its bound; which
   * target they are for is often known only at the end.
   */
  holdWhile<T>(operation: () => Promise<T>): Promise<T>;
}

export function createTargetQueue(clock: Clock, runBatch: RunBatch): TargetQueue {
  const lines = new Map<string, Line>();

  /** Operations under way that jobs may follow, and when the last one ended. */
  let expected = 0;
  let lastExpected = -Infinity;
  const isHeld = () => expected > 0;

  /** In short looks, and by the time that was asked for: while the process itself stood still, nobody could arrive. */
  const gather = async (line: Line, wasBusy: boolean) => {
    // A prune waits longer: syncs that are checked meanwhile say what they hold.
    const prunes = line.waiting.some(({ job }) => job.rules.overwrite);
    const quiet = prunes ? mostMs : quietMs;
    const idleSince = () => clock.now() - Math.max(line.lastArrival, lastExpected);
    // What arrived during a write has waited already.
    let idle = wasBusy ? idleSince() : 0;
    for (let waited = 0; waited < mostMs && (isHeld() || idle < quiet);) {
      const nap = Math.max(1, Math.min(glanceMs, isHeld() ? glanceMs : quiet - idle, mostMs - waited));
      await clock.sleep(nap);
      waited += nap;
      idle = Math.min(idle + nap, idleSince());
    }
  };

  const work = async (line: Line) => {
    line.busy = true;
    for (let wasBusy = false; line.waiting.length > 0; wasBusy = true) {
      await gather(line, wasBusy);
      const batch = line.waiting;
      line.waiting = [];
      // One set of credentials per request: a token must not write what only another token may.
      for (const group of groupByCredentials(batch)) await run(group, line, runBatch);
    }
    line.busy = false;
  };

  return {
    enqueue: async (job) => {
      // A name has to be looked up first, and may turn out to mean a target that others write to by id.
      expected += 1;
      const targetId = await job.target.resolve().finally(() => (expected -= 1));
      const name = `${job.target.type}\u0000${targetId}`;
      const line = lines.get(name) ?? { waiting: [], lastArrival: 0, busy: false };
      lines.set(name, line);
      return new Promise<Outcome>((resolve, reject) => {
        line.waiting.push({ job, resolve, reject });
        line.lastArrival = clock.now();
        if (!line.busy) void work(line);
      });
    },
    holdWhile: async (operation) => {
      expected += 1;
      try {
        return await operation();
      } finally {
        expected -= 1;
        lastExpected = clock.now();
      }
    },
  };
}

function groupByCredentials(batch: readonly QueuedJob[]): QueuedJob[][] {
  const groups = new Map<string, QueuedJob[]>();
  for (const waiting of batch) {
    const { credentialsId } = waiting.job.target;
    groups.set(credentialsId, [...(groups.get(credentialsId) ?? []), waiting]);
  }
  return [...groups.values()];
}

async function run(first: readonly QueuedJob[], line: Line, runBatch: RunBatch): Promise<void> {
  const group = [...first];
  const credentialsId = first[0]?.job.target.credentialsId;
  const late = () => {
    const joining = line.waiting.filter(({ job }) => job.target.credentialsId === credentialsId);
    line.waiting = line.waiting.filter((waiting) => !joining.includes(waiting));
    group.push(...joining);
    return joining.map(({ job }) => job);
  };
  try {
    const results = await runBatch(
      first.map(({ job }) => job),
      late,
    );
    for (const { job, resolve, reject } of group) {
      const result = results.get(job);
      if (result?.status === "fulfilled") resolve(result.value);
      else reject(result?.reason);
    }
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}
