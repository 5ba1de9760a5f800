// Pure: how long to wait before the next try, or why there is none. No clock, no randomness of its own.

import { type Headers, readRateHeaders } from "./rate-headers.js";

export interface RetryLimits {
  /** What is left of the patience for this call, in milliseconds. */
  readonly remainingMs: number;
  /** Tries in all when the server names no time; a 429 is bounded by patience alone. */
  readonly maxTries: number;
  readonly minMs: number;
  readonly baseMs: number;
  readonly capMs: number;
}

export interface RetryQuestion {
  /** Of the answer that failed; empty when there was none. */
  readonly headers: Headers;
  /** Whether the answer was a 429: only then is the reset of the rate window a reason to wait. */
  readonly limited: boolean;
  /** Tries made so far, from 1. */
  readonly attempt: number;
  readonly now: number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly limits: RetryLimits;
}

export type RetryTiming =
  | { readonly wait: number }
  /** `asked-too-long`: the server named a time beyond our patience. `askedMs` is that time from now. */
  | { readonly giveUp: "asked-too-long" | "patience" | "tries"; readonly askedMs?: number };

export const defaultRetryLimits = { maxTries: 5, minMs: 250, baseMs: 500, capMs: 20_000 } as const;

/** Never shorter than what the server asks for: asking early extends the ban on some services. */
export function timeRetry(question: RetryQuestion): RetryTiming {
  const { limited, attempt, random, limits } = question;
  const askedMs = readAsked(question);
  const asked = askedMs === undefined ? {} : { askedMs };
  if (askedMs !== undefined && askedMs > limits.remainingMs) return { giveUp: "asked-too-long", ...asked };
  if (!limited && attempt >= limits.maxTries) return { giveUp: "tries", ...asked };
  // Full jitter: syncs that failed together must not come back together.
  const backOff = random() * Math.min(limits.capMs, limits.baseMs * 2 ** (attempt - 1));
  const wait =
    askedMs === undefined ? Math.max(limits.minMs, backOff) : Math.max(limits.minMs, askedMs) + random() * limits.minMs;
  if (wait <= limits.remainingMs) return { wait: Math.ceil(wait) };
  // Only the jitter is too much: what the server asked for still fits.
  if (askedMs !== undefined && limits.remainingMs >= limits.minMs) return { wait: limits.remainingMs };
  return { giveUp: "patience", ...asked };
}

function readAsked({ headers, limited, now }: RetryQuestion): number | undefined {
  const rates = readRateHeaders(headers, now);
  // `retry-after` first: DigitalOcean's burst limit is a minute, while its `ratelimit-reset` speaks about the hour.
  // With requests left in that window, its reset is not what the 429 is about.
  const at = rates.retryAt ?? (limited && (rates.remaining ?? 0) === 0 ? rates.resetAt : undefined);
  return at === undefined ? undefined : Math.max(0, at - now);
}
