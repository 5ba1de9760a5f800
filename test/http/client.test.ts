// The client on a real connection: what it sends, what it returns, how it treats connections, proxies and limits.

import { createServer } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { HttpClientOptions } from "../../provider/http/client.js";
import { openDispatchers, usesProxy } from "../../provider/http/dispatchers.js";
import { redact } from "../../provider/redacted.js";
import { version } from "../../provider/http/version.js";
import manifest from "../../package.json";
import { type FaultyServer, json, portOf, silent, startFaultyServer, text } from "./faulty-server.js";
import { createJumpingClock, type JumpingClock } from "./simulated-clock.js";

let server: FaultyServer;
let clock: JumpingClock;

const open = (options: Partial<HttpClientOptions> = {}) => server.open({ clock, ...options });

beforeEach(async () => {
  server = await startFaultyServer();
  clock = createJumpingClock();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

describe("sends", () => {
  test("method, path, query, body and headers", async () => {
    await open().request({
      method: "POST",
      path: "/v2/apps",
      query: { page: 1, wide: true, name: "a b&c", none: undefined },
      body: { spec: { name: "grün" } },
      repeat: "once",
    });
    expect(server.seen).toMatchObject([
      {
        method: "POST",
        url: "/v2/apps?page=1&wide=true&name=a+b%26c",
        body: '{"spec":{"name":"grün"}}',
        headers: {
          authorization: "Bearer dop_v1_canary",
          accept: "application/json",
          "content-type": "application/json",
          "user-agent": `pulumi-secret-sync/${manifest.version}`,
        },
      },
    ]);
  });

  test("no content type without a body, and the prefix of the origin", async () => {
    await open({ origin: `${server.origin}/prefix` }).request({ method: "GET", path: "/v1/x", repeat: "safe" });
    expect(server.seen[0]).toMatchObject({ url: "/prefix/v1/x", body: "" });
    expect(server.seen[0]?.headers["content-type"]).toBeUndefined();
  });

  test("a token that is renewed between tries", async () => {
    server.script(json(503, {}), json(200, {}));
    let count = 0;
    const headers = () => ({ authorization: `Bearer token-${(count += 1)}` });
    await open({ headers }).request({ method: "GET", path: "/", repeat: "safe" });
    expect(new Set(server.seen.map((one) => one.headers.authorization)).size).toBe(2);
  });

  test("nothing when the token cannot be in a header", async () => {
    const client = open({ headers: () => ({ authorization: "Bearer dop_v1_canary\n" }) });
    const error = await client.request({ method: "GET", path: "/", repeat: "safe" }).catch(String);
    expect(error).toContain("http.unauthorized: the authorization for DigitalOcean holds a line break");
    expect(server.seen).toEqual([]);
  });

  test("the version of the manifest", () => {
    expect(version).toBe(manifest.version);
  });
});

describe("returns", () => {
  test("status, headers, parsed body and the request id", async () => {
    server.script(json(201, { app: { id: "1" } }, { "x-request-id": "r-1" }));
    const answer = await open().request({ method: "GET", path: "/", repeat: "safe" });
    expect(answer).toMatchObject({ status: 201, body: { app: { id: "1" } }, requestId: "r-1" });
    expect(answer.headers["content-type"]).toBe("application/json");
  });

  test("no body for an empty answer to a write", async () => {
    server.script(text(204, ""));
    expect(await open().request({ method: "DELETE", path: "/", repeat: "once" })).toMatchObject({
      status: 204,
      body: undefined,
    });
  });

  test("an accepted status as an answer", async () => {
    server.script(json(404, { id: "not_found" }));
    const call = { method: "GET", path: "/", repeat: "safe", accept: [404] } as const;
    expect(await open().request(call)).toMatchObject({ status: 404, body: { id: "not_found" } });
    server.script(text(404, "<html>"));
    expect(await open().request(call)).toMatchObject({ status: 404, body: undefined });
  });

  test("characters that are split between two packets", async () => {
    server.script((response) => {
      const bytes = Buffer.from('{"a":"grün"}');
      response.write(bytes.subarray(0, 8), () => setTimeout(() => response.end(bytes.subarray(8)), 20));
    });
    expect((await open().request({ method: "GET", path: "/", repeat: "safe" })).body).toEqual({ a: "grün" });
  });

  test("nothing larger than 32 MiB, and does not ask again", async () => {
    server.script(text(200, JSON.stringify("x".repeat(33 * 1024 * 1024))));
    await expect(open().request({ method: "GET", path: "/", repeat: "safe" })).rejects.toMatchObject({
      code: "http.malformed",
    });
    expect(server.seen).toHaveLength(1);
  });
});

test("a value in a path is hidden where it cannot be a word of the api", async () => {
  server.script(json(403, {}));
  const mask = () => ["apps", "12345678"].map(redact);
  const call = { method: "GET", path: "/v2/apps/12345678", repeat: "safe" } as const;
  await expect(open({ mask }).request(call)).rejects.toThrow(/\(GET \/v2\/apps\/\[secret\]: status 403/);
});

describe("connections", () => {
  const read = { method: "GET", path: "/", repeat: "safe" } as const;
  const write = { method: "PUT", path: "/", repeat: "once" } as const;

  test("reads share them, every write has its own", async () => {
    const client = open();
    for (const call of [read, read, read, read, read, read, write, write, write]) await client.request(call);
    const ports = (method: string) =>
      new Set(server.seen.filter((one) => one.method === method).map((one) => one.port));
    expect(ports("GET").size).toBeLessThanOrEqual(3);
    expect(ports("PUT").size).toBe(3);
    expect([...ports("GET")].filter((port) => ports("PUT").has(port))).toEqual([]);
  });

  test("a redirect is not followed, so the token does not travel", async () => {
    const other = await startFaultyServer();
    server.script(text(307, "", { location: `${other.origin}/stolen` }));
    await expect(open().request(read)).rejects.toMatchObject({
      code: "http.rejected",
      status: 307,
      message: expect.stringContaining(`DigitalOcean redirects to ${new URL(other.origin).host} (`),
    });
    expect(other.seen).toEqual([]);
    await other.close();
  });

  test("a closed client sends nothing", async () => {
    const client = open();
    await client.request(read);
    await client.close();
    await expect(client.request(read)).rejects.toMatchObject({ code: "http.unavailable" });
    expect(server.seen).toHaveLength(1);
  });

  test("a name that does not exist was certainly not written to", async () => {
    const client = open({ origin: "https://nothing.invalid" });
    await expect(client.request(write)).rejects.toMatchObject({ code: "http.unavailable", ambiguous: false });
  });
});

describe("proxy", () => {
  test("is used for https and never for loopback", () => {
    vi.stubEnv("https_proxy", undefined);
    vi.stubEnv("HTTPS_PROXY", undefined);
    expect(usesProxy("https://api.example.com")).toBe(false);
    vi.stubEnv("HTTPS_PROXY", "http://proxy.example.com:3128");
    expect(usesProxy("https://api.example.com")).toBe(true);
    expect(["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"].some(usesProxy)).toBe(false);
  });

  test("sees the name of the host and never the token; its refusal is certainly no write", async () => {
    const asked: { url: string | undefined; headers: object }[] = [];
    const proxy = createServer().on("connect", (request, socket) => {
      asked.push({ url: request.url, headers: request.headers });
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, "127.0.0.1", resolve);
    });
    vi.stubEnv("https_proxy", `http://user:proxy-canary@127.0.0.1:${portOf(proxy)}`);
    vi.stubEnv("no_proxy", "other.example.com");
    const client = open({ origin: "https://api.example.com" });
    const error = await client
      .request({ method: "PUT", path: "/", body: {}, repeat: "once" })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "http.unavailable", ambiguous: false });
    expect(asked[0]?.url).toBe("api.example.com:443");
    expect(JSON.stringify(asked)).not.toContain("dop_v1_canary");
    expect(String(error)).not.toContain("canary");
    proxy.close();
  });

  test("an address that is none is told without quoting it", async () => {
    vi.stubEnv("https_proxy", "http://user:proxy-canary@:bad:address");
    const client = open({ origin: "https://api.example.com" });
    const error = await client.request({ method: "GET", path: "/", repeat: "safe" }).catch(String);
    expect(error).toContain("HTTPS_PROXY");
    expect(error).not.toContain("canary");
  });
});

describe("another variable for a proxy", () => {
  test("is not looked at: what is wrong with HTTP_PROXY is no fault of HTTPS_PROXY", async () => {
    vi.stubEnv("https_proxy", undefined);
    vi.stubEnv("http_proxy", undefined);
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1");
    vi.stubEnv("HTTP_PROXY", "::bad::");
    const opened = openDispatchers("https://api.example.com", 1);
    await expect(opened).resolves.toBeDefined();
    const { kept, fresh } = await opened;
    await Promise.all([kept.close(), fresh.close()]);
  });
});

describe("limits", () => {
  const read = { method: "GET", path: "/", repeat: "safe" } as const;
  const reset = (seconds: number) => String(Math.floor(clock.now() / 1000) + seconds);

  test("waits before asking again when the server says that nothing is left", async () => {
    server.script(json(200, {}, { "ratelimit-remaining": "0", "ratelimit-reset": reset(30) }), json(200, {}));
    const client = open();
    await client.request(read);
    expect(clock.sleeps).toEqual([]);
    await client.request(read);
    expect(clock.sleeps).toHaveLength(1);
    expect(clock.sleeps[0]).toBeGreaterThan(25_000);
  });

  test("does not send at all when that would last longer than its patience", async () => {
    server.script(json(200, {}, { "ratelimit-remaining": "0", "ratelimit-reset": reset(1800) }));
    const client = open();
    await client.request(read);
    await expect(client.request(read)).rejects.toThrow(/asks to wait 30 min \(GET \/: not sent\)/);
    expect(server.seen).toHaveLength(1);
    expect(clock.sleeps).toEqual([]);
  });

  test("after a 429 that asks for too long, no other call knocks before that time", async () => {
    server.script(json(429, {}, { "retry-after": "3600" }), json(200, {}));
    const client = open();
    await expect(client.request(read)).rejects.toMatchObject({ code: "http.rate_limited", status: 429 });
    await expect(client.request(read)).rejects.toThrow(/asks to wait 60 min \(GET \/: not sent\)/);
    expect(server.seen).toHaveLength(1);
    await clock.sleep(3_600_000);
    await client.request(read);
    expect(server.seen).toHaveLength(2);
  });

  test("a call without patience is tried once, and waits for nothing that the server asks", async () => {
    const client = open();
    const hasty = { ...read, patienceMs: 0 };
    server.script(json(503, {}), json(429, {}, { "retry-after": "5" }), json(200, {}));
    await expect(client.request(hasty)).rejects.toMatchObject({ code: "http.unavailable" });
    await expect(client.request(hasty)).rejects.toMatchObject({ code: "http.rate_limited" });
    await expect(client.request(hasty)).rejects.toThrow(/not sent/);
    expect(server.seen).toHaveLength(2);
    expect(clock.sleeps).toEqual([]);
    await client.request(read);
    expect(server.seen).toHaveLength(3);
  });

  test("a call's own time for one try counts instead of the client's", async () => {
    server.script(silent);
    await expect(open({ timeoutMs: 60_000 }).request({ ...read, timeoutMs: 100, patienceMs: 0 })).rejects.toThrow(
      /no answer in time/,
    );
    expect(server.seen).toHaveLength(1);
  });

  test("what has been waited for already is taken off the patience", async () => {
    const date = new Date(clock.now()).toUTCString();
    const headers = { date, "retry-after": "50", "ratelimit-remaining": "0", "ratelimit-reset": reset(150) };
    server.script(json(503, {}, headers), json(200, {}));
    await expect(open().request(read)).rejects.toMatchObject({ code: "http.rate_limited" });
    expect(clock.sleeps).toHaveLength(1);
  });

  test("a retry is not sent either where another call has been told to stay away in the meantime", async () => {
    server.script(json(503, {}), json(429, {}, { "retry-after": "3600" }), json(200, {}));
    const others: string[] = [];
    const sleep = async (ms: number) => {
      others.push(await client.request({ ...read, path: "/other" }).then(String, String));
      await clock.sleep(ms);
    };
    const client = open({ clock: { ...clock, sleep } });
    await expect(client.request(read)).rejects.toMatchObject({
      code: "http.rate_limited",
      message: expect.stringMatching(/asks to wait 60 min \(GET \/: not sent\)/),
    });
    expect(others).toEqual([expect.stringContaining("http.rate_limited")]);
    expect(server.seen.map(({ url }) => url)).toEqual(["/", "/other"]);
  });

  test("paces itself at the limit it was given", async () => {
    const client = open({ pace: { requests: 3, windowMs: 1000 } });
    for (let count = 0; count < 7; count += 1) await client.request(read);
    expect(clock.sleeps).toEqual([1001, 1001]);
  });
});
