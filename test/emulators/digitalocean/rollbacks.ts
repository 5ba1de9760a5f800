// Rollback, pin, commit and revert, as documented for /v2/apps/{app_id}/rollback.
import { findDeployment, isInProgress } from "./deployments.js";
import { badRequest, clone, isObject, notFound } from "./model.js";
import type { AppRecord, DeploymentRecord } from "./model.js";
import { start } from "./store.js";
import type { Store } from "./store.js";

const REVISION_LIMIT = 10;

export interface RollbackVerdict {
  valid: boolean;
  error?: { code: string; message: string; components?: string[] };
  warnings?: { code: string; message: string; components: string[] }[];
}

/** Answers only; nothing changes. */
export function judgeRollback(app: AppRecord, deploymentId: string | undefined): RollbackVerdict {
  const target = findDeployment(app, deploymentId);
  if (!target) throw notFound();
  const problem = rollbackProblem(app, target);
  const warnings = rollbackWarnings(target);
  return {
    valid: problem === undefined,
    ...(problem ? { error: problem } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

export function rollBackTo(
  store: Store,
  app: AppRecord,
  order: { deploymentId: string | undefined; skipPin: boolean },
): DeploymentRecord {
  const verdict = judgeRollback(app, order.deploymentId);
  if (verdict.error) throw badRequest(`${verdict.error.code}: ${verdict.error.message}`);
  const target = findDeployment(app, order.deploymentId);
  if (!target) throw notFound();
  const specBefore = app.spec;
  app.spec = clone(target.spec);
  app.writtenAt = store.now();
  const deployment = start(store, app, {
    cause: `rollback to deployment ${target.id}`,
    type: "MANUAL_ROLLBACK",
    action: "ROLLBACK_APP",
    clonedFrom: target.id,
    commit: target.commit,
  });
  if (!order.skipPin) app.pinned = { deploymentId: deployment.id, specBefore };
  return deployment;
}

/** The rolled-back spec stays, the pin goes. */
export function commitRollback(app: AppRecord): void {
  if (!app.pinned) throw badRequest("app has no rollback to commit");
  delete app.pinned;
}

/** The spec from before the rollback comes back, in a deployment of its own. */
export function revertRollback(store: Store, app: AppRecord): DeploymentRecord {
  if (!app.pinned) throw badRequest("app has no rollback to revert");
  app.spec = app.pinned.specBefore;
  app.writtenAt = store.now();
  delete app.pinned;
  return start(store, app, { cause: "rollback reverted", type: "MANUAL", action: "REVERT_APP_ROLLBACK" });
}

function rollbackProblem(app: AppRecord, target: DeploymentRecord): RollbackVerdict["error"] {
  if (app.pinned) return { code: "app_pinned", message: "the app is already pinned to a rollback deployment" };
  if (isInProgress(target))
    return { code: "incompatible_phase", message: `deployment phase ${target.phase} is unsuitable for rollback` };
  if (!target.succeeded) {
    const result = target.phase === "ERROR" ? "failed" : "canceled";
    return { code: "incompatible_result", message: `deployment result "${result}" is unsuitable for rollback` };
  }
  const successful = app.deployments.filter((deployment) => deployment.succeeded);
  if (successful.indexOf(target) < successful.length - REVISION_LIMIT) {
    return {
      code: "exceeded_revision_limit",
      message: `the deployment is past the maximum historical revision limit of ${REVISION_LIMIT}`,
    };
  }
  return undefined;
}

function rollbackWarnings(target: DeploymentRecord): { code: string; message: string; components: string[] }[] {
  const { spec } = target;
  const sites = (spec.static_sites ?? []).map((site) => site.name);
  const workloads = [...(spec.services ?? []), ...(spec.workers ?? []), ...(spec.jobs ?? [])];
  const images = workloads.filter(({ image }) => isObject(image) && image["digest"] === undefined);
  return [
    {
      code: "static_site_requires_rebuild",
      message: "static sites are rebuilt as part of the rollback",
      components: sites,
    },
    {
      code: "image_source_missing_digest",
      message: "image sources without digest",
      components: images.map((each) => each.name),
    },
  ].filter((warning) => warning.components.length > 0);
}
