// Pure: the resource option `customTimeouts` as the limit of a wait. A dynamic provider does not get it, so the program sends it.

import type { Target } from "../../destinations/destination.js";
import type { Properties } from "../engine/wire.js";

/** How long each operation may wait, in milliseconds; undefined if the destination's own limit applies. */
export interface Timeouts {
  readonly create?: number | undefined;
  readonly update?: number | undefined;
  readonly delete?: number | undefined;
}

const units = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/** Reads what the program sends. The engine has already refused anything but durations. */
export function readTimeouts(sent: unknown): Timeouts {
  if (typeof sent !== "object" || sent === null) return {};
  const { create, update, delete: remove } = sent as Properties;
  return { create: readDuration(create), update: readDuration(update), delete: readDuration(remove) };
}

/** Go's notation: `90s`, `1h15m`, `1.5h`. None of it, or zero, is no limit. */
function readDuration(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const parts = [...text.matchAll(part)];
  if (parts.map(([all]) => all).join("") !== text) return undefined;
  const ms = parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], 0);
  return ms > 0 ? ms : undefined;
}

/** The target with another limit for its waits: for the deployment of a write, and for one that blocks it. */
export function limitWaits(target: Target, timeoutMs: number | undefined): Target {
  return timeoutMs === undefined ? target : { ...target, deployment: { ...target.deployment, timeoutMs } };
}
