// Command line, IO side: time for schedules and durations, which no change of the machine's clock moves.

import { type Clock, systemClock } from "../../clock.js";

/** A timer of Node holds 31 bits; a longer one fires at once, again and again. Whoever sleeps looks at the clock again anyway. */
export const longestSleep = 60 * 60_000;

/** `now` counts milliseconds from the start of the process: a clock that is set back or forward changes no wait. */
export const monotonicClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, ended) => systemClock.sleep(Math.min(Math.max(ms, 0), longestSleep), ended),
};
