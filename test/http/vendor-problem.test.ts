// Error bodies in the shapes that the vendors are known to send, and texts that must not reach a terminal.

import { describe, expect, test } from "vitest";
import { readVendorProblem } from "../../provider/http/vendor-problem.js";
import { redact } from "../../provider/redacted.js";

const read = (body: unknown, headers: Record<string, string> = {}, mask: string[] = []) =>
  readVendorProblem({ headers, text: typeof body === "string" ? body : JSON.stringify(body) }, mask.map(redact));

describe("shapes", () => {
  test.each<[string, unknown, object]>([
    [
      "DigitalOcean",
      { id: "unauthorized", message: "Unable to authenticate you", request_id: "r-1" },
      { vendorId: "unauthorized", vendorMessage: "Unable to authenticate you", requestId: "r-1" },
    ],
    [
      "Netlify by its specification",
      { code: 422, message: "Key taken" },
      { vendorId: "422", vendorMessage: "Key taken" },
    ],
    ["Netlify in practice", { code: 401, msg: "Access denied" }, { vendorId: "401", vendorMessage: "Access denied" }],
    [
      "Infisical",
      { reqId: "req-1", statusCode: 404, message: "No such project", error: "NotFound" },
      { vendorId: "NotFound", vendorMessage: "No such project", requestId: "req-1" },
    ],
    ["Vault", { errors: ["permission denied", "no policy"] }, { vendorMessage: "permission denied; no policy" }],
    ["Doppler", { messages: ["Invalid Auth token"], success: false }, { vendorMessage: "Invalid Auth token" }],
    ["errors as objects", { errors: [{ message: "one" }, { message: "two" }] }, { vendorMessage: "one; two" }],
    [
      "OAuth",
      { error: "invalid_grant", error_description: "bad secret" },
      { vendorId: "invalid_grant", vendorMessage: "bad secret" },
    ],
    ["only an error text", { error: "it did not work" }, { vendorMessage: "it did not work" }],
    ["plain text", "error code: 524", { vendorMessage: "error code: 524" }],
    ["a page", "\n<!DOCTYPE html><title>bad</title>", { vendorMessage: "(html answer)" }],
    ["a page without doctype", "<html>", { vendorMessage: "(html answer)" }],
    ["cut json", '{"id": "some', {}],
    ["nothing", "", {}],
    ["a list", [1, 2], {}],
    ["null", "null", { vendorMessage: "null" }],
  ])("%s", (_, body, problem) => {
    expect(read(body)).toEqual(problem);
  });

  test("the request id of the header is the second choice", () => {
    expect(read({ message: "m" }, { "x-request-id": "h-1" })).toEqual({ vendorMessage: "m", requestId: "h-1" });
    expect(read("", { "x-nf-request-id": "01HX" })).toEqual({ requestId: "01HX" });
  });
});

describe("what is shown", () => {
  test("hides values before it cuts: no part of one survives at the edge", () => {
    const value = "canary-".repeat(20);
    const { vendorMessage = "" } = read({ message: `${"x".repeat(450)} ${value}` }, {}, [value]);
    expect(vendorMessage).not.toContain("canary");
  });
  test("is bounded", () => {
    expect(read({ message: "x".repeat(10_000) }).vendorMessage).toHaveLength(500);
  });
  test("holds no control characters or direction overrides", () => {
    expect(read({ message: "a\u001b[31mred\u001b[0m\r\nb\u0007\u202ec" }).vendorMessage).toBe("a red b c");
  });
  test("hides a value of several lines", () => {
    const pem = "-----BEGIN KEY-----\nabcdefghijkl\n-----END KEY-----";
    expect(read({ message: `bad value ${pem}` }, {}, [pem]).vendorMessage).toBe("bad value [secret]");
  });
  test("drops ids that hold a value or are no ids", () => {
    expect(read({ id: "canary-token", message: "m", request_id: "canary-token" }, {}, ["canary-token"])).toEqual({
      vendorMessage: "m",
    });
    expect(read({ id: "not an id", message: "m" })).toEqual({ vendorMessage: "m" });
  });
});
