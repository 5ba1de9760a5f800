// Checks answers, requests and queries against the official API description in @netlify/open-api.
import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { findRoute } from "./routes.js";

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

interface Parameter {
  name: string;
  in: string;
  type?: string;
  enum?: string[];
  schema?: Schema;
}

interface Operation {
  parameters?: Parameter[];
  responses: Record<string, { schema?: Schema }>;
}

type PathItem = { parameters?: Parameter[] } & Record<string, Operation>;

const swagger = JSON.parse(readFileSync(require.resolve("@netlify/open-api/dist/swagger.json"), "utf8")) as {
  paths: Record<string, PathItem>;
};

// The description prints this one path with its base path in front.
const MISPRINTED: Record<string, string> = { "/sites/{site_id}/env": "/api/v1/sites/{site_id}/env" };

/** Deviations of an answer from the description; empty when there are none. `route` is "PUT /accounts/a/env/K". */
export function validateAnswer(route: string, status: number, body: unknown): string[] {
  const operation = operationOf(route);
  if (!operation) return [`${route} is not described`];
  const response = operation.responses[String(status)] ?? (status >= 400 ? operation.responses["default"] : undefined);
  if (!response) return [`status ${status} is not described for ${route}`];
  // Some errors are described without a body; the service sends one all the same.
  const schema = response.schema ?? (status >= 400 ? operation.responses["default"]?.schema : undefined);
  if (!schema) return body === undefined ? [] : [`${route} answers ${status} without a body`];
  return compile(schema, body);
}

/** Deviations of a request: undescribed route, query parameter, body field, or a value that does not fit. */
export function validateRequest(route: string, query: URLSearchParams, body: unknown): string[] {
  const operation = operationOf(route);
  if (!operation) return [`${route} is not described`];
  const parameters = [...(operation.parameters ?? []), ...(itemOf(route)?.parameters ?? [])];
  const wrongQueries = [...query].flatMap(([name, value]) => {
    const parameter = parameters.find((one) => one.in === "query" && one.name === name);
    if (!parameter) return [`query ${name} is not described for ${route}`];
    return parameter.enum && !parameter.enum.includes(value) ? [`query ${name} cannot be ${value}`] : [];
  });
  const schema = parameters.find((one) => one.in === "body")?.schema;
  if (body === undefined) return wrongQueries;
  if (!schema) return [...wrongQueries, `${route} takes no body`];
  return [...wrongQueries, ...compile(schema, body), ...unknownFields(schema, body, "body")];
}

function itemOf(route: string): PathItem | undefined {
  const [method = "GET", path = ""] = route.split(" ");
  const template = findRoute(method, path)?.route.template;
  return template === undefined ? undefined : swagger.paths[MISPRINTED[template] ?? template];
}

function operationOf(route: string): Operation | undefined {
  return itemOf(route)?.[(route.split(" ")[0] ?? "").toLowerCase()];
}

function unknownFields(schema: Schema, body: unknown, path: string): string[] {
  if (Array.isArray(body))
    return body.flatMap((one, index) => unknownFields(schema.items ?? {}, one, `${path}[${index}]`));
  if (typeof body !== "object" || body === null || !schema.properties) return [];
  return Object.entries(body).flatMap(([name, value]) => {
    const inner = schema.properties?.[name];
    return inner ? unknownFields(inner, value, `${path}.${name}`) : [`${path}.${name} is not described`];
  });
}

const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, logger: false });
const compiled = new Map<Schema, ValidateFunction>();

function compile(schema: Schema, body: unknown): string[] {
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  validate(respell(body));
  return (validate.errors ?? []).map((error) => `${error.instancePath || "/"} ${error.message ?? "is invalid"}`);
}

/** The description spells the scope with a hyphen, the service with an underscore (netlify/cli: src/utils/env/index.ts). */
function respell(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body ?? null).replaceAll('"post_processing"', '"post-processing"'));
}
