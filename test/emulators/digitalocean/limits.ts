// The request limits: a sliding hour and a sliding minute for each token.
export interface RateLimit {
  perMinute?: number;
  perHour?: number;
}

export interface LimitState {
  headers: Record<string, string>;
  /** Set when the request is refused; the burst limit says how long to wait, the hourly one does not. */
  refused?: "burst" | "hourly";
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DOCUMENTED_PER_HOUR = 5000;

export class RequestLimits {
  private readonly seen = new Map<string, number[]>();
  private readonly limit: RateLimit;

  /** Without a limit nothing is refused, and the headers speak of the documented 5000 an hour. */
  constructor(limit: RateLimit = {}) {
    this.limit = limit;
  }

  count(token: string, now: number): LimitState {
    const times = (this.seen.get(token) ?? []).filter((at) => at > now - HOUR);
    this.seen.set(token, times);
    const inMinute = times.filter((at) => at > now - MINUTE);
    const perHour = this.limit.perHour ?? DOCUMENTED_PER_HOUR;
    const burst = inMinute.length >= (this.limit.perMinute ?? Infinity);
    const hourly = times.length >= (this.limit.perHour ?? Infinity);
    if (!burst && !hourly) times.push(now);
    const headers: Record<string, string> = {
      "ratelimit-limit": String(perHour),
      "ratelimit-remaining": String(Math.max(0, perHour - times.length)),
      // The moment at which the oldest request leaves the window: one request is free again then, not all of them.
      "ratelimit-reset": String(Math.ceil(((times[0] ?? now) + HOUR) / 1000)),
    };
    if (hourly) return { headers, refused: "hourly" };
    if (!burst) return { headers };
    const wait = Math.max(1, Math.ceil(((inMinute[0] ?? now) + MINUTE - now) / 1000));
    return { headers: { ...headers, "retry-after": String(wait) }, refused: "burst" };
  }
}
