// Pure: the one error of a failed call, with everything foreign masked.

import type { CiphertextForm } from "../masking/ciphertext.js";
import { maskText, redact, type Redacted } from "../redacted.js";
import { type HttpCode, HttpError, type HttpErrorDetails } from "./error.js";
import type { Outcome } from "./exchange.js";
import { describeFailure } from "./message.js";
import { readVendorProblem } from "./vendor-problem.js";
import { type CallNature, isRedirect, type Verdict } from "./verdict.js";

/** Remedies by status or by the vendor's error id, which goes first. */
export type Hints = Readonly<Partial<Record<number | string, string>>>;

/** What is needed to describe the failures of one client. */
export interface FailureInput {
  readonly vendor: string;
  readonly origin: string;
  readonly headers: () => Record<string, string>;
  readonly mask: () => Iterable<Redacted>;
  readonly ciphertext?: CiphertextForm | undefined;
  readonly hints?: Hints;
  /** By the vendor's error id, where its status says something else. */
  readonly codes?: Readonly<Partial<Record<string, HttpCode>>> | undefined;
}

interface Called extends CallNature {
  readonly path: string;
  readonly hints?: Hints;
}

interface Failed {
  readonly verdict: Extract<Verdict, { kind: "failure" }>;
  readonly outcome: Outcome;
  readonly tries: number;
  readonly askedMs: number | undefined;
}

export function failCall(telling: FailureInput, call: Called, failed: Failed): HttpError {
  const { verdict, outcome, tries, askedMs } = failed;
  const mask = collectMask(telling);
  // The body of a success is data, not a message.
  const foreign = outcome.kind !== "silence" && outcome.status >= 300;
  const details: HttpErrorDetails = {
    ...(foreign ? readVendorProblem({ ...outcome, ciphertext: telling.ciphertext }, mask) : {}),
    ...(isWrite(call) ? { isWrite: true } : {}),
    ...(outcome.kind === "silence" ? {} : { status: outcome.status }),
    ...(askedMs === undefined ? {} : { askedMs }),
  };
  const code = findByName(telling.codes, details.vendorId) ?? verdict.code;
  // The best remedy for an unknown outcome is a look.
  const remedies = code === "http.ambiguous" ? [] : [call.hints, telling.hints];
  const hint = remedies
    .map((hints) => findByName(hints, details.vendorId) ?? findByName(hints, details.status))
    .find((found) => found !== undefined);
  const redirect = readRedirect(outcome, telling.origin);
  const message = describeFailure({
    code,
    vendor: telling.vendor,
    call: describeCall(call, mask),
    what: verdict.what,
    tries,
    details,
    ...(hint === undefined ? {} : { hint }),
    ...(redirect === undefined ? {} : { redirect: maskText(redirect, mask) }),
  });
  return new HttpError(code, message, details);
}

/** A server names its errors as it likes: `constructor` is none of our names. */
function findByName<T>(
  known: Readonly<Partial<Record<number | string, T>>> = {},
  name: string | number = "",
): T | undefined {
  const found = known[name];
  return Object.hasOwn(known, name) ? found : undefined;
}

/** An earlier answer said that the limit stays used up for longer than we would wait, so nothing is sent. */
export function failBeforehand(telling: FailureInput, call: Called, askedMs: number): HttpError {
  const code = "http.rate_limited";
  const { vendor } = telling;
  const told = describeCall(call, collectMask(telling));
  const failing = { code, vendor, call: told, what: "not sent", tries: 0, details: { askedMs } } as const;
  return new HttpError(code, describeFailure(failing), { askedMs });
}

/**
 * Reading, judging or describing the answer itself has failed. Whatever the cause, a write that was sent is in doubt. Nothing foreign
 * is shown, not even the path: what would have to be masked in it is no longer available.
 */
export function failUnread({ vendor }: Pick<FailureInput, "vendor">, call: Called, outcome: Outcome): HttpError {
  const code = codeOfUnread(call, outcome);
  const details = outcome.kind === "silence" ? {} : { status: outcome.status };
  const what = details.status === undefined ? "no answer" : `status ${details.status}, which could not be read here`;
  return new HttpError(code, describeFailure({ code, vendor, call: call.method, what, tries: 1, details }), details);
}

function codeOfUnread({ repeat }: CallNature, outcome: Outcome): HttpCode {
  if (outcome.kind === "silence" && !outcome.sent) return "http.unavailable";
  return repeat === "once" ? "http.ambiguous" : "http.malformed";
}

/** A POST that may be sent twice is a question, such as a login. */
function isWrite({ method, repeat }: Called): boolean {
  return repeat === "once" || method === "PUT" || method === "PATCH";
}

/** Without the query, which may hold what a user typed. The path is masked segment by segment, so that our own words stay. */
function describeCall({ method, path }: Called, mask: readonly Redacted[]): string {
  const long = mask.filter((value) => value.reveal().length >= leastInPath);
  return `${method} ${path
    .split("/")
    .map((part) => maskText(part, long))
    .join("/")}`;
}

/** A shorter value may be a word of the api, such as `apps`. */
const leastInPath = 8;

function readRedirect(outcome: Outcome, origin: string): string | undefined {
  if (outcome.kind === "silence" || !isRedirect(outcome)) return undefined;
  const location = outcome.headers["location"] ?? "";
  return URL.canParse(location, origin) ? new URL(location, origin).host : "another address";
}

/** A token is hidden with and without its scheme: an error may quote either. */
function collectMask(telling: FailureInput): Redacted[] {
  const tokens = Object.values(telling.headers()).flatMap((value) => [value, value.replace(/^[A-Za-z]+ +/, "")]);
  return [...telling.mask(), ...tokens.map(redact)];
}
