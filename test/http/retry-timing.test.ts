// Retry timing as tables: what servers write, and how long we wait.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRateHeaders } from "../../provider/http/rate-headers.js";
import { defaultRetryLimits, type RetryQuestion, timeRetry } from "../../provider/http/retry-timing.js";

const now = Date.parse("2026-11-22T10:00:00Z");
const seconds = now / 1000;
const ask = (question: Partial<RetryQuestion>, remainingMs = 120_000) =>
  timeRetry({
    headers: {},
    limited: true,
    attempt: 1,
    now,
    random: () => 0,
    limits: { ...defaultRetryLimits, remainingMs },
    ...question,
  });

describe("a 429 waits for what the server says", () => {
  test.each<[string, Record<string, string>, number]>([
    ["seconds", { "retry-after": "7" }, 7000],
    ["fractions", { "retry-after": "1.5" }, 1500],
    ["zero, but never hammering", { "retry-after": "0" }, 250],
    ["an HTTP date", { "retry-after": "Sun, 22 Nov 2026 10:00:09 GMT" }, 9000],
    [
      "an HTTP date by the server's clock",
      { "retry-after": "Sun, 22 Nov 2026 11:30:09 GMT", date: "Sun, 22 Nov 2026 11:30:00 GMT" },
      9000,
    ],
    ["epoch seconds", { "ratelimit-reset": String(seconds + 12) }, 12_000],
    ["epoch seconds of Netlify", { "x-ratelimit-reset": String(seconds + 12) }, 12_000],
    [
      "epoch seconds by the server's clock",
      { "ratelimit-reset": String(seconds - 588), date: "Sun, 22 Nov 2026 09:50:00 GMT" },
      12_000,
    ],
    [
      "epoch seconds with an absurd date",
      { "ratelimit-reset": String(seconds + 12), date: "Thu, 01 Jan 1970 00:00:00 GMT" },
      12_000,
    ],
    ["seconds in the reset (Infisical)", { "x-ratelimit-reset": "37" }, 37_000],
    ["milliseconds in the reset", { "ratelimit-reset": String(now + 12_000) }, 12_000],
    ["the burst, not the hour", { "retry-after": "5", "ratelimit-reset": String(seconds + 1800) }, 5000],
    ["the reset when nothing is left", { "ratelimit-reset": String(seconds + 12), "ratelimit-remaining": "0" }, 12_000],
  ])("%s", (_, headers, wait) => {
    expect(ask({ headers })).toEqual({ wait });
  });

  test.each<[string, Record<string, string>]>([
    ["a past reset", { "ratelimit-reset": String(seconds - 60) }],
    ["a reset over an hour away", { "ratelimit-reset": String(seconds + 3700) }],
    ["a reset of another limit", { "ratelimit-reset": String(seconds + 12), "ratelimit-remaining": "4000" }],
    ["words", { "retry-after": "soon" }],
    ["a negative number", { "retry-after": "-5" }],
    ["a past date", { "retry-after": "Sun, 22 Nov 2020 10:00:00 GMT" }],
    ["nothing", {}],
    ["an empty text", { "retry-after": "" }],
    ["a year", { "retry-after": "9999999" }],
  ])("%s is no wish: back-off", (_, headers) => {
    expect(ask({ headers })).toEqual({ wait: 250 });
    expect(ask({ headers, random: () => 0.999 })).toEqual({ wait: 500 });
  });
});

describe("gives up honestly", () => {
  test("at once when the server asks for more than there is", () => {
    expect(ask({ headers: { "retry-after": "50" } }, 20_000)).toEqual({ giveUp: "asked-too-long", askedMs: 50_000 });
    expect(ask({ headers: { "retry-after": "3600" } })).toEqual({ giveUp: "asked-too-long", askedMs: 3_600_000 });
    const reset = { "ratelimit-reset": String(seconds + 1800), "ratelimit-remaining": "0" };
    expect(ask({ headers: reset })).toEqual({ giveUp: "asked-too-long", askedMs: 1_800_000 });
  });
  test("on a 503 that asks for too long as well", () => {
    expect(ask({ limited: false, headers: { "retry-after": "600" } })).toEqual({
      giveUp: "asked-too-long",
      askedMs: 600_000,
    });
  });
  test("after five tries of something that is not a rate limit", () => {
    expect(ask({ limited: false, attempt: 4 })).toEqual({ wait: 250 });
    expect(ask({ limited: false, attempt: 5 })).toEqual({ giveUp: "tries" });
  });
  test("when the patience is used up", () => {
    expect(ask({ attempt: 50, random: () => 0.9 }, 10_000)).toEqual({ giveUp: "patience" });
    expect(ask({}, 0)).toEqual({ giveUp: "patience" });
    expect(ask({ headers: { "retry-after": "0" } }, 100)).toEqual({ giveUp: "patience", askedMs: 0 });
  });
  test("but not because of its own jitter", () => {
    expect(ask({ headers: { "retry-after": "10" }, random: () => 0.9 }, 10_000)).toEqual({ wait: 10_000 });
  });
});

test("the reset of a rate window is no reason to wait after a 500: DigitalOcean sends it with every answer", () => {
  const headers = { "ratelimit-reset": String(seconds + 1800), "ratelimit-remaining": "0" };
  expect(ask({ limited: false, headers })).toEqual({ wait: 250 });
});

test("back-off doubles up to its cap", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 20].map((attempt) => ask({ attempt, random: () => 0.9999999 }));
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000].map((wait) => ({ wait })));
});

test("laws: never before the server's time, never beyond the patience, never under the least wait", () => {
  const question = fc.record({
    asked: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }),
    attempt: fc.integer({ min: 1, max: 60 }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    remainingMs: fc.integer({ min: 0, max: 200_000 }),
    limited: fc.boolean(),
  });
  fc.assert(
    fc.property(question, ({ asked, attempt, random, remainingMs, limited }) => {
      const headers: Record<string, string> = asked === undefined ? {} : { "retry-after": String(asked) };
      const timing = ask({ headers, attempt, limited, random: () => random }, remainingMs);
      if (!("wait" in timing)) return;
      expect(timing.wait).toBeGreaterThanOrEqual(Math.max(250, (asked ?? 0) * 1000));
      expect(timing.wait).toBeLessThanOrEqual(remainingMs);
    }),
  );
});

test("remaining is read only when it is a number", () => {
  expect(readRateHeaders({ "ratelimit-remaining": "12" }, now)).toEqual({ remaining: 12 });
  expect(readRateHeaders({ "x-ratelimit-remaining": "0" }, now)).toEqual({ remaining: 0 });
  expect(readRateHeaders({ "ratelimit-remaining": "many" }, now)).toEqual({});
});
