// Every fault against every kind of call, on a real connection: what is sent again, and what the failure is called.

import { afterEach, beforeEach, expect, test } from "vitest";
import type { HttpCall, HttpClient } from "../../provider/http/client.js";
import { type HttpError, isHttpError } from "../../provider/http/error.js";
import {
  bytes,
  type FaultyServer,
  hangUp,
  json,
  type Reaction,
  reset,
  silent,
  stalled,
  startFaultyServer,
  text,
  truncated,
} from "./faulty-server.js";
import { createJumpingClock, type JumpingClock } from "./simulated-clock.js";

let server: FaultyServer;
let client: HttpClient;
let clock: JumpingClock;

beforeEach(async () => {
  server = await startFaultyServer();
  clock = createJumpingClock();
  client = server.open({
    clock,
    // Generous, because it is real time: only the rows that wait for it ask for less.
    timeoutMs: 30_000,
  });
});

afterEach(() => server.close());

const calls = {
  safe: { method: "GET", path: "/v2/apps/1", repeat: "safe" },
  once: { method: "PUT", path: "/v2/apps/1", body: { spec: {} }, repeat: "once" },
} satisfies Record<string, HttpCall>;

const problem = { id: "some_id", message: "something is wrong", request_id: "r-1" };
const longAsk = { "retry-after": "3600" };

/** JSON in Latin-1, as a gateway in between writes it. */
const notText = Buffer.from('{"message":"p\u00e4ssw\u00f6rd"}', "latin1");

// [fault, reaction, requests of a safe call, its code, requests of a write, its code]
const table: [string, Reaction, number, string, number, string][] = [
  ["400", json(400, problem), 1, "http.rejected", 1, "http.rejected"],
  ["401", json(401, problem), 1, "http.unauthorized", 1, "http.unauthorized"],
  ["403", json(403, problem), 1, "http.forbidden", 1, "http.forbidden"],
  ["404", json(404, problem), 1, "http.not_found", 1, "http.not_found"],
  ["409", json(409, problem), 1, "http.conflict", 1, "http.conflict"],
  ["422", json(422, problem), 1, "http.rejected", 1, "http.rejected"],
  ["400 with a cut body", truncated(400), 1, "http.rejected", 1, "http.rejected"],
  ["408", json(408, problem), 5, "http.unavailable", 1, "http.ambiguous"],
  ["429 asking for too long", json(429, problem, longAsk), 1, "http.rate_limited", 1, "http.rate_limited"],
  ["500", json(500, problem), 5, "http.unavailable", 1, "http.ambiguous"],
  ["502 page of the edge", text(502, "<html>bad gateway</html>"), 5, "http.unavailable", 1, "http.ambiguous"],
  ["503", json(503, problem), 5, "http.unavailable", 1, "http.ambiguous"],
  ["503 with retry-after", json(503, problem, { "retry-after": "1" }), 5, "http.unavailable", 1, "http.ambiguous"],
  ["503 asking for too long", json(503, problem, longAsk), 1, "http.unavailable", 1, "http.ambiguous"],
  ["504", json(504, problem), 5, "http.unavailable", 1, "http.ambiguous"],
  ["520", text(520, "error code: 520"), 5, "http.unavailable", 1, "http.ambiguous"],
  ["524 after applying", text(524, "error code: 524"), 5, "http.unavailable", 1, "http.ambiguous"],
  ["reset", reset, 5, "http.unavailable", 1, "http.ambiguous"],
  ["orderly end without an answer", hangUp, 5, "http.unavailable", 1, "http.ambiguous"],
  ["answer past the timeout", silent, 5, "http.unavailable", 1, "http.ambiguous"],
  ["body past the timeout", stalled, 5, "http.malformed", 1, "http.ambiguous"],
  ["truncated body", truncated(200), 5, "http.malformed", 1, "http.ambiguous"],
  ["truncated json", text(200, '{"app": {"id'), 5, "http.malformed", 1, "http.ambiguous"],
  ["page instead of json", text(200, "<!doctype html>"), 5, "http.malformed", 1, "http.ambiguous"],
  ["body that is not UTF-8", bytes(200, notText), 5, "http.malformed", 1, "http.ambiguous"],
  ["400 with a body that is not UTF-8", bytes(400, notText), 1, "http.rejected", 1, "http.rejected"],
  ["304 that nobody asked for", text(304, ""), 1, "http.malformed", 1, "http.malformed"],
  ["300", json(300, {}, { location: "https://a.example.com/" }), 1, "http.malformed", 1, "http.malformed"],
  ["redirect without an address", text(302, ""), 1, "http.malformed", 1, "http.malformed"],
  ["redirect", text(302, "", { location: "https://evil.example.com/" }), 1, "http.rejected", 1, "http.rejected"],
];

/** Reactions that end by the limit of one try. */
const endless: readonly Reaction[] = [silent, stalled];

const cases = table.flatMap(([fault, reaction, safeRequests, safeCode, onceRequests, onceCode]) => [
  { fault, reaction, kind: "safe" as const, requests: safeRequests, code: safeCode },
  { fault, reaction, kind: "once" as const, requests: onceRequests, code: onceCode },
]);

test.each(cases)("$fault, $kind: requests $requests, $code", async ({ reaction, kind, requests, code }) => {
  server.script(reaction);
  const limit = endless.includes(reaction) ? { timeoutMs: 150 } : {};
  const error = await failureOf({ ...calls[kind], ...limit });
  expect({ code: error.code, requests: server.seen.length }).toEqual({ code, requests });
  expect(error.ambiguous).toBe(code === "http.ambiguous");
  expect(error.message).toMatch(/^http\.\w+: DigitalOcean [^(]+ \((?:GET|PUT) \/v2\/apps\/1: .+\): .+$/);
});

async function failureOf(call: HttpCall): Promise<HttpError> {
  const error = await client.request(call).catch((thrown: unknown) => thrown);
  if (isHttpError(error)) return error;
  throw new Error("expected a failure with a code");
}

test.each(["safe", "once"] as const)("%s: a 429 is waited for and sent again", async (kind) => {
  server.script(json(429, problem, { "retry-after": "7" }), json(429, problem), json(200, { ok: true }));
  expect((await client.request(calls[kind])).body).toEqual({ ok: true });
  expect(server.seen).toHaveLength(3);
  expect(clock.sleeps[0]).toBeGreaterThanOrEqual(7000);
});

test.each(["safe", "once"] as const)("%s: a 429 for ever ends with the patience, not before", async (kind) => {
  server.script(json(429, problem, { "retry-after": "30" }));
  await expect(client.request(calls[kind])).rejects.toMatchObject({ code: "http.rate_limited", askedMs: 30_000 });
  expect(server.seen).toHaveLength(4);
  expect(clock.sleeps.every((ms) => ms >= 30_000)).toBe(true);
});

test.each(["safe", "once"] as const)("%s: a refused connection is tried again and then unavailable", async (kind) => {
  await server.stop();
  const error = await client.request(calls[kind]).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "http.unavailable", ambiguous: false, retryable: true });
  expect(String(error)).toContain("after 5 tries");
  expect(String(error)).toContain("ECONNREFUSED");
  expect(clock.sleeps).toHaveLength(4);
});

// Whether undici has begun to write by then is a race. Either way no write may be sent a second time after it has.
test.each(["safe", "once"] as const)("%s: a connection that is reset before anything is read", async (kind) => {
  server.resetConnections();
  const { code, ambiguous } = await failureOf(calls[kind]);
  const unavailable = { code: "http.unavailable", ambiguous: false, connections: 5 };
  const unknown = { code: "http.ambiguous", ambiguous: true, connections: expect.any(Number) };
  const found = { code, ambiguous, connections: server.connections() };
  expect(kind === "once" ? [unavailable, unknown] : [unavailable]).toContainEqual(found);
  expect(server.seen).toEqual([]);
});

test("a safe call survives what passes", async () => {
  server.script(reset, json(503, problem), truncated(200), silent, json(200, { app: 1 }));
  const call = { ...calls.safe, timeoutMs: 1_000 };
  expect((await client.request(call)).body).toEqual({ app: 1 });
});
