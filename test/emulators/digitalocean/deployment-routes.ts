// Routes: deployments, restart, rollback, and the small read-only answers about a running app.
import { deploymentAnswer, pageAnswer } from "./answers.js";
import { activeDeployment, cancel, findDeployment, isInProgress } from "./deployments.js";
import { badRequest, components, notFound } from "./model.js";
import type { AppRecord, DeploymentRecord } from "./model.js";
import { commitRollback, judgeRollback, revertRollback, rollBackTo } from "./rollbacks.js";
import { bodyOf, pageOf, viewOf } from "./route.js";
import type { Answer, Route, RouteRequest } from "./route.js";
import { findApp, pinnedError, start } from "./store.js";

const APP = "/v2/apps/{app_id}";
const DEPLOYMENT = `${APP}/deployments/{deployment_id}`;
const LOG_QUERY = ["type", "follow", "pod_connection_timeout", "tail_lines"];
const LOG_TYPES = ["UNSPECIFIED", "BUILD", "DEPLOY", "RUN", "RUN_RESTARTED", "AUTOSCALE_EVENT"];
const ROLLBACK_FIELDS = ["deployment_id", "skip_pin"];
const LIST_QUERY = ["page", "per_page", "deployment_types", "deployment_types[]"];

export const deploymentRoutes: Route[] = [
  { method: "GET", template: `${APP}/deployments`, scope: "app:read", query: LIST_QUERY, handle: listDeployments },
  {
    method: "POST",
    template: `${APP}/deployments`,
    scope: "app:update",
    fields: ["force_build"],
    handle: postDeployment,
  },
  { method: "GET", template: DEPLOYMENT, scope: "app:read", handle: getDeployment },
  { method: "POST", template: `${DEPLOYMENT}/cancel`, scope: "app:update", handle: postCancel },
  { method: "POST", template: `${APP}/restart`, scope: "app:update", fields: ["components"], handle: postRestart },
  { method: "POST", template: `${APP}/rollback`, scope: "app:update", fields: ROLLBACK_FIELDS, handle: postRollback },
  {
    method: "POST",
    template: `${APP}/rollback/validate`,
    scope: "app:update",
    fields: ROLLBACK_FIELDS,
    handle: postValidate,
  },
  { method: "POST", template: `${APP}/rollback/commit`, scope: "app:update", handle: postCommit },
  { method: "POST", template: `${APP}/rollback/revert`, scope: "app:update", handle: postRevert },
  { method: "GET", template: `${APP}/health`, scope: "app:read", handle: getHealth },
  { method: "GET", template: `${APP}/alerts`, scope: "app:read", handle: getAlerts },
  { method: "GET", template: `${APP}/logs`, scope: "app:read", query: LOG_QUERY, handle: getLogs },
  {
    method: "GET",
    template: `${APP}/components/{component_name}/logs`,
    scope: "app:read",
    query: LOG_QUERY,
    handle: getLogs,
  },
  { method: "GET", template: `${DEPLOYMENT}/logs`, scope: "app:read", query: LOG_QUERY, handle: getLogs },
  {
    method: "GET",
    template: `${DEPLOYMENT}/components/{component_name}/logs`,
    scope: "app:read",
    query: LOG_QUERY,
    handle: getLogs,
  },
];

function appOf(request: RouteRequest): AppRecord {
  return findApp(request.store, request.params["app_id"]);
}

function deploymentOf(request: RouteRequest): DeploymentRecord {
  const deployment = findDeployment(appOf(request), request.params["deployment_id"]);
  if (!deployment) throw notFound();
  return deployment;
}

function shown(request: RouteRequest, deployment: DeploymentRecord): Answer {
  return { status: 200, body: { deployment: deploymentAnswer(deployment, viewOf(request)) } };
}

function listDeployments(request: RouteRequest): Answer {
  const types = [...request.query.getAll("deployment_types"), ...request.query.getAll("deployment_types[]")];
  const chosen = listedDeployments(request).filter((each) => types.length === 0 || types.includes(each.type));
  const newestFirst = chosen.toReversed().map((each) => deploymentAnswer(each, viewOf(request)));
  return { status: 200, body: pageAnswer("deployments", newestFirst, pageOf(request)) };
}

/** A list that lags shows the newest deployment from the second time on. */
function listedDeployments(request: RouteRequest): DeploymentRecord[] {
  const { deployments } = appOf(request);
  const newest = deployments.at(-1);
  const late = newest !== undefined && !newest.listed && request.store.variant.deploymentList === "lags";
  for (const deployment of deployments) deployment.listed = true;
  return late ? deployments.slice(0, -1) : deployments;
}

/** A manual deployment takes the newest code; this is how a careless repair ships something unreviewed. */
function postDeployment(request: RouteRequest): Answer {
  const app = appOf(request);
  if (app.pinned) throw pinnedError(app);
  return shown(
    request,
    start(request.store, app, { cause: "manual", type: "MANUAL", action: "CREATE_DEPLOYMENT", commit: app.head }),
  );
}

function getDeployment(request: RouteRequest): Answer {
  return shown(request, deploymentOf(request));
}

function postCancel(request: RouteRequest): Answer {
  const deployment = deploymentOf(request);
  if (!isInProgress(deployment)) throw badRequest(`deployment in phase ${deployment.phase} cannot be canceled`);
  cancel(deployment, request.store.now());
  return shown(request, deployment);
}

/** By default a restart runs the active deployment again; a stored spec that is not live stays so. */
function postRestart(request: RouteRequest): Answer {
  const app = appOf(request);
  if (app.pinned) throw pinnedError(app);
  const active = activeDeployment(app);
  if (!active) throw badRequest("app has no active deployment to restart");
  const wanted = bodyOf(request)["components"] ?? [];
  const known = components(active.spec).map(({ component }) => component.name);
  if (!Array.isArray(wanted) || !wanted.every((name) => known.includes(String(name))))
    throw badRequest("unknown component");
  const order = { cause: "app restarted", type: "MANUAL", action: "RESTART", commit: active.commit } as const;
  const copy = request.store.variant.restart === "live-spec" ? { spec: active.spec, clonedFrom: active.id } : {};
  return shown(request, start(request.store, app, { ...order, ...copy }));
}

function rollbackOrder(request: RouteRequest): { deploymentId: string | undefined; skipPin: boolean } {
  const { deployment_id: id, skip_pin: skipPin } = bodyOf(request);
  return { deploymentId: typeof id === "string" ? id : undefined, skipPin: skipPin === true };
}

function postRollback(request: RouteRequest): Answer {
  return shown(request, rollBackTo(request.store, appOf(request), rollbackOrder(request)));
}

function postValidate(request: RouteRequest): Answer {
  return { status: 200, body: { ...judgeRollback(appOf(request), rollbackOrder(request).deploymentId) } };
}

function postCommit(request: RouteRequest): Answer {
  commitRollback(appOf(request));
  return { status: 200 };
}

function postRevert(request: RouteRequest): Answer {
  return shown(request, revertRollback(request.store, appOf(request)));
}

function getHealth(request: RouteRequest): Answer {
  const spec = activeDeployment(appOf(request))?.spec;
  const workloads = spec ? [...(spec.services ?? []), ...(spec.workers ?? [])] : [];
  const health = workloads.map(({ name }) => ({
    name,
    cpu_usage_percent: 5,
    memory_usage_percent: 20,
    replicas_desired: 1,
    replicas_ready: 1,
    state: "HEALTHY",
  }));
  return { status: 200, body: { app_health: { components: health } } };
}

function getAlerts(request: RouteRequest): Answer {
  appOf(request);
  return { status: 200, body: { alerts: [] } };
}

/** A 400 means that the stage was never reached; clients rely on it. */
function getLogs(request: RouteRequest): Answer {
  const app = appOf(request);
  const type = request.query.get("type");
  if (type === null || !LOG_TYPES.includes(type)) throw badRequest(`invalid log type: ${JSON.stringify(type ?? "")}`);
  const deployment = request.params["deployment_id"] === undefined ? activeDeployment(app) : deploymentOf(request);
  if (!deployment) throw notFound();
  const name = request.params["component_name"];
  if (name !== undefined && !components(deployment.spec).some(({ component }) => component.name === name))
    throw notFound();
  const stage = type === "BUILD" ? deployment.entered.BUILDING : deployment.entered.DEPLOYING;
  if (stage === undefined) throw badRequest(`no ${type} logs: the deployment has not reached that stage`);
  // Pre-signed addresses in real life: the path is a secret of its own.
  const address = `https://logs.example.com/${deployment.id}/${type.toLowerCase()}.log?signature=${deployment.commit.slice(0, 16)}`;
  return { status: 200, body: { historic_urls: [address], live_url: address, url: address } };
}
