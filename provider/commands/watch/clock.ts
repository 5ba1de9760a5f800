// Command line, IO side: time for schedules and durations, independent of changes of the machine's clock.

import { type Clock, systemClock } from "../../clock.js";

/** A Node timer has 31 bits; a longer one fires at once, again and again. After a sleep, the clock is read again anyway. */
export const longestSleep = 60 * 60_000;

/** `now` counts milliseconds from the start of the process: setting the clock changes no wait. */
export const monotonicClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, ended) => systemClock.sleep(Math.min(Math.max(ms, 0), longestSleep), ended),
};
