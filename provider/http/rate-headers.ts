// Pure: reads what a server says about its limits and translates it to the local clock.

export type Headers = Readonly<Record<string, string>>;

export interface RateHeaders {
  /** Local time (ms) before which the server does not want to hear from us: `retry-after`. */
  readonly retryAt?: number;
  /** Local time (ms) at which a slot becomes free: `ratelimit-reset` or `x-ratelimit-reset`. */
  readonly resetAt?: number;
  /** Requests left until then. */
  readonly remaining?: number;
}

const hour = 3_600_000;
const farthestRetry = 24 * hour;
// Both vendors count within an hour or less: a reset farther away is a unit or a clock that we misunderstand.
const farthestReset = hour;

export function readRateHeaders(headers: Headers, now: number): RateHeaders {
  const clock = { now, serverNow: Date.parse(headers["date"] ?? "") };
  const retryAt = readInstant(headers["retry-after"], farthestRetry, clock);
  const resetAt = readInstant(headers["ratelimit-reset"] ?? headers["x-ratelimit-reset"], farthestReset, clock);
  const remaining = headers["ratelimit-remaining"] ?? headers["x-ratelimit-remaining"] ?? "";
  return {
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(resetAt === undefined ? {} : { resetAt }),
    ...(/^\d{1,12}$/.test(remaining) ? { remaining: Number(remaining) } : {}),
  };
}

/**
 * One reading for all spellings in use. Small numbers are seconds from now (`retry-after`, and `x-ratelimit-reset` of Infisical),
 * larger ones epoch seconds (DigitalOcean, Netlify: https://docs.digitalocean.com/reference/api/intro/#rate-limit), still larger
 * ones can only be epoch milliseconds. A time in the past or too far ahead cannot be meant and is dropped.
 */
function readInstant(
  text: string | undefined,
  farthest: number,
  clock: { now: number; serverNow: number },
): number | undefined {
  if (text === undefined) return undefined;
  const sane = (wait: number) => wait >= 0 && wait <= farthest;
  const number = /^\d{1,15}(?:\.\d{1,6})?$/.test(text.trim()) ? Number(text) : undefined;
  if (number !== undefined && number < 1e7) return sane(number * 1000) ? clock.now + number * 1000 : undefined;
  const epoch = number === undefined ? parseHttpDate(text) : number < 1e11 ? number * 1000 : number;
  // The server's own `date` is the clock its times belong to; ours is second best, for servers that send none or a wrong one.
  const wait = [epoch - clock.serverNow, epoch - clock.now].find(sane);
  return wait === undefined ? undefined : clock.now + wait;
}

function parseHttpDate(text: string): number {
  return /^[A-Za-z]{3,9}, /.test(text) ? Date.parse(text) : Number.NaN;
}
