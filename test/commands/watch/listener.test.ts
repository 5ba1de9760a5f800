// What listens, over real sockets on loopback: whom it believes, and how little it tells.

import { createHmac } from "node:crypto";
import { request } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Listener, listenForHealth, listenForWebhooks } from "../../../provider/commands/watch/listener.js";
import type { Notice } from "../../../provider/commands/watch/webhook.js";

const secret = "canary-of-the-webhook";
const loopback = { host: "127.0.0.1", port: 0 };
let listener: Listener;

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

function call({ method = "POST", path = "/webhooks/infisical", body = "", headers = {} }: Call) {
  return new Promise<{ status: number; text: string }>((answer, fail) => {
    const sent = request({ host: "127.0.0.1", port: listener.port, method, path, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => answer({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

describe("webhooks", () => {
  let notices: Notice[];
  const now = 1_790_000_000_000;
  const project = { workspaceId: "p", environment: "prod", secretPath: "/" };

  beforeEach(async () => {
    notices = [];
    listener = await listenForWebhooks(loopback, {
      secret,
      patience: 400,
      now: () => now,
      onNotice: (one) => notices.push(one),
    });
  });
  afterEach(() => listener.close());

  const json = { "content-type": "application/json; charset=utf-8" };
  const signed = (payload: object, key = secret): Required<Pick<Call, "body" | "headers">> => {
    const body = JSON.stringify({ project, timestamp: now, ...payload });
    const digest = createHmac("sha256", key).update(body).digest("hex");
    return { body, headers: { ...json, "x-infisical-signature": `t=${now};${digest}` } };
  };

  test("that are authentic and new are passed on, and answered without a word", async () => {
    expect(await call(signed({ event: "secrets.modified" }))).toEqual({ status: 200, text: "" });
    expect(notices).toMatchObject([{ event: "secrets.modified", projectId: "p", environment: "prod" }]);
  });

  test("of a test are answered and passed on to nobody", async () => {
    expect((await call(signed({ event: "test" }))).status).toBe(200);
    expect(notices).toEqual([]);
  });

  test("that come a second time are refused", async () => {
    const delivery = signed({ event: "secrets.modified" });
    expect([(await call(delivery)).status, (await call(delivery)).status]).toEqual([200, 401]);
    expect(notices).toHaveLength(1);
  });

  test("that come a second time with their time written in another way are refused", async () => {
    const delivery = signed({ event: "secrets.modified" });
    const again = (sign: string) => ({
      ...delivery,
      headers: {
        ...json,
        "x-infisical-signature": (delivery.headers["x-infisical-signature"] ?? "").replace("t=", `t=${sign}`),
      },
    });
    expect((await call(delivery)).status).toBe(200);
    for (const sign of ["0", "00", "000"]) expect((await call(again(sign))).status).toBe(401);
    expect(notices).toHaveLength(1);
  });

  test("that are genuine get through beside 80, and 500, connections that say nothing", async () => {
    for (const count of [80, 500]) {
      const idle = Array.from({ length: count }, () =>
        connect(listener.port, "127.0.0.1").on("error", () => undefined),
      );
      await Promise.all(idle.map((socket) => new Promise((ready) => socket.once("connect", ready))));
      try {
        expect((await call(signed({ event: "secrets.modified", count }))).status).toBe(200);
      } finally {
        for (const socket of idle) socket.destroy();
      }
    }
    expect(notices).toHaveLength(2);
  });

  test("that are genuine get through beside requests that never end", async () => {
    const begun =
      "POST /webhooks/infisical HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
    const slow = Array.from({ length: 80 }, () => connect(listener.port, "127.0.0.1").on("error", () => undefined));
    for (const socket of slow) socket.write(begun);
    await Promise.all(slow.map((socket) => new Promise((ready) => socket.once("connect", ready))));
    try {
      expect((await call(signed({ event: "secrets.modified" }))).status).toBe(200);
    } finally {
      for (const socket of slow) socket.destroy();
    }
  });

  test("come under any name, as behind a proxy", async () => {
    const delivery = signed({ event: "secrets.modified" });
    expect((await call({ ...delivery, headers: { ...delivery.headers, host: "hooks.example.com" } })).status).toBe(200);
  });

  test("that nobody should send are refused by a bare status", async () => {
    const good = signed({ event: "secrets.modified" });
    const digest = (good.headers["x-infisical-signature"] ?? "").split(";")[1];
    const refused: Array<[Call, number]> = [
      [{ ...good, path: "/" }, 404],
      [{ ...good, path: "/webhooks/infisical/more" }, 404],
      [{ method: "GET" }, 405],
      [{ ...good, headers: { ...good.headers, "content-type": "text/plain" } }, 415],
      [{ ...good, headers: json }, 401],
      [{ ...good, headers: { ...json, "x-infisical-signature": `t=${now - 1};${digest}` } }, 401],
      [{ ...good, body: `${good.body} ` }, 401],
      [signed({ event: "secrets.modified" }, "guessed"), 401],
      [signed({ event: "secrets.modified", timestamp: now - 600_000 }), 401],
      [signed({ event: 7 }), 400],
      [{ ...good, body: "x".repeat(64 * 1024 + 1) }, 413],
    ];
    for (const [sent, status] of refused)
      expect(await call(sent), JSON.stringify(sent).slice(0, 200)).toEqual({ status, text: "" });
    expect(notices).toEqual([]);
  });

  test("that never end to grow are cut off, though they do not say how large they are", async () => {
    const socket = connect(listener.port, "127.0.0.1");
    socket.write("POST /webhooks/infisical HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n");
    socket.write("transfer-encoding: chunked\r\n\r\n");
    const piece = `4000\r\n${"x".repeat(0x4000)}\r\n`;
    for (let sent = 0; sent < 6; sent += 1) socket.write(piece);
    expect(await readAll(socket)).toMatch(/^HTTP\/1.1 413 /);
  });

  test("that come too slowly are ended", async () => {
    const socket = connect(listener.port, "127.0.0.1");
    socket.write(
      "POST /webhooks/infisical HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
    );
    const began = Date.now();
    await readAll(socket);
    expect(Date.now() - began).toBeGreaterThan(200);
    expect(notices).toEqual([]);
  });

  function readAll(socket: ReturnType<typeof connect>): Promise<string> {
    return new Promise((answer) => {
      let text = "";
      socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
      socket.on("error", () => undefined);
      socket.on("close", () => answer(text));
    });
  }
});

describe("health checks", () => {
  let fine = true;
  beforeEach(async () => {
    const metrics = { fine: true, body: "up 1\n", type: "text/plain" };
    listener = await listenForHealth(loopback, {
      "/health": () => ({ fine, body: '{"stacks":[]}\n' }),
      "/metrics": async () => metrics,
      "/broken": async () => Promise.reject(new Error("canary")),
    });
  });
  afterEach(() => listener.close());

  test("are answered with 200 or 503, at the places that exist only", async () => {
    expect(await call({ method: "GET", path: "/health" })).toEqual({ status: 200, text: '{"stacks":[]}\n' });
    fine = false;
    expect((await call({ method: "GET", path: "/health?verbose" })).status).toBe(503);
    expect(await call({ method: "HEAD", path: "/health" })).toEqual({ status: 503, text: "" });
    expect(await call({ method: "GET", path: "/metrics" })).toEqual({ status: 200, text: "up 1\n" });
    expect(await call({ method: "GET", path: "/broken" })).toEqual({ status: 500, text: "" });
    for (const path of ["/", "/constructor", "/__proto__"])
      expect((await call({ method: "GET", path })).status, path).toBe(404);
    expect((await call({ path: "/health" })).status).toBe(405);
  });

  test.each([
    "evil.example.com",
    "evil.example.com:80",
    "127.0.0.1.evil.example.com",
    "localhost.evil.example.com",
    "192.0.2.1",
    "[2001:db8::1]:80",
    "localhost@evil.example.com",
    "evil.example.com#localhost",
  ])("under the foreign name %j are answered without a word", async (host) => {
    expect(await call({ method: "GET", path: "/health", headers: { host } })).toEqual({ status: 421, text: "" });
    expect((await call({ method: "GET", path: "/", headers: { host } })).status).toBe(421);
  });

  test.each(["localhost", "LOCALHOST:1", "127.0.0.1:8080", "127.1.2.3", "[::1]:80", "watch.localhost"])(
    "under this machine's own name %s are answered",
    async (host) => {
      fine = true;
      expect((await call({ method: "GET", path: "/health", headers: { host } })).status).toBe(200);
    },
  );

  test("of a listener for other machines are answered under an address and its own name, and under no other", async () => {
    await listener.close();
    listener = await listenForHealth({ host: "0.0.0.0", port: 0 }, { "/health": () => ({ fine: true, body: "" }) });
    const statusOf = async (host: string) => (await call({ method: "GET", path: "/health", headers: { host } })).status;
    expect(await statusOf("192.0.2.1:80")).toBe(200);
    expect(await statusOf("localhost")).toBe(200);
    for (const host of ["evil.example.com", "localhost@evil.example.com", "[::1", ":80", "a b"])
      expect(await statusOf(host), host).toBe(421);
  });

  test("are answered under the name that the listener was given, however it is written", async () => {
    await listener.close();
    // A name that leads here on every machine and is none of the known ones of loopback.
    listener = await listenForHealth({ host: "0x7F.1", port: 0 }, { "/health": () => ({ fine: true, body: "" }) });
    const statusOf = async (host: string) => (await call({ method: "GET", path: "/health", headers: { host } })).status;
    for (const host of ["0x7F.1", "0X7f.1:80"]) expect(await statusOf(host), host).toBe(200);
    expect(await statusOf("0x7F.2")).toBe(421);
  });

  test("on a port that is taken are a failure that names it", async () => {
    await expect(listenForHealth({ ...loopback, port: listener.port }, {})).rejects.toThrow(
      `watch.port: cannot listen on 127.0.0.1 port ${listener.port} (EADDRINUSE); choose another port or host`,
    );
  });
});
