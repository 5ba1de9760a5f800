// The clock of every schedule: whoever sets the machine's clock moves nothing.

import { afterEach, expect, test, vi } from "vitest";
import { longestSleep, monotonicClock } from "../../../provider/commands/watch/clock.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test.each([-40, 40])("a machine's clock that is set %s days off changes no time", (days) => {
  const before = monotonicClock.now();
  const now = Date.now();
  vi.spyOn(Date, "now").mockReturnValue(now + days * 86_400_000);
  expect(monotonicClock.now() - before).toBeLessThan(1000);
  expect(monotonicClock.now()).toBeGreaterThanOrEqual(before);
});

test.each([2 ** 31, 40 * 86_400_000, Infinity])(
  "a sleep of %s ms ends after an hour, and not at once, again and again",
  async (ms) => {
    vi.useFakeTimers();
    let isOver = false;
    void monotonicClock.sleep(ms).then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(longestSleep - 1);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isOver).toBe(true);
  },
);
