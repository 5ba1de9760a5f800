// Test side: time that passes only by sleeping. One that jumps, for a single caller, and one with a queue, for many.

import type { Clock } from "../../provider/clock.js";

export interface JumpingClock extends Clock {
  readonly sleeps: number[];
}

/** Every sleep ends at once and moves the time, unless there is no reason to sleep any more. */
export function createJumpingClock(start = Date.now()): JumpingClock {
  let now = start;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    sleep: async (ms, ended) => {
      const slept = ended?.aborted === true ? 0 : ms;
      sleeps.push(slept);
      now += slept;
    },
  };
}

export interface QueuedClock extends Clock {
  /** Runs until the work is done, moving the time to the next sleeper whenever nothing else can happen. */
  run<T>(work: Promise<T>): Promise<T>;
}

export function createQueuedClock(start = 1_000_000): QueuedClock {
  let now = start;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ at: now + ms, wake });
      }),
    run: async (work) => {
      const state = { done: false };
      const finished = work.finally(() => {
        state.done = true;
      });
      finished.catch(() => undefined);
      for (;;) {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        if (state.done) return finished;
        const next = Math.min(...sleepers.map((sleeper) => sleeper.at));
        if (!Number.isFinite(next)) throw new Error("everybody waits and nobody sleeps");
        now = Math.max(now, next);
        for (const sleeper of sleepers.splice(0)) {
          if (sleeper.at <= now) sleeper.wake();
          else sleepers.push(sleeper);
        }
      }
    },
  };
}
