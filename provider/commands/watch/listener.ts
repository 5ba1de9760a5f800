// Command line, IO side: listens for webhooks and health checks. Answers are a status, and nothing that a stranger could learn from.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP, type Socket } from "node:net";
import { isLoopback } from "../../../schema/loopback.js";
import { SecretSyncError } from "../../errors.js";
import { createReplayGuard, isAuthentic, isTimely, type Notice, readNotice } from "./webhook.js";

/** Where to listen. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Listener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

const webhookPath = "/webhooks/infisical";

/** A notice has a few hundred bytes; anything above this many bytes is not one. */
const mostBytes = 64 * 1024;
/** Connections at a time. */
const mostConnections = 64;
/** A request has to arrive completely within this many milliseconds. */
const usualPatience = 10_000;

export interface WebhookOrder {
  readonly secret: string;
  readonly now: () => number;
  /** Called with authentic, new notices; a test of the webhook is left out. */
  readonly onNotice: (notice: Notice) => void;
  /** Milliseconds in which a request has to arrive completely; default 10 seconds. */
  readonly patience?: number;
}

export function listenForWebhooks(
  address: Address,
  { secret, now, onNotice, patience }: WebhookOrder,
): Promise<Listener> {
  const isNew = createReplayGuard();
  const answer = async (request: IncomingMessage): Promise<number> => {
    const refused = refuse(request);
    if (refused !== undefined) return refused;
    const body = await readBody(request);
    if (body === undefined) return 413;
    const signature = [request.headers["x-infisical-signature"]].flat()[0];
    if (signature === undefined || !isAuthentic({ signature, body }, secret)) return 401;
    const notice = readNotice(body);
    if (notice === undefined) return 400;
    if (!isTimely(notice, signature, now()) || !isNew(signature, now())) return 401;
    if (notice.event !== "test") onNotice(notice);
    return 200;
  };
  const handle: Handler = (request, response) => {
    answer(request)
      .catch(() => 400)
      .then(
        (status) => end(response, status),
        () => response.destroy(),
      );
  };
  return listen(address, handle, patience);
}

/** What is wrong with a request before its body is read. */
function refuse({ method, url, headers }: IncomingMessage): number | undefined {
  if (readPath(url) !== webhookPath) return 404;
  if (method !== "POST") return 405;
  if (headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== "application/json") return 415;
  return Number(headers["content-length"] ?? 0) > mostBytes ? 413 : undefined;
}

function readPath(url: string | undefined): string {
  return (url ?? "").split("?")[0] ?? "";
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The answer to a health check. */
export interface HealthPage {
  readonly fine: boolean;
  readonly body: string;
  /** Default: JSON. */
  readonly type?: string;
}

export function listenForHealth(
  address: Address,
  pages: Readonly<Record<string, () => HealthPage | Promise<HealthPage>>>,
): Promise<Listener> {
  const answer = async ({ method, url, headers }: IncomingMessage, response: ServerResponse) => {
    if (!isMeant(headers.host, address.host)) return end(response, 421);
    const path = readPath(url);
    const judge = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (judge === undefined) return end(response, 404);
    if (method !== "GET" && method !== "HEAD") return end(response, 405);
    const { fine, body, type = "application/json" } = await judge();
    response.setHeader("content-type", type);
    end(response, fine ? 200 : 503, body);
  };
  return listen(address, (request, response) => {
    answer(request, response).catch(() => end(response, 500));
  });
}

/**
 * A page in somebody's browser can reach loopback by pointing its own name here. So the requested name has to be this machine's; a
 * listener for other machines also accepts an address. Webhooks are authenticated, and may use any name.
 */
function isMeant(host: string | undefined, ownHost: string): boolean {
  const [, bracketed, bare] = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::\d+)?$/i.exec(host ?? "") ?? [];
  const name = (bracketed ?? bare ?? "").toLowerCase();
  return isLoopback(name) || (!isLoopback(ownHost) && (name === ownHost.toLowerCase() || isIP(name) !== 0));
}

function end(response: ServerResponse, status: number, body = ""): void {
  // The rest of a refused body is not read: the connection ends with the answer.
  response.writeHead(status, { "cache-control": "no-store", connection: "close" }).end(body);
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function listen({ host, port }: Address, handle: Handler, patience = usualPatience): Promise<Listener> {
  const timing = { headersTimeout: patience, requestTimeout: patience, connectionsCheckingInterval: patience / 10 };
  const server = createServer({ ...timing, maxHeaderSize: 8192 }, handle);
  keepNewest(server);
  await new Promise<void>((ready, fail) => {
    server.once("error", (error: NodeJS.ErrnoException) => fail(cannotListen({ host, port }, error.code)));
    server.listen(port, host, ready);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    close: () => close(server),
  };
}

/** Silent connections must not keep out later ones: the oldest makes room. */
function keepNewest(server: Server): void {
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    const [oldest] = open;
    if (open.size > mostConnections) oldest?.destroy();
  });
}

function close(server: Server): Promise<void> {
  return new Promise((closed) => {
    server.close(() => closed());
    server.closeAllConnections();
  });
}

function cannotListen({ host, port }: Address, reason = "refused"): SecretSyncError {
  return new SecretSyncError({
    code: "watch.port",
    message: `cannot listen on ${host} port ${port} (${reason}); choose another port or host`,
  });
}
