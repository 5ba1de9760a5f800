// Leaf: time as an argument, so that waiting can be simulated in tests.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // Not unref'ed on purpose: a provider that waits for a retry or a deployment must stay alive.
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    }),
};
