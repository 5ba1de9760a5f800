// Test side: a small HTTP server on loopback for emulators of read-only services: routes by a function, a log of calls, and faults.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Instead of an answer: `hang` never answers, `reset` breaks the connection, `cut` ends in the middle, `garbage` is no JSON, bytes are sent as they are. */
export type Fault = "hang" | "reset" | "cut" | "garbage" | Uint8Array | Reply;

export interface Loopback {
  readonly origin: string;
  /** What arrived, in order. */
  readonly received: Received[];
  /** The next call of this path gets this instead, or every one from now on. */
  fail(path: string, fault: Fault, times?: number): void;
  close(): Promise<void>;
}

export async function startLoopback(answer: (call: Received) => Reply): Promise<Loopback> {
  const received: Received[] = [];
  const faults: { path: string; fault: Fault; left: number }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const call = readCall(request, Buffer.concat(chunks).toString());
      received.push(call);
      const planned = faults.find(({ path, left }) => path === call.path && left > 0);
      if (planned === undefined) return sendReply(response, answer(call));
      planned.left -= 1;
      return sendFault(response, planned.fault);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server does not listen");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    received,
    fail: (path, fault, times = Number.POSITIVE_INFINITY) => void faults.push({ path, fault, left: times }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function readCall(request: IncomingMessage, text: string): Received {
  const url = new URL(request.url ?? "/", "http://loopback");
  let body: unknown;
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch {
    body = text;
  }
  const { method = "GET", headers } = request;
  return { method, path: url.pathname, query: url.searchParams, headers, body };
}

function sendReply(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function sendFault(response: ServerResponse, fault: Fault): void {
  if (fault instanceof Uint8Array) return void response.writeHead(200).end(fault);
  if (typeof fault === "object") return sendReply(response, fault);
  if (fault === "reset") response.socket?.resetAndDestroy();
  if (fault === "garbage") response.writeHead(200, { "content-type": "text/html" }).end("<html>sign in</html>");
  if (fault === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"secrets": [', () => response.socket?.destroy());
  }
}
