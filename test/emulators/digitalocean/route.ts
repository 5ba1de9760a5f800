// What a route is, and what every handler reads from a request.
import type { View } from "./answers.js";
import { badRequest, isObject } from "./model.js";
import type { JsonObject } from "./model.js";
import type { Store } from "./store.js";
import type { Token } from "./tokens.js";
import type { Variant } from "./variant.js";

export interface RouteRequest {
  store: Store;
  token: Token;
  /** The values of the template's braces. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** The whole URL as the caller wrote it, for page links. */
  url: string;
  body: unknown;
}

export interface Answer {
  status: number;
  /** Absent for an empty body. */
  body?: JsonObject;
}

export interface Route {
  method: string;
  template: string;
  scope: string;
  query?: readonly string[];
  /** The only fields that a JSON body may have. */
  fields?: readonly string[];
  handle(request: RouteRequest): Answer;
}

export function viewOf({ store, token }: RouteRequest): View {
  const { variant, random } = store;
  return { variant, random, withProject: token.scopes.includes("project:read") };
}

export function bodyOf(request: RouteRequest): JsonObject {
  if (request.body === undefined) return {};
  if (!isObject(request.body)) throw badRequest("request body must be a JSON object");
  return request.body;
}

/** `page` and `per_page` within their documented bounds. */
export function pageOf(request: RouteRequest): { number: number; size: number; url: string; variant: Variant } {
  const { variant } = request.store;
  return {
    number: wholeNumber(request, "page", [1, Infinity]) ?? 1,
    size: Math.min(wholeNumber(request, "per_page", [1, 200]) ?? 20, variant.pageSize),
    url: request.url,
    variant,
  };
}

function wholeNumber(request: RouteRequest, name: string, [low, high]: [number, number]): number | undefined {
  const text = request.query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < low || value > high)
    throw badRequest(`invalid ${name}: ${JSON.stringify(text)}`);
  return value;
}
