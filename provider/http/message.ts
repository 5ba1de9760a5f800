// Pure: the sentence a user reads when a call fails: who, what, which call, and what to do.

import { type HttpCode, type HttpErrorDetails, readVendorWords } from "./error.js";

export interface FailureDetails {
  readonly code: HttpCode;
  readonly vendor: string;
  /** `GET /v2/apps`, without query. */
  readonly call: string;
  readonly what: string;
  readonly tries: number;
  /** The vendor adapter's remedy, instead of the general one. */
  readonly hint?: string;
  /** Host of the address a redirect points to. */
  readonly redirect?: string;
  readonly details: HttpErrorDetails;
}

export function describeFailure(failing: FailureDetails): string {
  const { code, vendor, call, what, details } = failing;
  const words = readVendorWords(details);
  const said = words === undefined ? "" : ` ${words === details.vendorMessage ? `"${words}"` : words}`;
  // Netlify repeats the status as its code.
  const isRepeated = what === `status ${details.vendorId}`;
  const id = details.vendorId === undefined || isRepeated ? "" : ` ${details.vendorId}`;
  const request = details.requestId === undefined ? "" : `, request ${details.requestId}`;
  const sentence = sentences[code](failing);
  return `${vendor} ${sentence} (${call}: ${what}${id}${said}${request}): ${failing.hint ?? readRemedy(failing)}`;
}

const sentences: Readonly<Record<HttpCode, (failing: FailureDetails) => string>> = {
  "http.unauthorized": () => "does not accept the token",
  "http.forbidden": () => "does not allow this call with the token",
  "http.not_found": () => "does not know what was asked for",
  "http.conflict": () => "reports a conflict",
  "http.rejected": ({ redirect }) => (redirect === undefined ? "rejects the request" : `redirects to ${redirect}`),
  "http.rate_limited": ({ details }) =>
    details.askedMs === undefined
      ? "limits the rate of requests"
      : `limits the rate of requests and asks to wait ${renderDuration(details.askedMs)}`,
  "http.unavailable": ({ tries, details }) => {
    const after = tries > 1 ? ` after ${tries} tries` : "";
    return `is not available${after}${details.askedMs === undefined ? "" : `, and asks to wait ${renderDuration(details.askedMs)}`}`;
  },
  "http.ambiguous": () => "gave no certain answer to a write, which may or may not have taken effect",
  "http.malformed": () => "sent an answer that cannot be read",
};

const remedies: Readonly<Record<HttpCode, string>> = {
  "http.unauthorized": "check that the token is complete, current and meant for this service",
  "http.forbidden": "give the token the scope or role that this call needs",
  "http.not_found": "check the id, and that the token belongs to the account or team that owns it",
  "http.conflict": "see what else has changed or created it, then run again",
  "http.rejected": "change what the message names",
  "http.rate_limited": "run again after that time, or use fewer parallel runs with this token",
  "http.unavailable": "check the network and the service's status page, then run again",
  "http.ambiguous": "look at the target before writing again; the next run does so by itself",
  "http.malformed": "check that the base url is that of the api, then run again",
};

function readRemedy({ code, what, redirect, details }: FailureDetails): string {
  if (redirect !== undefined)
    return "use the final address as the base url; redirects are not followed, because they would carry the token along";
  if (code === "http.unavailable" && /CERT|SELF_SIGNED|UNABLE_TO_/.test(what)) {
    return "the certificate is not trusted here: name its issuer in NODE_EXTRA_CA_CERTS, or correct the base url";
  }
  if (code === "http.rate_limited" && details.askedMs === undefined)
    return "run again later, or use fewer parallel runs with this token";
  return remedies[code];
}

export function renderDuration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}
