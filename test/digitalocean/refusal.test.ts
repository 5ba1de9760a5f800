// The platform's refusal of a spec in words that name keys, whatever of its own words may be shown.

import { expect, test } from "vitest";
import { explain, hasDatabases } from "../../provider/destinations/digitalocean/refusal.js";
import { HttpError, type HttpErrorDetails } from "../../provider/http/error.js";

const spec = { name: "shop", envs: [{ key: "A" }, { key: "B" }] };
const app = { id: "id", spec };
const told = (details: HttpErrorDetails) =>
  explain(new HttpError("http.rejected", "canary", { status: 400, isWrite: true, ...details }), app, spec).message;
const refused = (reason: string) =>
  `destination.rejected: App Platform refused the spec and changed nothing: ${reason}; change what it names, then run up again`;
const quoting = { quotesValue: true, vendorMessage: "canary at envs.0.value and envs.1" } as const;
const withheld = "[secret] (the whole message, because it quotes a value)";

// [what the platform says, what is told of it]
test.each<[HttpErrorDetails, string]>([
  [{}, "no reason given"],
  [{ requestId: "r-1" }, "no reason given (request r-1)"],
  [{ vendorMessage: "envs.1.value is odd" }, "app/B.value is odd"],
  [{ vendorMessage: "envs.1.value is odd", vendorId: "bad", requestId: "r-1" }, "app/B.value is odd (request r-1)"],
  [quoting, `app/A, app/B: ${withheld}`],
  [{ ...quoting, vendorId: "bad" }, `app/A, app/B: ${withheld} (bad)`],
  [{ ...quoting, requestId: "r-1" }, `app/A, app/B: ${withheld} (request r-1)`],
  [{ ...quoting, vendorId: "bad", requestId: "r-1" }, `app/A, app/B: ${withheld} (bad, request r-1)`],
  [{ ...quoting, vendorMessage: "canary" }, withheld],
])("%j is told as %s", (details, reason) => {
  expect(told(details)).toBe(refused(reason));
  expect(told({ ...details, status: 422 })).toBe(refused(reason));
});

test("a want of rights is told with the scopes that the app asks for", () => {
  const needs = (databases: unknown, details: HttpErrorDetails = {}) => {
    const one = { id: "id", spec: { ...spec, databases } };
    return explain(new HttpError("http.forbidden", "canary", { status: 403, ...details }), one, spec).message;
  };
  const both = "app:update, and for the attached databases database:read and database:view_credentials";
  expect(needs([])).toBe("connection.forbidden: the token may not update app shop; give it app:update");
  expect(needs([{}], { vendorMessage: "no" })).toBe(
    `connection.forbidden: the token may not update app shop (no); give it ${both}`,
  );
  expect(
    [[], [{}], null, undefined, { length: 1 }, "db"].map((databases) =>
      hasDatabases({ id: "id", spec: { databases } }),
    ),
  ).toEqual([false, true, false, false, false, false]);
});

test("any other failure is what it was", () => {
  const error = new HttpError("http.unavailable", "no answer", {});
  expect(explain(error, app, spec)).toBe(error);
});
