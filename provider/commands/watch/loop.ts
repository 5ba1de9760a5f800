// Command line: keeps one stack running, one run at a time. Time, chance and the run itself are arguments.

import type { Clock } from "../../clock.js";
import { noteOutcome, type StackHealth, startHealth } from "./health.js";
import type { Outcome } from "./outcome.js";
import type { Report } from "./report.js";
import type { RunOrder } from "./run-context.js";
import {
  type Cause,
  nextRun,
  noteChange,
  noteEnd,
  noteStart,
  restingSyncs,
  startSchedule,
  type Timing,
} from "./schedule.js";

export interface LoopOrder {
  readonly stack: string;
  /** A monotonic one. */
  readonly clock: Clock;
  /** Milliseconds since the epoch, for people only. */
  readonly wall: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly timing: Timing;
  readonly run: (order: RunOrder) => Promise<Outcome>;
  /** Waits for a turn among the stacks, then works. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  readonly newId: () => string;
  readonly onEnd: (report: Report) => Promise<void> | void;
}

export interface Loop {
  /** Something has changed: a run is due when things are quiet again, or another one after the current run. */
  note(cause: Cause): void;
  /** No further run begins; `done` resolves when the current one has ended. */
  stop(): void;
  readonly done: Promise<void>;
  health(): StackHealth;
}

export function startLoop(order: LoopOrder): Loop {
  const { clock, timing, stack } = order;
  let schedule = startSchedule(clock.now());
  let health = startHealth(stack, clock.now());
  let runningSince: number | undefined;
  let wake = new AbortController();
  const end = new AbortController();

  const runNow = async () => {
    if (end.signal.aborted) return;
    const beganAt = clock.now();
    const { causes } = nextRun(schedule, timing);
    const resting = restingSyncs(schedule, { causes, now: beganAt });
    schedule = noteStart(schedule);
    runningSince = beganAt;
    const outcome = await order.run({ causes, resting });
    const now = clock.now();
    runningSince = undefined;
    schedule = noteEnd(schedule, { ...judgeEnd(outcome), now, random: order.random() }, timing);
    health = noteOutcome(health, outcome, { now, wall: order.wall(), durationMs: now - beganAt });
    const nextAt = order.wall() + Math.max(0, nextRun(schedule, timing).at - now);
    const attempt = schedule.failures + 1;
    const report = { run: order.newId(), stack, causes, outcome, attempt, nextAt };
    await order.onEnd({ ...report, endedAt: order.wall(), durationMs: Math.round(now - beganAt) });
  };

  const work = async () => {
    while (!end.signal.aborted) {
      const wait = nextRun(schedule, timing).at - clock.now();
      if (wait <= 0) await order.inTurn(runNow);
      else await clock.sleep(wait, wake.signal);
      if (wake.signal.aborted) wake = new AbortController();
    }
  };

  return {
    note: (cause) => {
      schedule = noteChange(schedule, cause, clock.now());
      wake.abort();
    },
    stop: () => {
      end.abort();
      wake.abort();
    },
    done: work(),
    health: () => ({
      ...health,
      runningSince,
      nextAt: nextRun(schedule, timing).at,
      failures: schedule.failures,
    }),
  };
}

/** A failed sync backs off by itself; the stack does so when nothing could be done for it. */
function judgeEnd({ isWhole, syncs, again }: Outcome) {
  const urnsOf = (isIt: (result: string) => boolean) =>
    syncs.filter(({ result }) => isIt(result)).map(({ urn }) => urn);
  return {
    succeeded: !isWhole,
    failed: urnsOf((result) => result === "failed"),
    well: urnsOf((result) => result !== "failed" && result !== "resting"),
    again,
  };
}
