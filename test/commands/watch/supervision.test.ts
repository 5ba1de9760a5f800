// What systemd is told: that the runner is up, that it goes on, that it ends.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startSupervision } from "../../../provider/commands/watch/supervision.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Messages within a minute, of a runner that is stuck after half of it. */
function watchMinute(env: Record<string, string>): string[] {
  const sent: string[] = [];
  let isLive = true;
  const end = startSupervision({ env, isLive: () => isLive, send: (message) => sent.push(message) });
  vi.advanceTimersByTime(30_000);
  isLive = false;
  vi.advanceTimersByTime(30_000);
  end();
  return sent;
}

const socket = { NOTIFY_SOCKET: "/run/systemd/notify" };

test("a runner that systemd watches says three times per period that it goes on, until it is stuck", () => {
  expect(watchMinute({ ...socket, WATCHDOG_USEC: "30000000" })).toEqual([
    "READY=1",
    "WATCHDOG=1",
    "WATCHDOG=1",
    "WATCHDOG=1",
    "STOPPING=1",
  ]);
});

test("without a period it says when it is up and when it ends, and without systemd nothing", () => {
  expect(watchMinute(socket)).toEqual(["READY=1", "STOPPING=1"]);
  expect(watchMinute({ ...socket, WATCHDOG_USEC: "30000000", WATCHDOG_PID: "1" })).toEqual(["READY=1", "STOPPING=1"]);
  expect(watchMinute({ WATCHDOG_USEC: "30000000" })).toEqual([]);
});
