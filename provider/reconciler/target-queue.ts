// Provider process: one writer per target, and one write for all the jobs that arrive together. The second documented module table.

import type { Clock } from "../clock.js";
import type { Debt, Door } from "./batch/door.js";
import { listProblems, type Problem } from "../errors.js";
import type { Snapshot } from "../destinations/destination.js";
import type { Job, Outcome } from "./batch/job.js";
import { isCarrier, nobodyElse, type Outlook } from "./batch/waiting.js";
import { watchFor } from "./batch/watching.js";

/** Jobs that arrive within this time of each other share a write; the engine starts independent steps within 40 ms. */
const quietMs = 120;
/** No job waits longer, whatever is still to come. */
const mostMs = 1_000;
const glanceMs = 40;
/** The same while the engine has room for others of the target that are still to come. */
const patient = { quietMs: 500, mostMs: 3_000 };

type RunBatch = (jobs: readonly Job[], door: Door) => Promise<ReadonlyMap<Job, PromiseSettledResult<Outcome>>>;

/** What is known of a target's syncs that have not asked for a write yet, after so many more steps have ended. */
type LookOut = (targetId: string, leaving: number) => Outlook;

interface QueuedJob {
  readonly job: Job;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
}

interface Line {
  readonly targetId: string;
  waiting: QueuedJob[];
  lastArrival: number;
  busy: boolean;
  /** Aborted by the next arrival. */
  call: AbortController;
  readonly own: Set<string>;
  readonly vacated: Door["vacated"];
  debt: Debt | undefined;
  /** The last job that came. */
  last: Job | undefined;
}

function openLine(targetId: string): Line {
  return {
    targetId,
    waiting: [],
    lastArrival: 0,
    busy: false,
    call: new AbortController(),
    own: new Set(),
    vacated: new Map(),
    debt: undefined,
    last: undefined,
  };
}

export interface TargetQueue {
  /** Reconciles a job, together with others for the same target. Time-boxed: no job waits for a number of others. */
  enqueue(job: Job): Promise<Outcome>;
  /**
   * Runs an operation that jobs may follow, such as a check. A write that is about to start waits for them, within its limit; which
   * target they are for is often known only at the end.
   */
  holdWhile<T>(operation: () => Promise<T>): Promise<T>;
  /** Whether a target has a deployment that no sync waits for. */
  isOwed(targetId: string): boolean;
  /**
   * Waits for the deployments of this run that no sync waits for, at every target or at one.
   *
   * @returns what went wrong with them
   */
  settleOwed(report: Job["report"], targetId?: string): Promise<readonly Problem[]>;
}

export function createTargetQueue(clock: Clock, runBatch: RunBatch, lookOut: LookOut = () => nobodyElse): TargetQueue {
  const lines = new Map<string, Line>();

  /** Operations under way that jobs may follow, and when the last one ended. */
  let expected = 0;
  let lastExpected = -Infinity;
  const isHeld = () => expected > 0;

  /** In short naps, counted by the time asked for: while the process itself was suspended, no job could arrive. */
  const gather = async (line: Line, wasBusy: boolean) => {
    const limits = () => findLimits(line, lookOut);
    const idleSince = () => clock.now() - Math.max(line.lastArrival, lastExpected);
    // What arrived during a write has already waited.
    let idle = wasBusy ? idleSince() : 0;
    for (let waited = 0; ;) {
      const { quietMs: quiet, mostMs: most } = limits();
      if (waited >= most || (!isHeld() && idle >= quiet)) return;
      const nap = Math.max(1, Math.min(glanceMs, isHeld() ? glanceMs : quiet - idle, most - waited));
      await clock.sleep(nap);
      waited += nap;
      idle = Math.min(idle + nap, idleSince());
    }
  };

  const work = async (line: Line) => {
    line.busy = true;
    for (let wasBusy = false; line.waiting.length > 0; wasBusy = true) {
      await gather(line, wasBusy);
      const first = takeGroup(line, line.waiting[0]?.job.target.credentialsId);
      await run(first, line, { runBatch, lookOut, gather: () => gather(line, true) });
    }
    line.busy = false;
  };

  const enqueue = async (job: Job): Promise<Outcome> => {
    // A name has to be looked up first, and may turn out to be a target that others address by id.
    expected += 1;
    const targetId = await job.target.resolve().finally(() => (expected -= 1));
    const name = `${job.target.type}\u0000${targetId}`;
    const line = lines.get(name) ?? openLine(targetId);
    lines.set(name, line);
    return new Promise<Outcome>((resolve, reject) => {
      line.waiting.push({ job, resolve, reject });
      line.lastArrival = clock.now();
      if (isCarrier(job.target)) line.last = job;
      line.call.abort();
      if (!line.busy) void work(line);
    });
  };

  return {
    enqueue,
    holdWhile: async (operation) => {
      expected += 1;
      try {
        return await operation();
      } finally {
        expected -= 1;
        lastExpected = clock.now();
      }
    },
    isOwed: (targetId) => listOwed(lines, targetId).length > 0,
    settleOwed: async (report, targetId) => {
      const jobs = listOwed(lines, targetId).flatMap(({ last }) =>
        last === undefined ? [] : [watchFor(last, report)],
      );
      const ends = await Promise.all(
        jobs.map((job) =>
          enqueue(job).then(({ problem, snapshot }) => (problem ? nameTarget(problem, snapshot) : []), listProblems),
        ),
      );
      return ends.flat();
    },
  };
}

/** The problem is reported under a sync of another target. */
function nameTarget({ message, ...problem }: Problem, { targetName }: Snapshot): Problem {
  return { ...problem, message: message.includes(targetName) ? message : `${targetName}: ${message}` };
}

/** A prune waits longer: syncs that are checked meanwhile register what they hold. */
function findLimits(line: Line, lookOut: LookOut): { readonly quietMs: number; readonly mostMs: number } {
  const prunes = line.waiting.some(({ job }) => job.rules.overwrite);
  const { isComing, isDeclared, isFull } = lookOut(line.targetId, 0);
  const limits = (isDeclared || isComing) && !isFull ? patient : { quietMs, mostMs };
  return prunes ? { ...limits, quietMs: mostMs } : limits;
}

/** The lines with a deployment that no sync waits for. */
function listOwed(lines: ReadonlyMap<string, Line>, targetId: string | undefined): Line[] {
  return [...lines.values()].filter(
    (line) => (targetId === undefined || line.targetId === targetId) && line.debt !== undefined && !line.busy,
  );
}

/** One set of credentials per request: a token must not write what only another token may. */
function takeGroup(line: Line, credentialsId: string | undefined): QueuedJob[] {
  const group = line.waiting.filter(({ job }) => job.target.credentialsId === credentialsId);
  line.waiting = line.waiting.filter((waiting) => !group.includes(waiting));
  return group;
}

interface RunInput {
  readonly runBatch: RunBatch;
  readonly lookOut: LookOut;
  readonly gather: () => Promise<void>;
}

async function run(first: readonly QueuedJob[], line: Line, { runBatch, lookOut, gather }: RunInput): Promise<void> {
  const group = [...first];
  const credentialsId = first[0]?.job.target.credentialsId;
  const isCalled = () => line.waiting.some(({ job }) => job.target.credentialsId === credentialsId);
  const door: Door = {
    gather,
    late: () => {
      const joining = takeGroup(line, credentialsId);
      group.push(...joining);
      return joining.map(({ job }) => job);
    },
    isCalled,
    call: () => {
      if (isCalled()) return AbortSignal.abort();
      if (line.call.signal.aborted) line.call = new AbortController();
      return line.call.signal;
    },
    outlook: (leaving) => {
      const outlook = lookOut(line.targetId, leaving);
      return { ...outlook, isComing: outlook.isComing || line.waiting.some(({ job }) => isCarrier(job.target)) };
    },
    answer: (job, outcome) => group.find((queued) => queued.job === job)?.resolve(outcome),
    own: line.own,
    vacated: line.vacated,
    get debt() {
      return line.debt;
    },
    set debt(debt) {
      line.debt = debt;
    },
  };
  try {
    const results = await runBatch(
      first.map(({ job }) => job),
      door,
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
