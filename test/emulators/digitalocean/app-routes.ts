// Routes: list, get, create, replace, propose and delete apps.
import { randomUUID } from "node:crypto";
import { appAnswer, pageAnswer } from "./answers.js";
import { newAppKey } from "./encryption.js";
import { ApiError, badRequest, isObject, notFound } from "./model.js";
import type { JsonObject } from "./model.js";
import { refuseByRule } from "./refusals.js";
import { bodyOf, pageOf, viewOf } from "./route.js";
import type { Answer, Route, RouteRequest } from "./route.js";
import { shownSpec } from "./shown-spec.js";
import { createApp, findApp, replaceSpec, rulesOf, visibleApps } from "./store.js";
import { FORBIDDEN, requireScope } from "./tokens.js";
import { acceptSpec } from "./validation.js";

export const appRoutes: Route[] = [
  {
    method: "GET",
    template: "/v2/apps",
    scope: "app:read",
    query: ["page", "per_page", "with_projects"],
    handle: listApps,
  },
  { method: "POST", template: "/v2/apps", scope: "app:create", fields: ["spec", "project_id"], handle: postApp },
  { method: "POST", template: "/v2/apps/propose", scope: "app:read", fields: ["spec", "app_id"], handle: proposeApp },
  { method: "GET", template: "/v2/apps/{id}", scope: "app:read", query: ["name"], handle: getApp },
  {
    method: "PUT",
    template: "/v2/apps/{id}",
    scope: "app:update",
    fields: ["spec", "update_all_source_versions"],
    handle: putApp,
  },
  { method: "DELETE", template: "/v2/apps/{id}", scope: "app:delete", handle: deleteApp },
];

function listApps(request: RouteRequest): Answer {
  const withProject = request.query.get("with_projects") === "true";
  if (withProject) requireScope(request.token, "project:read");
  const view = { ...viewOf(request), withProject };
  const apps = visibleApps(request.store).map((app) => appAnswer(app, view));
  return { status: 200, body: pageAnswer("apps", apps, pageOf(request)) };
}

/** With `name` the ID is left out of the path: `/v2/apps/?name=web`. A platform that ignores the name lists all apps there. */
function getApp(request: RouteRequest): Answer {
  const name = request.query.get("name");
  const id = request.params["id"];
  const byName = name !== null && id === "";
  if (byName && request.store.variant.nameLookup === "ignored") return listApps(request);
  const [app] = visibleApps(request.store, (each) => (byName ? each.spec.name === name : each.id === id));
  if (!app) throw notFound();
  return { status: 200, body: { app: appAnswer(app, viewOf(request)) } };
}

function postApp(request: RouteRequest): Answer {
  const body = bodyOf(request);
  const projectId = body["project_id"];
  if (projectId !== undefined) requireScope(request.token, "project:assign_resource");
  const app = createApp(request.store, body["spec"], {
    projectId: typeof projectId === "string" ? projectId : undefined,
  });
  return { status: 200, body: { app: appAnswer(app, viewOf(request)) } };
}

function putApp(request: RouteRequest): Answer {
  const body = bodyOf(request);
  const update = body["update_all_source_versions"] ?? false;
  if (typeof update !== "boolean") throw badRequest("invalid value for update_all_source_versions, expected a boolean");
  const app = findApp(request.store, request.params["id"]);
  requireDatabaseScopes(request, body["spec"]);
  refuseByRule(request.store.specRules, body["spec"], "put");
  const specBefore = app.spec;
  const old = request.store.variant.putAnswer === "old-app" ? appAnswer(app, viewOf(request)) : undefined;
  const deployment = replaceSpec(request.store, app, { spec: body["spec"], updateAllSourceVersions: update });
  return { status: 200, body: { app: old ?? appAnswer(app, viewOf(request), { deployment, specBefore }) } };
}

/**
 * Reported from the field (Infisical/infisical#6210): a token without these two cannot write a spec that has a database
 * attached. Which of the two for which databases is not documented.
 */
function requireDatabaseScopes({ token, store }: RouteRequest, spec: unknown): void {
  const databases = isObject(spec) && Array.isArray(spec["databases"]) ? spec["databases"] : [];
  const { databaseScopes } = store.variant;
  const asking = databases.filter((database) => databaseScopes === "every" || isManaged(database));
  if (databaseScopes === "none" || asking.length === 0) return;
  requireScope(token, "database:read");
  if (token.scopes.includes("database:view_credentials")) return;
  throw new ApiError(403, "forbidden", "database user password is not accessible");
}

function isManaged(database: unknown): boolean {
  return isObject(database) && (database["production"] === true || typeof database["cluster_name"] === "string");
}

function proposeApp(request: RouteRequest): Answer {
  const body = bodyOf(request);
  const { variant, specRules } = request.store;
  if (variant.propose === "not-found") throw notFound();
  if (variant.propose === "forbidden") throw new ApiError(403, "forbidden", FORBIDDEN);
  const id = body["app_id"];
  const app = typeof id === "string" && id !== "" ? findApp(request.store, id) : undefined;
  if (variant.proposeScopes === "asked") requireDatabaseScopes(request, body["spec"]);
  refuseByRule(specRules, body["spec"], "propose");
  const known = app ? { existing: app.spec, key: app.key } : { key: newAppKey() };
  const spec = acceptSpec(body["spec"], { ...known, ...rulesOf(request.store) });
  const taken = [...request.store.apps.values()].some((other) => other !== app && other.spec.name === spec.name);
  const answer: JsonObject = {
    app_cost: 5,
    app_name_available: !taken,
    ...(taken ? { app_name_suggestion: `${spec.name.slice(0, 27)}-${randomUUID().slice(0, 4)}` } : {}),
    existing_static_apps: "0",
    max_free_static_apps: "3",
    spec: shownSpec(spec, viewOf(request)),
  };
  return { status: 200, body: answer };
}

function deleteApp(request: RouteRequest): Answer {
  const app = findApp(request.store, request.params["id"]);
  request.store.apps.delete(app.id);
  return { status: 200, body: { id: app.id } };
}
