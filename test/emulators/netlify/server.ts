// One HTTP exchange with the Netlify emulator, from the socket to the routes and back.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, Faults, Hooks } from "../faults.js";
import { ApiError, type LoggedRequest } from "./model.js";
import { type Answer, findRoute } from "./routes.js";
import { validateAnswer, validateRequest } from "./schema.js";
import { spellAnswer } from "./spelling.js";
import type { Store } from "./store.js";
import type { Variant } from "./variant.js";

const BASE = "/api/v1";

export interface Exchange {
  store: Store;
  faults: Faults;
  before: Hooks;
  after: Hooks;
  requests: LoggedRequest[];
  perMinute: number;
}

export async function serve(exchange: Exchange, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { logged, url } = await read(exchange, request);
  await exchange.before.run(logged);
  const fault = exchange.faults.take(logged);
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault?.resetBefore) return void request.socket.destroy();
  const limit = countRequests(exchange, logged);
  const instead = fault?.status === undefined ? undefined : refuse(exchange, fault.status, describe(fault));
  const applies = instead === undefined || fault?.afterApply === true;
  const answer = applies ? handleWithin(exchange, { logged, url, request, refused: limit.refused }) : instead;
  await exchange.after.run(logged);
  if (fault?.resetAfter) return void request.socket.destroy();
  const { variant } = exchange.store;
  const { page, truncatedJson: cut } = fault ?? {};
  send(response, { logged, answer: instead ?? answer, headers: limit.headers, variant, cut, page });
}

interface Handling {
  logged: LoggedRequest;
  url: URL;
  request: IncomingMessage;
  refused: boolean;
}

function handleWithin(exchange: Exchange, { logged, url, request, refused }: Handling): Answer {
  if (refused) return refuse(exchange, 429, "API rate limit exceeded");
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  return handle(exchange, { logged, url, token });
}

async function read(exchange: Exchange, request: IncomingMessage): Promise<{ logged: LoggedRequest; url: URL }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const url = new URL(request.url ?? "/", "http://localhost");
  const path = url.pathname.startsWith(`${BASE}/`) ? url.pathname.slice(BASE.length) : url.pathname;
  const method = request.method ?? "GET";
  const logged: LoggedRequest = {
    method,
    path,
    query: Object.fromEntries(url.searchParams),
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
    status: 0,
    at: exchange.store.now(),
    template: findRoute(method, path)?.route.template ?? path,
    requestId: randomUUID(),
  };
  exchange.requests.push(logged);
  return { logged, url };
}

interface SendInput {
  logged: LoggedRequest;
  answer: Answer;
  headers: Record<string, string>;
  variant: Variant;
  cut: boolean | undefined;
  page: string | undefined;
}

function send(response: ServerResponse, { logged, answer, headers, variant, cut, page }: SendInput): void {
  logged.status = answer.status;
  const body = page ?? (answer.body === undefined ? "" : spellAnswer(answer.body, variant));
  const type: Record<string, string> = body === "" ? {} : { "content-type": "application/json" };
  response.writeHead(answer.status, { ...type, "x-nf-request-id": logged.requestId, ...headers, ...answer.headers });
  response.end(cut === true ? body.slice(0, body.length / 2) : body);
}

function describe(fault: Fault): string {
  return typeof fault.body === "string" ? fault.body : "Internal Server Error";
}

function handle(
  exchange: Exchange,
  { logged, url, token: presented }: { logged: LoggedRequest; url: URL; token: string },
): Answer {
  const { store } = exchange;
  const route = `${logged.method} ${logged.path}`;
  const found = findRoute(logged.method, logged.path);
  const paging = store.variant.pageSize !== undefined || logged.query["page"] !== undefined;
  const query = new URLSearchParams(url.searchParams);
  // No paging is described for variables; asking for a second page is how a caller finds out whether there is one.
  if (paging && logged.template.endsWith("/env")) query.delete("page");
  for (const deviation of validateRequest(route, query, logged.body)) store.complain("undocumented", deviation);
  try {
    if (!found) throw new ApiError(404, "Not Found");
    const token = store.tokens.get(presented);
    if (!token) throw new ApiError(401, "Access Denied");
    const answer = found.route.handle({
      store,
      token,
      params: found.params,
      query: url.searchParams,
      body: logged.body,
    });
    for (const deviation of validateAnswer(route, answer.status, answer.body)) store.complain("bad-answer", deviation);
    return answer;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return refuse(exchange, error.status, error.message);
  }
}

/** By the description `{code, message}`; the CLI finds the text in `msg`. */
function refuse({ store }: Exchange, status: number, message: string): Answer {
  return { status, body: store.variant.errors === "msg" ? { msg: message } : { code: status, message } };
}

/** 500 a minute; the reset is in unix seconds and there is no retry-after. */
function countRequests(
  exchange: Exchange,
  logged: LoggedRequest,
): { headers: Record<string, string>; refused: boolean } {
  const from = logged.at - 60_000;
  const counted = exchange.requests.filter((one) => one !== logged && one.at > from && one.status !== 429);
  const refused = counted.length >= exchange.perMinute;
  const oldest = counted[0]?.at ?? logged.at;
  return {
    refused,
    headers: {
      "x-ratelimit-limit": String(exchange.perMinute),
      "x-ratelimit-remaining": String(Math.max(0, exchange.perMinute - counted.length - 1)),
      "x-ratelimit-reset": String(Math.ceil((oldest + 60_000) / 1000)),
      date: new Date(logged.at).toUTCString(),
    },
  };
}
