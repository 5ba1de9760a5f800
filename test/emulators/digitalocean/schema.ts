// Pure: checks answers and request bodies against schema.json, the extract of the vendor's documentation.
import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import definitions from "./schema.json";
import { findRoute } from "./routes.js";

const ANSWERS: Record<string, string> = {
  "GET /v2/account": "accountAnswer",
  "GET /v2/apps/regions": "regionsAnswer",
  "GET /v2/apps": "appsAnswer",
  "POST /v2/apps": "appAnswer",
  "POST /v2/apps/propose": "proposalAnswer",
  "GET /v2/apps/{id}": "appAnswer",
  "PUT /v2/apps/{id}": "appAnswer",
  "DELETE /v2/apps/{id}": "deletedAnswer",
  "GET /v2/apps/{app_id}/deployments": "deploymentsAnswer",
  "POST /v2/apps/{app_id}/deployments": "deploymentAnswer",
  "GET /v2/apps/{app_id}/deployments/{deployment_id}": "deploymentAnswer",
  "POST /v2/apps/{app_id}/deployments/{deployment_id}/cancel": "deploymentAnswer",
  "POST /v2/apps/{app_id}/restart": "deploymentAnswer",
  "POST /v2/apps/{app_id}/rollback": "deploymentAnswer",
  "POST /v2/apps/{app_id}/rollback/revert": "deploymentAnswer",
  "POST /v2/apps/{app_id}/rollback/validate": "verdictAnswer",
  "GET /v2/apps/{app_id}/health": "healthAnswer",
  "GET /v2/apps/{app_id}/alerts": "alertsAnswer",
  "GET /v2/databases": "databasesAnswer",
  "GET /v2/databases/{database_cluster_uuid}": "databaseAnswer",
};

const REQUESTS: Record<string, string> = {
  "POST /v2/apps": "create",
  "POST /v2/apps/propose": "propose",
  "PUT /v2/apps/{id}": "put",
  "POST /v2/apps/{app_id}/deployments": "deploy",
  "POST /v2/apps/{app_id}/restart": "restart",
  "POST /v2/apps/{app_id}/rollback": "rollback",
  "POST /v2/apps/{app_id}/rollback/validate": "rollback",
};

/** Deviations of an answer from the documentation; empty when there are none. `path` may begin with a method: "PUT /v2/apps/1". */
export function validateAnswer(path: string, status: number, body: unknown): string[] {
  if (status >= 400) return problems("#/$defs/error", body);
  const route = routeName(path);
  if (route === "POST /v2/apps/{app_id}/rollback/commit") return body === undefined ? [] : ["body must be empty"];
  const name = route.endsWith("/logs") ? "logsAnswer" : ANSWERS[route];
  return name === undefined ? [`no documented answer for ${path}`] : problems(`#/$defs/answers/${name}`, body);
}

/** Deviations of a request body from the documentation. */
export function validateRequest(path: string, body: unknown): string[] {
  const name = REQUESTS[routeName(path)];
  if (name !== undefined) return problems(`#/$defs/requests/${name}`, body);
  return body === undefined ? [] : [`no documented body for ${path}`];
}

function routeName(path: string): string {
  const [method, address] = path.includes(" ") ? path.split(" ", 2) : ["GET", path];
  const template = findRoute(method ?? "GET", (address ?? "").split("?")[0] ?? "")?.route.template;
  return `${method} ${template ?? address}`;
}

const compiled = new Map<string, ValidateFunction>();
let ajv: Ajv | undefined;

function problems(pointer: string, body: unknown): string[] {
  let validate = compiled.get(pointer);
  if (!validate) {
    ajv ??= new Ajv({ allErrors: true, strict: false }).addSchema(definitions, "vendor");
    validate = ajv.compile({ $ref: `vendor${pointer}` });
    compiled.set(pointer, validate);
  }
  validate(body);
  return (validate.errors ?? []).map((error) => `${error.instancePath || "/"} ${error.message ?? "is invalid"}`);
}
