// Builds, limits, faults and the check of every exchange against the official description.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, type Caller, plain } from "./caller.js";
import { type NetlifyEmulator, type SiteRecord, startNetlify, validateAnswer, validateRequest } from "./index.js";

let netlify: NetlifyEmulator;
let site: SiteRecord;
let call: Caller;
let now = 1_800_000_000_000;
const build = (path = "") => call<{ id: string; deploy_id: string }>("POST", `/sites/${site.id}/builds${path}`);
const deploy = (id: string) => call<{ state: string; error_message?: string }>("GET", `/deploys/${id}`);

beforeEach(async () => {
  netlify = await startNetlify({ clock: () => now, phaseMs: 100, perMinute: 8 });
  site = netlify.addSite();
  call = callerOf(netlify);
});
afterEach(() => netlify.close());

describe("a build", () => {
  test("goes through its states, and what was written later is not in it", async () => {
    netlify.edit(site, { key: "A", slot: "all" }, "1");
    const { body } = await build("?clear_cache=true&title=t");
    netlify.edit(site, { key: "A", slot: "all" }, "2");
    const states = [];
    for (let look = 0; look < 6; look += 1) {
      states.push((await deploy(body.deploy_id)).body.state);
      now += 100;
    }
    expect(states).toEqual(["new", "enqueued", "building", "uploading", "processing", "ready"]);
    expect(netlify.running(site)).toEqual({ A: "1" });
    expect(netlify.complaints).toEqual([]);
  });

  test("fails as it is told, and by the 4 KB of functions", async () => {
    site.nextFailures.push("exit code 2");
    const first = await build();
    netlify.edit(site, { key: "A", slot: "all" }, "x".repeat(5000));
    const second = await build();
    now += 1_000;
    expect((await deploy(first.body.deploy_id)).body).toMatchObject({ state: "error", error_message: "exit code 2" });
    expect((await deploy(second.body.deploy_id)).body.error_message).toContain("4KB limit imposed by AWS Lambda");
    expect(netlify.running(site)).toEqual({});
  });

  test("is refused without a repository, when stopped, and the fourth time within a minute", async () => {
    site.linked = false;
    expect((await build()).status).toBe(422);
    site.linked = true;
    site.stopBuilds = true;
    expect((await build()).status).toBe(422);
    site.stopBuilds = false;
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await build()).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    now += 60_000;
    expect((await build()).status).toBe(200);
  });
});

test("requests are limited, with the reset in unix seconds and no retry-after", async () => {
  for (let count = 0; count < 8; count += 1) await call("GET", `/sites/${site.id}`);
  const { status, headers } = await call("GET", `/sites/${site.id}`);
  expect([status, headers.get("retry-after"), headers.get("x-ratelimit-remaining")]).toEqual([429, null, "0"]);
  expect(Number(headers.get("x-ratelimit-reset"))).toBe(Math.ceil((now + 60_000) / 1000));
  now += 60_001;
  expect((await call("GET", `/sites/${site.id}`)).status).toBe(200);
});

test("errors come as described or as the CLI reads them", async () => {
  expect((await call("GET", "/sites/none")).body).toEqual({ code: 404, message: "Not Found" });
  netlify.variant.errors = "msg";
  expect((await call("GET", "/sites/none")).body).toEqual({ msg: "Not Found" });
  expect((await callerOf(netlify, "wrong")("GET", `/sites/${site.id}`)).status).toBe(401);
});

test("faults hit before or after the request took effect", async () => {
  const env = `/accounts/${site.account.id}/env?site_id=${site.id}`;
  netlify.faults.add({ match: { method: "POST" }, status: 500 });
  expect((await call("POST", env, [plain("A", "1")])).status).toBe(500);
  expect(site.variables.size).toBe(0);
  netlify.faults.add({ match: { method: "POST" }, status: 500, afterApply: true });
  expect((await call("POST", env, [plain("A", "1")])).status).toBe(500);
  expect(site.variables.size).toBe(1);
  netlify.faults.add({ match: { method: "GET" }, truncatedJson: true });
  await expect(call("GET", env)).rejects.toThrow(/JSON/);
});

describe("the official description", () => {
  test.each([
    ["an unknown query", "GET /accounts/a/env", "site=1", undefined, /query site is not described/],
    ["an unknown value of a query", "GET /accounts/a/env", "context_name=branch", undefined, /cannot be branch/],
    ["an unknown field", "POST /accounts/a/env", "", [{ key: "A", secret: true }], /body\[0\].secret is not described/],
    ["a wrong type", "POST /accounts/a/env", "", { key: "A" }, /must be array/],
    ["an unknown context", "PATCH /accounts/a/env/A", "", { context: "staging", value: "" }, /allowed values/],
    ["an unknown route", "GET /nothing", "", undefined, /not described/],
  ])("%s of a request is found", (...[, route, query, body, message]) => {
    expect(validateRequest(route, new URLSearchParams(query), body).join()).toMatch(message);
  });

  test("both spellings of the scope pass", () => {
    for (const scope of ["post_processing", "post-processing"]) {
      expect(validateRequest("POST /accounts/a/env", new URLSearchParams(), [{ key: "A", scopes: [scope] }])).toEqual(
        [],
      );
    }
  });

  test("a wrong answer is found", () => {
    expect(validateAnswer("GET /accounts/a/env", 200, [{ key: 1 }])).not.toEqual([]);
    expect(validateAnswer("GET /accounts/a/env", 403, { msg: "no" })).not.toEqual([]);
    expect(validateAnswer("DELETE /accounts/a/env/A", 204, undefined)).toEqual([]);
    expect(validateAnswer("DELETE /accounts/a/env/A", 200, {})).not.toEqual([]);
  });

  test("is asked for every request that comes in", async () => {
    await call("GET", `/accounts/${site.account.id}/env?site=${site.id}`);
    expect(netlify.complaints).toMatchObject([{ kind: "undocumented" }]);
  });
});
