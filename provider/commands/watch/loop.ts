// Command line: keeps one stack running, one run at a time. Time, chance and the run itself are arguments.

import type { Clock } from "../../clock.js";
import { isTrouble, type Report, type StackHealth } from "./report.js";
import type { Outcome } from "./run.js";
import { type Cause, nextRun, noteChange, noteEnd, noteStart, startSchedule, type Timing } from "./schedule.js";

export interface LoopOrder {
  readonly stack: string;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly timing: Timing;
  readonly run: (causes: readonly Cause[]) => Promise<Outcome>;
  /** Waits for a turn among the stacks, then works. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  readonly onEnd: (report: Report) => Promise<void> | void;
}

export interface Loop {
  /** Something has changed: a run is due when it has become quiet, or one more after the run under way. */
  note(cause: Cause): void;
  /** No further run begins; `done` resolves when the one under way has ended. */
  stop(): void;
  readonly done: Promise<void>;
  health(): StackHealth;
}

export function startLoop(order: LoopOrder): Loop {
  const { clock, timing, stack } = order;
  const startedAt = clock.now();
  let schedule = startSchedule(startedAt);
  let isRunning = false;
  let last: StackHealth["last"];
  let wake = new AbortController();
  const end = new AbortController();

  const runNow = async () => {
    if (end.signal.aborted) return;
    const { causes } = nextRun(schedule, timing);
    schedule = noteStart(schedule);
    isRunning = true;
    const beganAt = clock.now();
    const outcome = await order.run(causes);
    const endedAt = clock.now();
    isRunning = false;
    last = { endedAt, result: outcome.result };
    schedule = noteEnd(
      schedule,
      { succeeded: !isTrouble(outcome.result), now: endedAt, random: order.random() },
      timing,
    );
    await order.onEnd({ stack, causes, outcome, endedAt, durationMs: endedAt - beganAt });
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
    health: () => ({ stack, startedAt, isRunning, last, nextAt: nextRun(schedule, timing).at }),
  };
}

/** At most `places` at the same time, in the order of asking. */
export function createTurns(places: number): LoopOrder["inTurn"] {
  let free = places;
  const queue: Array<() => void> = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((begin) => queue.push(begin));
    try {
      await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else free += 1;
    }
  };
}
