// Everything around the content: tokens, scopes, strict routes, pages, limits, faults, hooks and the log.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, secret, webSpec } from "./caller.js";
import { ALL_SCOPES, startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator, DigitalOceanOptions } from "./index.js";

let ocean: DigitalOceanEmulator;
let api: ReturnType<typeof callerOf>;
let now = 0;

const begin = async (options: DigitalOceanOptions = {}) => {
  await ocean?.close();
  now = Date.UTC(2030, 0, 1);
  ocean = await startDigitalOcean({ clock: () => now, ...options });
  api = callerOf(ocean);
};
beforeEach(() => begin());
afterEach(() => ocean.close());

describe("a token", () => {
  test("that nobody knows is answered 401, one that lacks the scope 403", async () => {
    const { id } = ocean.createApp(webSpec());
    ocean.tokens.set("dop_v1_reader", { scopes: ["app:read"] });
    const unknown = await api.call("GET", "/v2/apps", { token: "dop_v1_nobody" });
    const reader = await api.call("PUT", `/v2/apps/${id}`, { token: "dop_v1_reader", body: { spec: webSpec() } });
    expect([unknown.status, unknown.body.id, unknown.body.message]).toEqual([
      401,
      "unauthorized",
      "Unable to authenticate you.",
    ]);
    expect([reader.status, reader.body.id]).toEqual([403, "forbidden"]);
    expect(reader.body.request_id).toBe(reader.headers.get("x-request-id"));
    expect((await api.call("GET", `/v2/apps/${id}`, { token: "dop_v1_reader" })).status).toBe(200);
  });

  test("needs the database scopes to write an app with a database", async () => {
    const spec = { ...webSpec(), databases: [{ name: "db", engine: "PG" }] };
    const { id } = ocean.createApp(spec);
    const put = async (...without: string[]) => {
      ocean.tokens.set("dop_v1_some", { scopes: ALL_SCOPES.filter((scope) => !without.includes(scope)) });
      return (await api.call("PUT", `/v2/apps/${id}`, { token: "dop_v1_some", body: { spec } })).status;
    };
    expect([await put("database:read"), await put("database:view_credentials"), await put()]).toEqual([403, 403, 200]);
  });

  test("shows project_id only with project:read", async () => {
    const { id } = ocean.createApp(webSpec());
    ocean.tokens.set("dop_v1_some", { scopes: ["app:read"] });
    const plain = await api.call("GET", `/v2/apps/${id}`, { token: "dop_v1_some" });
    expect([plain.body.app.project_id, (await api.get(id)).project_id]).toEqual([undefined, expect.any(String)]);
    expect((await api.call("GET", "/v2/apps")).body.apps[0]?.project_id).toBeUndefined();
    expect((await api.call("GET", "/v2/apps?with_projects=true")).body.apps[0]?.project_id).toEqual(expect.any(String));
  });

  test("tells whose it is where account:read allows it", async () => {
    await begin({ tokens: { dop_v1_mine: { scopes: ["account:read"], email: "me@example.com" } } });
    expect((await api.call("GET", "/v2/account")).body.account.email).toBe("me@example.com");
  });
});

describe("strictness", () => {
  test("answers 404 to routes that are not documented, in the vendor's form", async () => {
    const { status, body } = await api.call("GET", "/v2/app", { wrong: true });
    expect([status, body.id]).toEqual([404, "not_found"]);
    expect((await api.call("PATCH", "/v2/apps", { wrong: true })).status).toBe(404);
    expect(ocean.complaints.map((each) => each.detail)).toEqual(["GET /v2/app", "PATCH /v2/apps"]);
  });

  test("refuses undocumented query parameters and remembers them", async () => {
    expect((await api.call("GET", "/v2/apps?project_id=1")).status).toBe(400);
    expect(ocean.complaints).toMatchObject([{ kind: "unknown-query", detail: "GET /v2/apps project_id" }]);
  });

  test("refuses a body that is not JSON", async () => {
    const { id } = ocean.createApp(webSpec());
    const headers = { authorization: `Bearer ${ocean.token}` };
    const response = await fetch(`${ocean.url}/v2/apps/${id}`, { method: "PUT", headers, body: "{" });
    expect(response.status).toBe(400);
  });

  test("refuses logs of a stage that was never reached, or of no known type", async () => {
    ocean.holdDeployments();
    const { id } = ocean.createApp(webSpec(), { settled: false });
    const deployment = ocean.deployments(id)[0]?.id ?? "";
    const logs = (query: string) => api.call("GET", `/v2/apps/${id}/deployments/${deployment}/logs${query}`);
    expect([(await logs("?type=DEPLOY")).status, (await logs("")).status]).toEqual([400, 400]);
    ocean.settle(id);
    expect((await logs("?type=DEPLOY")).status).toBe(200);
  });

  test("answers health, alerts and regions in their documented form", async () => {
    const { id } = ocean.createApp(webSpec());
    for (const path of [`/v2/apps/${id}/health`, `/v2/apps/${id}/alerts`, "/v2/apps/regions"]) {
      expect((await api.call("GET", path)).status).toBe(200);
    }
  });

  test("knows nothing of ETags", async () => {
    const { id } = ocean.createApp(webSpec());
    const { headers } = await api.call("GET", `/v2/apps/${id}`);
    expect([headers.get("etag"), headers.get("last-modified")]).toEqual([null, null]);
  });
});

describe("a list", () => {
  test("comes in pages of 20 with links to the others", async () => {
    for (let index = 0; index < 25; index += 1) ocean.createApp({ ...webSpec(), name: `app-${index}` });
    const first = (await api.call("GET", "/v2/apps")).body;
    const second = (await api.call("GET", "/v2/apps?page=2")).body;
    expect([first.apps.length, second.apps.length, first.meta.total]).toEqual([20, 5, 25]);
    expect([Object.keys(first.links.pages), Object.keys(second.links.pages)]).toEqual([
      ["next", "last"],
      ["first", "prev"],
    ]);
    expect(first.links.pages["next"]).toBe(`${ocean.url}/v2/apps?page=2`);
    const all = (await api.call("GET", "/v2/apps?per_page=200")).body;
    expect([all.apps.length, all.links]).toEqual([25, { pages: {} }]);
  });

  test.each(["page=0", "per_page=201", "per_page=0", "page=x"])("refuses %s", async (query) => {
    expect((await api.call("GET", `/v2/apps?${query}`)).status).toBe(400);
  });

  test("of deployments begins with the newest", async () => {
    const { id } = ocean.createApp(webSpec());
    const newest = ocean.deploy(id).id;
    const { body } = await api.call("GET", `/v2/apps/${id}/deployments?page=1&per_page=1`);
    expect([body.deployments.map((each) => each.id), body.meta.total]).toEqual([[newest], 2]);
  });
});

describe("rate limits", () => {
  test("are told in every answer, errors as well", async () => {
    for (const token of [ocean.token, "dop_v1_nobody"]) {
      const { headers } = await api.call("GET", "/v2/apps", { token });
      expect(headers.get("ratelimit-limit")).toBe("5000");
      expect(headers.get("ratelimit-remaining")).toBe("4999");
      expect(Number(headers.get("ratelimit-reset"))).toBe(now / 1000 + 3600);
    }
  });

  test("refuse a burst with retry-after and let it pass a minute later", async () => {
    await begin({ rateLimit: { perMinute: 2 } });
    await api.call("GET", "/v2/apps");
    now += 10_000;
    await api.call("GET", "/v2/apps");
    const { status, headers, body } = await api.call("GET", "/v2/apps");
    expect([status, body.id, headers.get("retry-after")]).toEqual([429, "too_many_requests", "50"]);
    now += 50_000;
    expect((await api.call("GET", "/v2/apps")).status).toBe(200);
  });

  test("refuse the hour's excess without retry-after, with the reset as the only hint", async () => {
    await begin({ rateLimit: { perHour: 1 } });
    await api.call("GET", "/v2/apps");
    const { status, headers } = await api.call("GET", "/v2/apps");
    expect([status, headers.get("retry-after"), headers.get("ratelimit-remaining")]).toEqual([429, null, "0"]);
    expect(Number(headers.get("ratelimit-reset"))).toBe(now / 1000 + 3600);
  });
});

describe("faults", () => {
  let id = "";
  const PUT = { method: "PUT", path: /^\/v2\/apps\// };
  beforeEach(() => {
    id = ocean.createApp(webSpec([secret("A", "old")])).id;
  });
  const put = () => api.put(id, webSpec([secret("A", "new")]));
  const value = () => ocean.decrypt(id, ocean.app(id).spec.services?.[0]?.envs?.[0]?.value ?? "");

  test.each([400, 401, 403, 404, 409, 429, 500, 503])("answer %d without applying, once", async (status) => {
    const fault = ocean.faults.add({ match: PUT, status });
    expect([(await put()).status, value(), fault.hits]).toEqual([status, "old", 1]);
    expect([(await put()).status, value(), fault.hits]).toEqual([200, "new", 1]);
  });

  test("carry retry-after and a body of the test's choice", async () => {
    ocean.faults.add({
      match: PUT,
      status: 429,
      retryAfter: 7,
      body: { id: "too_many_requests", message: "slow down" },
    });
    const { headers, body } = await put();
    expect([headers.get("retry-after"), body.message]).toEqual(["7", "slow down"]);
  });

  test("time out at the edge after applying", async () => {
    ocean.faults.add({ match: PUT, timeoutAfterApply: true });
    const headers = { authorization: `Bearer ${ocean.token}` };
    const body = JSON.stringify({ spec: webSpec([secret("A", "new")]) });
    const response = await fetch(`${ocean.url}/v2/apps/${id}`, { method: "PUT", headers, body });
    expect([response.status, await response.text(), value()]).toEqual([524, "error code: 524", "new"]);
  });

  test("cut the connection before or after applying", async () => {
    ocean.faults.add({ match: PUT, resetBefore: true });
    await expect(put()).rejects.toThrow("fetch failed");
    expect(value()).toBe("old");
    ocean.faults.add({ match: PUT, resetAfter: true });
    await expect(put()).rejects.toThrow("fetch failed");
    expect(value()).toBe("new");
    expect(ocean.requests.map((request) => request.status)).toEqual([0, 0]);
  });

  test("spoil the JSON of an answer", async () => {
    ocean.faults.add({ match: PUT, truncatedJson: true });
    ocean.faults.add({ match: PUT, malformedJson: true });
    await expect(put()).rejects.toThrow(SyntaxError);
    expect(value()).toBe("new");
  });

  test("change the JSON of an answer, and nothing of what was carried out", async () => {
    ocean.faults.add({
      match: PUT,
      edit: ({ app }) => delete (app as Record<string, unknown>)["pending_deployment"],
    });
    expect((await put()).body.app.pending_deployment).toBeUndefined();
    expect(value()).toBe("new");
    expect((await api.get(id)).pending_deployment?.id).toEqual(expect.any(String));
  });

  test("delay an answer", async () => {
    ocean.faults.add({ match: PUT, delayMs: 60 });
    const started = performance.now();
    expect((await put()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(50);
  });

  test("start with the nth match and last as often as told", async () => {
    ocean.faults.add({ match: { ...PUT, nth: 2, times: 2 }, status: 503 });
    const statuses = [];
    for (let turn = 0; turn < 5; turn += 1) statuses.push((await put()).status);
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
  });
});

describe("hooks and the log", () => {
  test("another writer can come between a GET and the PUT, and is overwritten without a word", async () => {
    const { id } = ocean.createApp(webSpec([{ key: "A", value: "1" }]));
    ocean.onRequest(
      { method: "PUT" },
      () => void ocean.editConsole(id, (spec) => (spec.envs = [{ key: "HAND", value: "made" }])),
    );
    const { spec } = await api.get(id);
    expect((await api.put(id, { ...spec, disable_edge_cache: true })).status).toBe(200);
    expect((await api.get(id)).spec.envs).toBeUndefined();
  });

  test("another writer can come after the PUT and before its answer", async () => {
    const { id } = ocean.createApp(webSpec());
    ocean.onAnswer({ method: "PUT" }, async () => {
      await Promise.resolve();
      ocean.editConsole(id, (spec) => (spec.envs = [{ key: "HAND", value: "made" }]));
    });
    const { body } = await api.put(id, webSpec([{ key: "A", value: "2" }]));
    expect(body.app.spec.envs).toBeUndefined();
    expect((await api.get(id)).spec.envs).toMatchObject([{ key: "HAND" }]);
  });

  test("every request is logged with its query, body and status, and counted by route", async () => {
    const { id } = ocean.createApp(webSpec());
    await api.call("GET", "/v2/apps?per_page=5");
    await api.put(id, webSpec());
    await api.get("nothing").catch(() => undefined);
    expect(ocean.requests).toMatchObject([
      { method: "GET", path: "/v2/apps", query: { per_page: "5" }, status: 200 },
      { method: "PUT", path: `/v2/apps/${id}`, body: { spec: webSpec() }, status: 200 },
      { method: "GET", path: "/v2/apps/nothing", status: 404 },
    ]);
    expect(ocean.counts()).toEqual({ "GET /v2/apps": 1, "PUT /v2/apps/{id}": 1, "GET /v2/apps/{id}": 1 });
    ocean.resetCounts();
    expect(ocean.counts()).toEqual({});
  });
});
