// The table of documented routes, and how a path finds its row.
import { accountRoutes } from "./account-routes.js";
import { appRoutes } from "./app-routes.js";
import { databaseRoutes } from "./database-routes.js";
import { deploymentRoutes } from "./deployment-routes.js";
import type { Route } from "./route.js";

const routes: Route[] = [...accountRoutes, ...appRoutes, ...databaseRoutes, ...deploymentRoutes];

export function findRoute(method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
  for (const route of routes) {
    const params = route.method === method ? matchTemplate(route.template, path) : undefined;
    if (params) return { route, params };
  }
  return undefined;
}

function matchTemplate(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const actual = decodeURIComponent(given[index] ?? "");
    if (part.startsWith("{")) params[part.slice(1, -1)] = actual;
    else if (part !== actual) return undefined;
  }
  return params;
}
