// The table of documented routes, and how a path finds its row.
import { findRoute as matchRoute, type Match } from "../routing.js";
import { accountRoutes } from "./account-routes.js";
import { appRoutes } from "./app-routes.js";
import { databaseRoutes } from "./database-routes.js";
import { deploymentRoutes } from "./deployment-routes.js";
import type { Route } from "./route.js";

const routes: Route[] = [...accountRoutes, ...appRoutes, ...databaseRoutes, ...deploymentRoutes];

export function findRoute(method: string, path: string): Match<Route> | undefined {
  return matchRoute(routes, { method, path });
}
