// Pure: when the next request may start, so that a vendor's burst limit is never exceeded. No clock, no network.

import type { RateHeaders } from "./rate-headers.js";

export interface PaceLimits {
  /** At most this many requests … */
  readonly requests: number;
  /** … in any window of this length. DigitalOcean: 250 a minute, https://docs.digitalocean.com/reference/api/intro/#rate-limit */
  readonly windowMs: number;
  /** Requests under way at the same time. */
  readonly parallel: number;
}

export const defaultPaceLimits: PaceLimits = { requests: 250, windowMs: 60_000, parallel: 16 };

export interface PaceState {
  readonly inFlight: number;
  /** Ends of past requests within the window, oldest first. */
  readonly ended: readonly number[];
  /** The server does not want to hear from us before this time (a 429). */
  readonly closedUntil: number;
  /** What the last answer said about the server's own window. */
  readonly server?: { readonly remaining: number; readonly resetAt: number };
}

export const freshPace: PaceState = { inFlight: 0, ended: [], closedUntil: 0 };

export type PaceDecision =
  | { readonly kind: "go" }
  /** Look again at this time. `asked` when the server named it, otherwise it is our own window. */
  | { readonly kind: "wait"; readonly until: number; readonly asked: boolean }
  /** Look again when a request under way has ended. */
  | { readonly kind: "crowded" };

export function decidePace(state: PaceState, now: number, limits: PaceLimits): PaceDecision {
  if (state.closedUntil > now) return { kind: "wait", until: state.closedUntil, asked: true };
  return decideByServer(state, now) ?? decideByWindow(state, now, limits);
}

/**
 * DigitalOcean's reset is the moment at which the oldest request leaves a sliding window, not a full refill. So after it one
 * request may go, and its answer says how many more. Requests under way are assumed not to be counted yet.
 */
function decideByServer({ server, inFlight }: PaceState, now: number): PaceDecision | undefined {
  if (server === undefined) return undefined;
  const left = server.resetAt > now ? server.remaining : Math.max(1, server.remaining);
  if (left > inFlight) return undefined;
  return inFlight > 0 ? { kind: "crowded" } : { kind: "wait", until: server.resetAt, asked: true };
}

/**
 * A request counts from its start until one window after its *end*: the server saw it somewhere in between, so whatever the
 * latency, no window of the server holds more than the limit.
 */
function decideByWindow(state: PaceState, now: number, limits: PaceLimits): PaceDecision {
  if (state.inFlight >= limits.parallel) return { kind: "crowded" };
  const counted = state.ended.filter((at) => at + limits.windowMs >= now);
  const excess = counted.length + state.inFlight - limits.requests;
  if (excess < 0) return { kind: "go" };
  const oldest = counted[excess];
  // One millisecond more, so that it holds for windows with both ends included.
  return oldest === undefined
    ? { kind: "crowded" }
    : { kind: "wait", until: oldest + limits.windowMs + 1, asked: false };
}

export function startRequest(state: PaceState): PaceState {
  return { ...state, inFlight: state.inFlight + 1 };
}

/** @param rates undefined when there was no answer; what is known about the server then stays. */
export function endRequest(state: PaceState, now: number, rates: RateHeaders | undefined): PaceState {
  const { remaining, resetAt } = rates ?? {};
  return {
    ...state,
    inFlight: state.inFlight - 1,
    ended: [...state.ended, now],
    // Without a time to come back, "none left" is no use; a 429 will say more.
    ...(remaining === undefined || resetAt === undefined ? {} : { server: { remaining, resetAt } }),
  };
}

export function forgetBefore(state: PaceState, oldest: number): PaceState {
  return { ...state, ended: state.ended.filter((at) => at >= oldest) };
}

export function closeUntil(state: PaceState, until: number): PaceState {
  return { ...state, closedUntil: Math.max(state.closedUntil, until) };
}
