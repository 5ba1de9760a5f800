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
    listener = await listenForHealth(loopback, () => ({ fine, body: '{"stacks":[]}\n' }));
  });
  afterEach(() => listener.close());

  test("are answered with 200 or 503, at one place only", async () => {
    expect(await call({ method: "GET", path: "/health" })).toEqual({ status: 200, text: '{"stacks":[]}\n' });
    fine = false;
    expect((await call({ method: "GET", path: "/health?verbose" })).status).toBe(503);
    expect(await call({ method: "HEAD", path: "/health" })).toEqual({ status: 503, text: "" });
    expect((await call({ method: "GET", path: "/" })).status).toBe(404);
    expect((await call({ path: "/health" })).status).toBe(405);
  });

  test("on a port that is taken are a failure that names it", async () => {
    await expect(listenForHealth({ ...loopback, port: listener.port }, () => ({ fine, body: "" }))).rejects.toThrow(
      `watch.port: cannot listen on 127.0.0.1 port ${listener.port} (EADDRINUSE); choose another port or host`,
    );
  });
});
