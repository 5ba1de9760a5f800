// What a user reads for every code: who, what, which call, what to do.

import { expect, test } from "vitest";
import { SecretSyncError } from "../../provider/errors.js";
import { type HttpCode, HttpError, isHttpCode, isHttpError } from "../../provider/http/error.js";
import { describeFailure, renderDuration } from "../../provider/http/message.js";

const base = { vendor: "DigitalOcean", call: "PUT /v2/apps/1", what: "status 400", tries: 1, details: {} };
const said = { vendorId: "bad_request", vendorMessage: "error validating app spec", requestId: "r-1" };

test.each<[HttpCode, Partial<Parameters<typeof describeFailure>[0]>, string]>([
  [
    "http.rejected",
    { details: said },
    'DigitalOcean rejects the request (PUT /v2/apps/1: status 400 bad_request "error validating app spec", request r-1): change what the message names',
  ],
  [
    "http.unauthorized",
    { what: "status 401", details: { vendorId: "401", vendorMessage: "Access Denied" }, hint: "create a new one" },
    'DigitalOcean does not accept the token (PUT /v2/apps/1: status 401 "Access Denied"): create a new one',
  ],
  [
    "http.forbidden",
    { what: "status 403", hint: "give the token the scope app:update" },
    "DigitalOcean does not allow this call with the token (PUT /v2/apps/1: status 403): give the token the scope app:update",
  ],
  [
    "http.rejected",
    { what: "status 302", redirect: "other.example.com" },
    "DigitalOcean redirects to other.example.com (PUT /v2/apps/1: status 302): use the final address as the base url; redirects are not followed, because they would carry the token along",
  ],
  [
    "http.rate_limited",
    { what: "status 429", details: { askedMs: 3_600_000 } },
    "DigitalOcean limits the rate of requests and asks to wait 60 min (PUT /v2/apps/1: status 429): run again after that time, or use fewer parallel runs with this token",
  ],
  [
    "http.rate_limited",
    { what: "status 429" },
    "DigitalOcean limits the rate of requests (PUT /v2/apps/1: status 429): run again later, or use fewer parallel runs with this token",
  ],
  [
    "http.unavailable",
    { what: "status 503", tries: 3, details: { askedMs: 600_000 } },
    "DigitalOcean is not available after 3 tries, and asks to wait 10 min (PUT /v2/apps/1: status 503): check the network and the service's status page, then run again",
  ],
  [
    "http.unavailable",
    { what: "no connection (SELF_SIGNED_CERT_IN_CHAIN)" },
    "DigitalOcean is not available (PUT /v2/apps/1: no connection (SELF_SIGNED_CERT_IN_CHAIN)): the certificate is not trusted here: name its issuer in NODE_EXTRA_CA_CERTS, or correct the base url",
  ],
  [
    "http.unavailable",
    { what: "the connection broke", tries: 1 },
    "DigitalOcean is not available (PUT /v2/apps/1: the connection broke): check the network and the service's status page, then run again",
  ],
  [
    "http.unavailable",
    { what: "no connection (UNABLE_TO_VERIFY_LEAF_SIGNATURE)", hint: "ask the owner" },
    "DigitalOcean is not available (PUT /v2/apps/1: no connection (UNABLE_TO_VERIFY_LEAF_SIGNATURE)): ask the owner",
  ],
  [
    "http.unauthorized",
    { what: "status 401" },
    "DigitalOcean does not accept the token (PUT /v2/apps/1: status 401): check that the token is complete, current and meant for this service",
  ],
  [
    "http.not_found",
    { what: "status 404" },
    "DigitalOcean does not know what was asked for (PUT /v2/apps/1: status 404): check the id, and that the token belongs to the account or team that owns it",
  ],
  [
    "http.conflict",
    { what: "status 409" },
    "DigitalOcean reports a conflict (PUT /v2/apps/1: status 409): see what else has changed or created it, then run again",
  ],
  [
    "http.malformed",
    { what: "status 200" },
    "DigitalOcean sent an answer that cannot be read (PUT /v2/apps/1: status 200): check that the base url is that of the api, then run again",
  ],
  [
    "http.rejected",
    { details: { isWrite: true, quotesValue: true, vendorMessage: "bad canary" } },
    "DigitalOcean rejects the request (PUT /v2/apps/1: status 400 [secret] (the whole message, because it quotes a value)): change what the message names",
  ],
  [
    "http.rejected",
    { details: { isWrite: false, quotesValue: true, vendorMessage: "bad [secret]" } },
    'DigitalOcean rejects the request (PUT /v2/apps/1: status 400 "bad [secret]"): change what the message names',
  ],
  [
    "http.ambiguous",
    { what: "status 524" },
    "DigitalOcean gave no certain answer to a write, which may or may not have taken effect (PUT /v2/apps/1: status 524): look at the target before writing again; the next run does so by itself",
  ],
])("%s %o", (code, failing, sentence) => {
  expect(describeFailure({ ...base, code, ...failing })).toBe(sentence);
});

test.each([
  [0, "0 s"],
  [1, "1 s"],
  [119_000, "119 s"],
  [120_000, "2 min"],
  [3_600_000, "60 min"],
  [119_001, "2 min"],
  [7_199_000, "120 min"],
  [7_200_000, "2 h"],
])("%i ms is shown as %s", (ms, told) => {
  expect(renderDuration(ms)).toBe(told);
});

test("an error of the client is distinguished from any other, even across two copies of the package", () => {
  const ours = new HttpError("http.conflict", "x", {});
  const copy = { [Symbol.for("pulumi-secret-sync.error")]: true, name: "HttpError", problems: [] };
  const other = new SecretSyncError({ code: "key.invalid", message: "x" });
  const thrown = [ours, copy, other, Object.assign(new Error("x"), { name: "HttpError" }), undefined];
  expect(thrown.map(isHttpError)).toEqual([true, true, false, false, false]);
  expect(isHttpCode("http.conflict")).toBe(true);
  expect(isHttpCode("source.not_found")).toBe(false);
});
