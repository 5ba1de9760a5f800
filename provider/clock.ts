// Leaf: time as an argument, so that waiting can be simulated in tests.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or as soon as `ended` is aborted. */
  sleep(ms: number, ended?: AbortSignal): Promise<void>;
}

/** A timer of Node holds 31 bits of milliseconds, and fires at once if it gets more, so every wait of ours ends after 24 days. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  // Not unref'ed on purpose: a provider that waits for a retry or a deployment must stay alive.
  sleep: (ms, ended) =>
    new Promise((resolve) => {
      if (ended?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        ended?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, Math.min(ms, longestTimer));
      ended?.addEventListener("abort", end);
    }),
};
