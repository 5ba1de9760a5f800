// Network: one HTTP exchange, from the socket to the routes and back, with hooks, limits and faults in between.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault, Faults, Hooks } from "../faults.js";
import type { RequestLimits } from "./limits.js";
import { ApiError, badRequest, isObject, notFound } from "./model.js";
import type { LoggedRequest } from "./model.js";
import { findRoute } from "./routes.js";
import type { Answer, Route } from "./route.js";
import { advanceAll, complain } from "./store.js";
import type { Store } from "./store.js";
import { bearer, findToken, FORBIDDEN, requireScope } from "./tokens.js";
import type { Token } from "./tokens.js";

export interface Exchange {
  store: Store;
  tokens: Map<string, Token>;
  limits: RequestLimits;
  faults: Faults;
  before: Hooks;
  after: Hooks;
  requests: LoggedRequest[];
}

interface Incoming {
  logged: LoggedRequest;
  url: URL;
  /** Absent when the body is not JSON. */
  body: { json: unknown } | undefined;
  token: string;
}

interface Reply {
  status: number;
  text: string;
  headers: Record<string, string>;
}

const STATUS_IDS: Record<number, [id: string, message: string]> = {
  400: ["bad_request", "Invalid request"],
  401: ["unauthorized", "Unable to authenticate you."],
  403: ["forbidden", FORBIDDEN],
  404: ["not_found", "The resource you requested could not be found."],
  409: ["conflict", "The resource already exists or is being changed"],
  429: ["too_many_requests", "API rate limit exceeded."],
  503: ["service_unavailable", "Service Unavailable"],
};

export async function serve(exchange: Exchange, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const incoming = await read(exchange, request);
  const { logged } = incoming;
  await exchange.before.run(logged);
  const fault = exchange.faults.take(logged);
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault?.resetBefore) return void request.socket.destroy();
  const limit = exchange.limits.count(incoming.token, exchange.store.now());
  const headers = { "x-request-id": logged.requestId, ...limit.headers };
  const instead = fault && faultAnswer(fault, logged.requestId);
  if (instead && !isApplied(fault)) return send(response, logged, withHeaders(instead, headers));
  const answer = limit.refused ? errorAnswer(statusError(429), logged.requestId) : handle(exchange, incoming);
  await exchange.after.run(logged);
  if (fault?.resetAfter) return void request.socket.destroy();
  const reply = instead ?? { status: answer.status, text: write(answer, fault ?? {}), headers: {} };
  send(response, logged, withHeaders(reply, headers));
}

function isApplied(fault: Fault): boolean {
  return fault.afterApply === true || fault.timeoutAfterApply === true;
}

function withHeaders(reply: Reply, headers: Record<string, string>): Reply {
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

async function read(exchange: Exchange, request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`);
  const body = parse(text);
  const logged: LoggedRequest = {
    method: request.method ?? "GET",
    path: url.pathname,
    query: queryRecord(url.searchParams),
    body: body ? body.json : text,
    status: 0,
    at: exchange.store.now(),
    template: findRoute(request.method ?? "GET", url.pathname)?.route.template ?? url.pathname,
    requestId: randomUUID(),
  };
  exchange.requests.push(logged);
  return { logged, url, body, token: bearer(request.headers.authorization) };
}

function handle(exchange: Exchange, incoming: Incoming): Answer {
  const { store, tokens } = exchange;
  const { logged, url, body } = incoming;
  try {
    advanceAll(store);
    const token = findToken(tokens, incoming.token);
    const found = findRoute(logged.method, logged.path);
    if (!found) {
      complain(store, "unknown-route", `${logged.method} ${logged.path}`);
      throw notFound();
    }
    requireScope(token, found.route.scope);
    if (!body) throw badRequest("unable to parse request body as JSON");
    checkShape(found.route, url.searchParams, body.json);
    return found.route.handle({
      store,
      token,
      params: found.params,
      query: url.searchParams,
      url: url.toString(),
      body: body.json,
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) complain(store, "unauthorized", `${logged.method} ${logged.path}`);
    if (error.status === 403) complain(store, "forbidden", `${logged.method} ${logged.path}`);
    return errorAnswer(error, logged.requestId);
  }

  function checkShape(route: Route, query: URLSearchParams, json: unknown): void {
    const parameter = [...query.keys()].find((name) => !(route.query ?? []).includes(name));
    if (parameter !== undefined) {
      complain(store, "unknown-query", `${route.method} ${route.template} ${parameter}`);
      // Ignored by the platform is no less a mistake of the caller.
      if (parameter === "name" && store.variant.nameLookup === "ignored") return;
      throw badRequest(`unknown query parameter ${JSON.stringify(parameter)}`);
    }
    const field = isObject(json) ? Object.keys(json).find((name) => !(route.fields ?? []).includes(name)) : undefined;
    if (field === undefined) return;
    complain(store, "unknown-body-field", `${route.method} ${route.template} ${field}`);
    throw badRequest(`unknown field ${JSON.stringify(field)} in request body`);
  }
}

function faultAnswer(fault: Fault, requestId: string): Reply | undefined {
  const status = fault.timeoutAfterApply ? 524 : fault.status;
  if (status === undefined) return undefined;
  const retry: Record<string, string> =
    fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  // The edge, not the API, answers with 52x: no JSON there.
  const standard = status > 520 ? `error code: ${status}` : errorAnswer(statusError(status), requestId).body;
  const body = fault.body ?? standard;
  if (typeof body === "string") return { status, text: body, headers: { ...retry, "content-type": "text/plain" } };
  return { status, text: JSON.stringify(body), headers: retry };
}

function statusError(status: number): ApiError {
  return new ApiError(status, ...(STATUS_IDS[status] ?? (["server_error", "Unexpected server-side error"] as const)));
}

/** The body as it goes out, changed or spoiled where a fault says so. */
function write({ body }: Answer, fault: Fault): string {
  if (body !== undefined) fault.edit?.(body);
  const text = body === undefined ? "" : JSON.stringify(body);
  if (fault.truncatedJson) return text.slice(0, Math.floor(text.length / 2));
  return fault.malformedJson ? "<html>this is not JSON</html>" : text;
}

function errorAnswer(error: ApiError, requestId: string): Answer {
  return { status: error.status, body: { id: error.id, message: error.message, request_id: requestId } };
}

function send(response: ServerResponse, logged: LoggedRequest, reply: Reply): void {
  logged.status = reply.status;
  const type: Record<string, string> = reply.text === "" ? {} : { "content-type": "application/json; charset=utf-8" };
  response.writeHead(reply.status, { ...type, ...reply.headers });
  response.end(reply.text);
}

function parse(text: string): { json: unknown } | undefined {
  if (text.trim() === "") return { json: undefined };
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function queryRecord(query: URLSearchParams): Record<string, string | string[]> {
  const names = new Set(query.keys());
  return Object.fromEntries(
    [...names].map((name) => [name, query.getAll(name).length > 1 ? query.getAll(name) : (query.get(name) ?? "")]),
  );
}
