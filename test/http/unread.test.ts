// An answer whose reading fails for a reason of our own: what is certain of the request stays certain, and nothing foreign is told.

import { expect, test } from "vitest";
import { failUnread } from "../../provider/http/failure.js";

const call = { method: "POST", path: "/v2/canary" } as const;
const fault = { kind: "network", code: "ECONNREFUSED" } as never;
const answer = { kind: "answer", status: 200, headers: {}, text: "canary" } as const;

test.each([
  { of: "a request that never went out", repeat: "once", outcome: { sent: false }, code: "http.unavailable" },
  { of: "a question without an answer", repeat: "safe", outcome: { sent: true }, code: "http.malformed" },
  { of: "a write without an answer", repeat: "once", outcome: { sent: true }, code: "http.ambiguous" },
  { of: "an answer to a question", repeat: "safe", outcome: undefined, code: "http.malformed" },
  { of: "an answer to a write", repeat: "once", outcome: undefined, code: "http.ambiguous" },
] as const)("$of is $code", ({ repeat, outcome, code }) => {
  const silence = outcome && ({ kind: "silence", fault, ...outcome } as const);
  const error = failUnread({ vendor: "DigitalOcean" }, { ...call, repeat }, silence ?? answer);
  expect(error).toMatchObject({ code, status: outcome === undefined ? 200 : undefined });
  expect(error.message).not.toContain("canary");
});
