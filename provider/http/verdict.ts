// Pure: what an outcome means for a call. Only this file knows which failures of a write certainly had no effect.

import type { HttpCode } from "./error.js";
import type { Fault, Outcome } from "./exchange.js";
import { readJson } from "./json-text.js";
import type { Headers } from "./rate-headers.js";

export interface CallNature {
  readonly method: string;
  /** `safe`: sending twice does no harm. `once`: never sent again after it may have arrived. */
  readonly repeat: "safe" | "once";
  readonly accept?: readonly number[];
}

export type Verdict =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Headers;
      readonly body: unknown;
      readonly text: string;
    }
  | {
      readonly kind: "failure";
      readonly code: HttpCode;
      /** `limited`: after the time the server names. `transient`: after a back-off. */
      readonly again: "limited" | "transient" | "never";
      /** Short and lower-case, for the parentheses of the message: `status 503`, `no answer in time`. */
      readonly what: string;
    };

type Failure = Extract<Verdict, { kind: "failure" }>;

/**
 * | outcome                            | safe                    | once                    |
 * | ---------------------------------- | ----------------------- | ----------------------- |
 * | not sent (refused, DNS, TLS)       | again, then unavailable | again, then unavailable |
 * | 429                                | again, then limited     | again, then limited     |
 * | other 4xx, 3xx                     | final                   | final                   |
 * | 408, 5xx, reset or timeout         | again, then unavailable | ambiguous               |
 * | 2xx with a cut or unreadable body  | again, then malformed   | ambiguous               |
 * | 2xx with a body too large or deep  | malformed               | ambiguous               |
 *
 * 503 counts as ambiguous too, even with `retry-after`: the edge in front of an API also sends it when the API has accepted the
 * request and then failed to answer in time, like a 524 (digitalocean/terraform-provider-digitalocean#1471).
 */
export function judgeOutcome(outcome: Outcome, call: CallNature): Verdict {
  if (outcome.kind === "silence") return judgeSilence(outcome, call);
  const { status, headers } = outcome;
  const accepted = call.accept?.includes(status) === true;
  if (status >= 200 && status < 300) return judgeSuccess(outcome, call);
  if (accepted) {
    const read = readJson(outcome.text);
    return { kind: "answer", status, headers, body: read.kind === "json" ? read.body : undefined, text: outcome.text };
  }
  const what = `status ${status}`;
  if (status === 429) return { kind: "failure", code: "http.rate_limited", again: "limited", what };
  if (status >= 500 || status === 408) return failTransiently("http.unavailable", what, call);
  if (status < 400 && !isRedirect(outcome)) return { kind: "failure", code: "http.malformed", again: "never", what };
  return { kind: "failure", code: rejections[status] ?? "http.rejected", again: "never", what };
}

/** A 304 without a condition in the request, or a redirect without an address, does not say where to go. */
export function isRedirect({ status, headers }: { readonly status: number; readonly headers: Headers }): boolean {
  return [301, 302, 303, 307, 308].includes(status) && (headers["location"] ?? "") !== "";
}

const rejections: Readonly<Record<number, HttpCode>> = {
  401: "http.unauthorized",
  403: "http.forbidden",
  404: "http.not_found",
  409: "http.conflict",
};

function judgeSuccess(outcome: Exclude<Outcome, { kind: "silence" }>, call: CallNature): Verdict {
  const { status, headers, text } = outcome;
  if (outcome.kind === "cut") {
    const failure = failTransiently("http.malformed", `status ${status}, ${describeCut(outcome.fault)}`, call);
    return outcome.fault.kind === "too-large" ? { ...failure, again: "never" } : failure;
  }
  // A write may be confirmed without a body; a reading call without one says nothing.
  if (text.trim() === "" && call.method !== "GET") return { kind: "answer", status, headers, body: undefined, text };
  const read = readJson(text);
  if (read.kind === "json") return { kind: "answer", status, headers, body: read.body, text };
  if (read.kind === "not-json")
    return failTransiently("http.malformed", `status ${status} with a body that is not json`, call);
  const failure = failTransiently("http.malformed", `status ${status} with json that is nested too deep`, call);
  return { ...failure, again: "never" };
}

function judgeSilence({ sent, fault }: Extract<Outcome, { kind: "silence" }>, call: CallNature): Failure {
  const code = fault.code === "" ? "" : ` (${fault.code})`;
  if (sent) {
    const what = fault.kind === "timeout" ? "no answer in time" : `the connection broke${code}`;
    return failTransiently("http.unavailable", what, call);
  }
  const what = `no connection${code}`;
  // Retrying does not fix a certificate or an argument.
  const lasting = /CERT|^ERR_TLS|^ERR_SSL|SELF_SIGNED|UNABLE_TO_|^UND_ERR_INVALID|^UND_ERR_(?:DESTROYED|CLOSED)/.test(
    fault.code,
  );
  return { kind: "failure", code: "http.unavailable", again: lasting ? "never" : "transient", what };
}

/** Worth another try when that does no harm; otherwise the outcome is unknown. */
function failTransiently(code: HttpCode, what: string, call: CallNature): Failure {
  if (call.repeat === "once") return { kind: "failure", code: "http.ambiguous", again: "never", what };
  return { kind: "failure", code, again: "transient", what };
}

function describeCut(fault: Fault): string {
  if (fault.kind === "too-large") return "the answer is larger than 32 MiB";
  if (fault.kind === "not-utf-8") return "the answer is not UTF-8 text";
  return fault.kind === "timeout" ? "the answer did not end in time" : "the answer broke off";
}
