// Test side: a real HTTP server on loopback that answers as scripted and notes what reached it.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createHttpClient, type HttpClient, type HttpClientOptions } from "../../provider/http/client.js";
import { createJumpingClock } from "./simulated-clock.js";

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** The client's port: tells connections apart. */
  readonly port: number;
}

export type Reaction = (response: ServerResponse, seen: Seen) => void;

export interface FaultyServer {
  readonly origin: string;
  readonly seen: Seen[];
  /** Reactions in order; the last one is repeated. */
  script(...reactions: Reaction[]): void;
  /** From now on every connection is reset as soon as it is made. */
  resetConnections(): void;
  connections(): number;
  /** A client of it, which is closed together with it. */
  open(options?: Partial<HttpClientOptions>): HttpClient;
  /** From now on nobody listens. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function startFaultyServer(): Promise<FaultyServer> {
  const seen: Seen[] = [];
  let reactions: Reaction[] = [json(200, {})];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers, socket } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString(), port: socket.remotePort ?? 0 };
      seen.push(one);
      const reaction = reactions.length > 1 ? reactions.shift() : reactions[0];
      reaction?.(response, one);
    });
    request.on("error", () => undefined);
  });
  let connections = 0;
  let resetting = false;
  server.on("connection", (socket) => {
    connections += 1;
    if (resetting) socket.resetAndDestroy();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const origin = `http://127.0.0.1:${portOf(server)}`;
  const clients: HttpClient[] = [];
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    origin,
    seen,
    script: (...next) => {
      reactions = next;
    },
    resetConnections: () => {
      resetting = true;
    },
    connections: () => connections,
    open: (options) => {
      const client = createHttpClient({
        vendor: "DigitalOcean",
        origin,
        headers: () => ({ authorization: "Bearer dop_v1_canary" }),
        clock: createJumpingClock(),
        random: () => 0.5,
        mask: () => [],
        ...options,
      });
      clients.push(client);
      return client;
    },
    stop,
    close: async () => {
      await stop();
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reaction {
  return text(status, JSON.stringify(body), { "content-type": "application/json", ...headers });
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Reaction {
  return bytes(status, Buffer.from(body), headers);
}

export function bytes(status: number, body: Buffer, headers: Record<string, string> = {}): Reaction {
  return (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
}

/** Breaks the connection without an answer, as a crash does. */
export const reset: Reaction = (response) => {
  response.socket?.resetAndDestroy();
};

/** Ends the connection orderly, as a server does that closes an idle one. */
export const hangUp: Reaction = (response) => {
  response.socket?.end();
};

/** Announces more than it sends. */
export function truncated(status: number): Reaction {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"app": {"id": "', () => response.socket?.destroy());
  };
}

/** Headers and half a body, then silence. */
export const stalled: Reaction = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.write('{"app": ');
};

export const silent: Reaction = () => undefined;

export function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server does not listen");
  return address.port;
}
