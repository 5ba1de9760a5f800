// The documented calls and what they answer. Everything else is refused and complained about.
import { findRoute as matchRoute, type Match } from "../routing.js";
import { showBuild, showDeploy, showNewBuild, startBuild } from "./builds.js";
import { buildsOf, pageOf } from "./listing.js";
import {
  type AccountRecord,
  ApiError,
  type JsonObject,
  notFound,
  type SiteRecord,
  type Token,
  type VariableRecord,
} from "./model.js";
import { findAccount, findSite, planOf, type Store } from "./store.js";
import {
  type Change,
  createVariables,
  deleteValue,
  deleteVariable,
  find,
  replaceVariable,
  setValue,
  showVariable,
} from "./variables.js";

export interface Call {
  store: Store;
  token: Token;
  params: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
}

export interface Answer {
  status: number;
  /** Absent for an empty body. */
  body?: unknown;
  headers?: Record<string, string>;
}

interface Route {
  method: string;
  /** As in the swagger file, below its base path. */
  template: string;
  handle(call: Call): Answer;
}

const env = "/accounts/{account_id}/env";

const routes: Route[] = [
  { method: "GET", template: "/user", handle: ({ token }) => ({ status: 200, body: token.user }) },
  {
    method: "GET",
    template: "/accounts",
    handle: ({ store }) => ({ status: 200, body: store.accounts.map((one) => showAccount(store, one)) }),
  },
  {
    method: "GET",
    template: "/accounts/{account_id}",
    handle: ({ store, params }) => ({
      status: 200,
      body: showAccount(store, findAccount(store, params["account_id"])),
    }),
  },
  {
    method: "GET",
    template: "/sites",
    handle: ({ store, query }) => ({
      status: 200,
      body: store.sites
        .filter((site) => (query.get("name") ?? site.name) === site.name)
        .map((site) => showSite(store, site)),
    }),
  },
  {
    method: "GET",
    template: "/sites/{site_id}",
    handle: ({ store, params }) => ({ status: 200, body: showSite(store, findSite(store, params["site_id"])) }),
  },
  { method: "GET", template: env, handle: listVariables },
  {
    method: "GET",
    // The specification prints this path below its own base path a second time; the service does not.
    template: "/sites/{site_id}/env",
    handle: (call) => {
      if (call.store.variant.siteList === "unknown") throw notFound();
      const site = findSite(call.store, call.params["site_id"]);
      return listed(call, [...site.variables.values()]);
    },
  },
  {
    method: "POST",
    template: env,
    handle: (call) => ({ status: 201, body: createVariables(changeOf(call), call.body).map((one) => show(call, one)) }),
  },
  {
    method: "GET",
    template: `${env}/{key}`,
    handle: (call) => ({ status: 200, body: show(call, find(targetOf(call), keyOf(call))) }),
  },
  {
    method: "PUT",
    template: `${env}/{key}`,
    handle: (call) => ({ status: 200, body: show(call, replaceVariable(changeOf(call), keyOf(call), call.body)) }),
  },
  {
    method: "PATCH",
    template: `${env}/{key}`,
    handle: (call) => ({ status: 201, body: show(call, setValue(changeOf(call), keyOf(call), call.body)) }),
  },
  {
    method: "DELETE",
    template: `${env}/{key}`,
    handle: (call) => (deleteVariable(changeOf(call), keyOf(call)), { status: 204 }),
  },
  {
    method: "DELETE",
    template: `${env}/{key}/value/{id}`,
    handle: (call) => (deleteValue(changeOf(call), keyOf(call), call.params["id"] ?? ""), { status: 204 }),
  },
  {
    method: "POST",
    template: "/sites/{site_id}/builds",
    handle: ({ store, params, query, token }) => {
      mayWrite(token);
      const order = {
        branch: query.get("branch") ?? undefined,
        clearCache: query.get("clear_cache") === "true",
        title: query.get("title") ?? undefined,
      };
      return { status: 200, body: showNewBuild(store, startBuild(store, findSite(store, params["site_id"]), order)) };
    },
  },
  {
    method: "GET",
    template: "/sites/{site_id}/builds",
    handle: ({ store, params, query }) => {
      const { builds } = findSite(store, params["site_id"]);
      const shown = builds.map((one) => showBuild(store, one));
      return { status: 200, body: buildsOf(shown, query, store.variant) };
    },
  },
  {
    method: "GET",
    template: "/builds/{build_id}",
    handle: ({ store, params }) => {
      const build = store.sites.flatMap((site) => site.builds).find((one) => one.id === params["build_id"]);
      if (!build) throw notFound();
      return { status: 200, body: showBuild(store, build) };
    },
  },
  { method: "GET", template: "/deploys/{deploy_id}", handle: getDeploy },
  { method: "GET", template: "/sites/{site_id}/deploys/{deploy_id}", handle: getDeploy },
];

export function findRoute(method: string, path: string): Match<Route> | undefined {
  return matchRoute(routes, { method, path });
}

/** Without `site_id` a call means the team, silently: that is the trap. */
function targetOf({ store, params, query, token }: Call): {
  account: AccountRecord;
  variables: SiteRecord["variables"];
} {
  const account = findAccount(store, params["account_id"]);
  const siteId = query.get("site_id");
  if (siteId === null) {
    if (token.role === "collaborator") throw new ApiError(403, "Collaborators may not use shared variables");
    return { account, variables: account.variables };
  }
  const site = findSite(store, siteId);
  if (site.account !== account) throw notFound();
  return { account, variables: site.variables };
}

function changeOf(call: Call): Change {
  mayWrite(call.token);
  return { store: call.store, user: call.token.user, ...targetOf(call) };
}

function mayWrite(token: Token): void {
  if (token.readOnly) throw new ApiError(403, "Forbidden");
}

function keyOf({ params }: Call): string {
  return params["key"] ?? "";
}

function show(call: Call, variable: VariableRecord): JsonObject {
  return showVariable(variable, call.store.variant);
}

function listVariables(call: Call): Answer {
  const { query } = call;
  const context = query.get("context_name");
  const scope = query.get("scope")?.replace("-", "_");
  const all = [...targetOf(call).variables.values()]
    .filter((one) => context === null || one.values.some((value) => value.context === context))
    .filter((one) => scope === undefined || one.scopes.includes(scope));
  return listed(call, all);
}

function listed(call: Call, variables: readonly VariableRecord[]): Answer {
  const shown = variables.map((one) => show(call, one));
  const page = pageOf(shown, call.query, call.store.variant);
  if (page === undefined) throw notFound();
  return { status: 200, body: page.rows, ...(page.headers ? { headers: page.headers } : {}) };
}

function getDeploy({ store, params }: Call): Answer {
  for (const site of store.sites) {
    const build = site.builds.find((one) => one.deployId === params["deploy_id"]);
    if (build) return { status: 200, body: showDeploy(store, site, build) };
  }
  throw notFound();
}

/** The names of plans as accounts have shown them: `type_name` is described, `type_slug` is not. */
function showAccount(store: Store, account: AccountRecord): JsonObject {
  const { id, slug, name } = account;
  const plan = planOf(store, account);
  const { planTold } = store.variant;
  return {
    id,
    slug,
    name,
    ...(planTold === "nothing" ? {} : { type_name: `${plan.slice(0, 1).toUpperCase()}${plan.slice(1)}` }),
    ...(planTold === "name-and-slug" ? { type_slug: plan } : {}),
    capabilities: { sites: { included: 500, used: store.sites.length } },
  };
}

function showSite({ variant }: Store, site: SiteRecord): JsonObject {
  const { id, name, account } = site;
  return {
    id,
    name,
    state: "current",
    url: `http://${name}.netlify.app`,
    ssl_url: `https://${name}.netlify.app`,
    admin_url: `https://app.netlify.com/projects/${name}`,
    account_id: account.id,
    account_slug: account.slug,
    ...(variant.teamName === "with-site" ? { account_name: account.name } : {}),
    build_settings: site.linked
      ? {
          provider: "github",
          repo_url: `https://github.com/example/${name}`,
          repo_branch: "main",
          stop_builds: site.stopBuilds,
        }
      : {},
    ...(site.lockedTo === undefined ? {} : { published_deploy: { id: site.lockedTo, locked: true } }),
  };
}
