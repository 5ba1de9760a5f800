// Provider process: one writer per target, and one write for all the jobs that arrive together. The second documented module table.

import type { Clock } from "../clock.js";
import type { Job, Outcome } from "./job.js";

/** Jobs that arrive within this time of each other share a write; the engine starts independent steps within 40 ms. */
const quietMs = 120;
const mostMs = 1_000;

/** `late` hands over jobs of the same authority that have arrived meanwhile; asked before a step that all of them can share. */
type RunBatch = (
  jobs: readonly Job[],
  late: () => readonly Job[],
) => Promise<ReadonlyMap<Job, PromiseSettledResult<Outcome>>>;

interface Waiting {
  readonly job: Job;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

interface Line {
  waiting: Waiting[];
  lastArrival: number;
  busy: boolean;
}

export interface TargetQueue {
  /** Reconciles a job, together with others for the same target. Time-boxed: nobody waits for a number of jobs. */
  enqueue(job: Job): Promise<Outcome>;
}

export function createTargetQueue(clock: Clock, runBatch: RunBatch): TargetQueue {
  const lines = new Map<string, Line>();

  const gather = async (line: Line) => {
    const opened = clock.now();
    // A sweep waits longer: syncs that are checked meanwhile say what they hold.
    const sweeps = line.waiting.some(({ job }) => job.rules.overwrite);
    const quiet = sweeps ? mostMs : quietMs;
    while (clock.now() - line.lastArrival < quiet && clock.now() - opened < mostMs) {
      await clock.sleep(Math.max(1, quiet - (clock.now() - line.lastArrival)));
    }
  };

  const work = async (line: Line) => {
    line.busy = true;
    while (line.waiting.length > 0) {
      await gather(line);
      const batch = line.waiting;
      line.waiting = [];
      // One authority per request: a token must not write what only another token may.
      for (const group of byAuthority(batch)) await run(group, line, runBatch);
    }
    line.busy = false;
  };

  return {
    enqueue: async (job) => {
      const targetId = await job.target.resolve();
      const name = `${job.target.type}\u0000${targetId}`;
      const line = lines.get(name) ?? { waiting: [], lastArrival: 0, busy: false };
      lines.set(name, line);
      return new Promise<Outcome>((resolve, reject) => {
        line.waiting.push({ job, resolve, reject });
        line.lastArrival = clock.now();
        if (!line.busy) void work(line);
      });
    },
  };
}

function byAuthority(batch: readonly Waiting[]): Waiting[][] {
  const groups = new Map<string, Waiting[]>();
  for (const waiting of batch) {
    const { authority } = waiting.job.target;
    groups.set(authority, [...(groups.get(authority) ?? []), waiting]);
  }
  return [...groups.values()];
}

async function run(first: readonly Waiting[], line: Line, runBatch: RunBatch): Promise<void> {
  const group = [...first];
  const authority = first[0]?.job.target.authority;
  const late = () => {
    const joining = line.waiting.filter(({ job }) => job.target.authority === authority);
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
