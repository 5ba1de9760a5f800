// The routes of managed database clusters, as documented at https://docs.digitalocean.com/reference/api/reference/databases/
import { listAnswer } from "./answers.js";
import { databaseAnswer } from "./databases.js";
import { notFound } from "./model.js";
import type { DatabaseRecord } from "./databases.js";
import type { JsonObject } from "./model.js";
import type { Answer, Route, RouteRequest } from "./route.js";

export const databaseRoutes: Route[] = [
  // The list is documented without pages.
  { method: "GET", template: "/v2/databases", scope: "database:read", query: ["tag_name"], handle: listDatabases },
  { method: "GET", template: "/v2/databases/{database_cluster_uuid}", scope: "database:read", handle: getDatabase },
];

function listDatabases(request: RouteRequest): Answer {
  const tag = request.query.get("tag_name");
  const chosen = [...request.store.databases.values()].filter(({ tags }) => tag === null || tags.includes(tag));
  const shown = chosen.map((database) => shownDatabase(database, request));
  return { status: 200, body: listAnswer("databases", shown, request.store.variant) };
}

function getDatabase(request: RouteRequest): Answer {
  const database = request.store.databases.get(request.params["database_cluster_uuid"] ?? "");
  if (!database) throw notFound();
  return { status: 200, body: { database: shownDatabase(database, request) } };
}

function shownDatabase(database: DatabaseRecord, { store, token }: RouteRequest): JsonObject {
  const withCredentials = token.scopes.includes("database:view_credentials");
  return databaseAnswer(database, { variant: store.variant, withCredentials });
}
