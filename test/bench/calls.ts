// The emulator's record of requests, counted.

import type { World } from "../e2e/harness.js";

export function countCalls({ cloud }: World, call: string): number {
  return cloud.counts()[call] ?? 0;
}

/** For example `2 GET /{id}, 1 PUT /{id}`. */
export function nameCalls({ cloud }: World): string {
  const counts = Object.entries(cloud.counts()).map(([call, count]) => `${count} ${call.replace("/v2/", "")}`);
  return counts.length === 0 ? "none" : counts.join(", ");
}

/** The largest number of requests in any window of this length, both ends included. */
export function countBusiest({ cloud }: World, windowMs: number): number {
  const times = cloud.requests.map(({ at }) => at).sort((a, b) => a - b);
  return Math.max(0, ...times.map((end, index) => index + 1 - times.findIndex((at) => at >= end - windowMs)));
}
