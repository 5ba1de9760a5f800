// Network side: the one HTTP client of all vendors. Paces, sends, judges, waits, retries or fails with a code. Never logs.

import type { Clock } from "../clock.js";
import type { CiphertextForm } from "../masking/ciphertext.js";
import type { Redacted } from "../redacted.js";
import type { VendorCall } from "../vendor-calls.js";
import { openDispatchers, type Dispatchers } from "./dispatchers.js";
import { HttpError } from "./error.js";
import { exchange, type Outcome, type ExchangeInput } from "./exchange.js";
import { failBeforehand, failCall, type FailureInput, failUnread, type Hints } from "./failure.js";
import { createGate, type Turn } from "./gate.js";
import { defaultPaceLimits, type PaceLimits } from "./pace.js";
import { type Headers, type RateHeaders, readRateHeaders } from "./rate-headers.js";
import { defaultRetryLimits, timeRetry } from "./retry-timing.js";
import { judgeOutcome, type Verdict } from "./verdict.js";
import { defaultUserAgent } from "./version.js";

export interface HttpClientOptions {
  /** For messages, for example `DigitalOcean`. */
  readonly vendor: string;
  /** As `originOf` returns it. */
  readonly origin: string;
  /** Sent with every request; holds the token. Called each time, so that a short-lived token can be renewed. */
  readonly headers: () => Record<string, string>;
  readonly clock: Clock;
  readonly random: () => number;
  /** Values to hide in texts that the vendor wrote. The values of `headers` are always hidden. */
  readonly mask: () => Iterable<Redacted>;
  /** How the vendor shows encrypted values, which are shortened in its texts. */
  readonly ciphertext?: CiphertextForm;
  /** Called for each request that was sent. */
  readonly onCall?: ((call: VendorCall) => void) | undefined;
  /** For one try, from connecting to the last byte. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /** For waiting and trying again within one call. @default 120_000 */
  readonly patienceMs?: number;
  readonly hints?: Hints;
  /** By the vendor's error id, where its status says something else. */
  readonly codes?: FailureInput["codes"];
  /** @default 250 requests in 60 s, 16 at a time */
  readonly pace?: Partial<PaceLimits>;
  readonly userAgent?: string;
}

export interface HttpCall {
  readonly method: ExchangeInput["method"];
  /** Starts with a slash; segments are encoded by the caller. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** In addition to the client's own, for this call only. A token among them has to be known to `mask`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `once`: never sent again after it may have arrived; fails with `http.ambiguous` instead. */
  readonly repeat: "safe" | "once";
  /** Statuses besides 2xx that are answers rather than errors. */
  readonly accept?: readonly number[];
  readonly timeoutMs?: number;
  /** Instead of the client's own. With 0 there is one try, and no wait for a limit that the server has announced. */
  readonly patienceMs?: number;
  /** Take precedence over the client's own. */
  readonly hints?: Hints;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined when there is none. */
  readonly body: unknown;
  /** The raw body: numbers keep their digits, and an object keeps both entries of a duplicate key. */
  readonly text: string;
  readonly requestId?: string;
}

export interface HttpClient {
  /** @throws HttpError */
  request(call: HttpCall): Promise<HttpAnswer>;
  /** Lets requests under way end, then closes the connections. */
  close(): Promise<void>;
}

/** One client per token: the pace is kept per client, and vendors count per token. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock, origin, patienceMs = 120_000 } = options;
  const pace = { ...defaultPaceLimits, ...options.pace };
  const gate = createGate(clock, pace);
  let dispatchers: Promise<Dispatchers> | undefined;
  let closing: Promise<void> | undefined;

  const send = async (call: HttpCall): Promise<Outcome> => {
    const sending = prepareSending(options, call);
    if (closing !== undefined)
      return { kind: "silence", sent: false, fault: { kind: "broken", code: "UND_ERR_CLOSED" } };
    dispatchers ??= openDispatchers(origin, pace.parallel);
    const { kept, fresh } = await dispatchers;
    return exchange(call.repeat === "once" ? fresh : kept, sending);
  };

  /** What follows from an outcome. Whatever it throws, the request has been sent: see `failUnread`. */
  const decideNext = (call: HttpCall, outcome: Outcome, { tries, deadline }: Attempt): Next => {
    const verdict = judgeOutcome(outcome, call);
    if (verdict.kind === "answer") return { kind: "answer", answer: finishAnswer(verdict) };
    const headers = readHeaders(outcome);
    const limited = verdict.again === "limited";
    const now = clock.now();
    const limits = { ...defaultRetryLimits, remainingMs: Math.max(0, deadline - now) };
    const timing =
      verdict.again === "never"
        ? { giveUp: "tries" as const, askedMs: undefined }
        : timeRetry({ headers, limited, attempt: tries, now, random: options.random, limits });
    const wait = "wait" in timing ? timing.wait : timing.askedMs;
    // For all calls with this token, even when this one gives up.
    if (limited && wait !== undefined) gate.close(now + wait);
    if ("wait" in timing) return { kind: "again", waitMs: timing.wait };
    return { kind: "failure", error: failCall(options, call, { verdict, outcome, tries, askedMs: timing.askedMs }) };
  };

  const sendInTurn = async (call: HttpCall, turn: Entered): Promise<Outcome> => {
    let rates: RateHeaders | undefined;
    try {
      const outcome = await send(call);
      rates = attempt(() => readRateHeaders(readHeaders(outcome), clock.now()));
      return outcome;
    } finally {
      turn.leave(rates);
      options.onCall?.({ vendor: options.vendor, remaining: rates?.remaining });
    }
  };

  const request = async (call: HttpCall): Promise<HttpAnswer> => {
    const patience = call.patienceMs ?? patienceMs;
    let deadline: number | undefined;
    for (let tries = 1; ; tries += 1) {
      const left = deadline === undefined ? patience : Math.max(0, deadline - clock.now());
      const turn = await gate.enter(left);
      if (turn.kind === "refused") throw failBeforehand(options, call, turn.askedMs);
      // Waiting for our own pace does not use up patience, so it counts from the first request.
      const trying = { tries, deadline: deadline ?? clock.now() + patience };
      deadline = trying.deadline;
      const outcome = await sendInTurn(call, turn);
      const next = attempt(() => decideNext(call, outcome, trying));
      if (next === undefined) throw failUnread(options, call, outcome);
      if (next.kind === "answer") return next.answer;
      if (next.kind === "failure") throw next.error;
      await clock.sleep(next.waitMs);
    }
  };

  const close = async (): Promise<void> => {
    // If the dispatchers never opened, because the proxy's address is wrong, the request has reported that.
    const open = await dispatchers?.catch(() => undefined);
    await Promise.all([open?.kept.close(), open?.fresh.close()]);
  };

  return { request, close: () => (closing ??= close()) };
}

function prepareSending(options: HttpClientOptions, call: HttpCall): ExchangeInput {
  const headers: Record<string, string> = {
    accept: "application/json",
    "user-agent": options.userAgent ?? defaultUserAgent,
    ...(call.body === undefined ? {} : { "content-type": "application/json" }),
    ...options.headers(),
    ...call.headers,
  };
  // Usually a token that was read from a file with its line break. undici would refuse it with an error that quotes it.
  const unfit = Object.keys(headers).find((name) => !/^[\t\u0020-\u007e]*$/.test(headers[name] ?? ""));
  if (unfit !== undefined) {
    const message = `the ${unfit} for ${options.vendor} holds a line break or another character that no request can carry: store the token without it`;
    throw new HttpError("http.unauthorized", message, {});
  }
  const { origin, pathname } = new URL(options.origin);
  return {
    origin,
    path: `${pathname.replace(/\/+$/, "")}${call.path}${renderQuery(call.query)}`,
    method: call.method,
    headers,
    body: call.body === undefined ? null : JSON.stringify(call.body),
    timeoutMs: call.timeoutMs ?? options.timeoutMs ?? 30_000,
  };
}

function renderQuery(query: HttpCall["query"]): string {
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) pairs.push([name, String(value)]);
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}

function readHeaders(outcome: Outcome): Headers {
  return outcome.kind === "silence" ? {} : outcome.headers;
}

function finishAnswer({ status, headers, body, text }: Extract<Verdict, { kind: "answer" }>): HttpAnswer {
  const requestId = headers["x-request-id"] ?? headers["x-nf-request-id"];
  return { status, headers, body, text, ...(requestId === undefined ? {} : { requestId }) };
}

type Entered = Extract<Turn, { kind: "entered" }>;

interface Attempt {
  readonly tries: number;
  /** In local time (ms). */
  readonly deadline: number;
}

type Next =
  | { readonly kind: "answer"; readonly answer: HttpAnswer }
  | { readonly kind: "again"; readonly waitMs: number }
  | { readonly kind: "failure"; readonly error: HttpError };

/** Undefined when it throws: a foreign error may quote what it failed on, so none of it is kept. */
function attempt<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}
