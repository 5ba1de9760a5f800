// Pure but for ids: the life of one deployment. Time is read when somebody looks, so there are no timers and tests cannot race them.
import { randomBytes, randomUUID } from "node:crypto";
import { clone, components, sameContent } from "./model.js";
import type { AppRecord, DeploymentRecord, DeploymentType, Phase, Spec } from "./model.js";
import type { Variant } from "./variant.js";

export interface DeploymentTiming {
  /** How long each of the four phases before ACTIVE lasts. */
  phaseMs: number;
}

interface Moment {
  at: number;
  variant: Variant;
}

/** Deployments pause: all of them, or only once they have reached one phase. */
export interface Hold {
  phase?: Phase;
  /** Ids of apps whose deployments are not on hold. */
  readonly released: Set<string>;
}

export interface DeploymentOrder {
  cause: string;
  type: DeploymentType;
  action?: string;
  spec?: Spec;
  clonedFrom?: string;
  commit?: string;
}

const RUNNING: readonly Phase[] = ["PENDING_BUILD", "BUILDING", "PENDING_DEPLOY", "DEPLOYING"];

export function isInProgress(deployment: DeploymentRecord): boolean {
  return RUNNING.includes(deployment.phase);
}

export function newCommit(): string {
  return randomBytes(20).toString("hex");
}

export function findDeployment(app: AppRecord, id: string | undefined): DeploymentRecord | undefined {
  return id === undefined ? undefined : app.deployments.find((deployment) => deployment.id === id);
}

export function activeDeployment(app: AppRecord): DeploymentRecord | undefined {
  return findDeployment(app, app.activeId);
}

/** Starts a deployment; one that is still in progress gives way at once, or the new one waits for its end. */
export function startDeployment(app: AppRecord, order: DeploymentOrder, { at, variant }: Moment): DeploymentRecord {
  if (variant.olderDeployment === "gives-way") {
    for (const other of app.deployments.filter(isInProgress)) enter(other, variant.replacedPhase, at);
  }
  const active = activeDeployment(app);
  const { spec = app.spec, commit = app.deployments.at(-1)?.commit ?? app.head, ...about } = order;
  const failure = order.type === "AUTO_ROLLBACK" ? undefined : app.nextFailures.shift();
  const deployment: DeploymentRecord = {
    id: randomUUID(),
    ...about,
    spec: clone(spec),
    commit,
    ...(active ? { previousId: active.id } : {}),
    createdAt: at,
    phase: "PENDING_BUILD",
    phaseAt: at,
    entered: { PENDING_BUILD: at },
    buildSkipped: failure?.step !== "build" && needsNoBuild(order.type, { active, spec, variant }),
    ...(failure ? { failure } : {}),
    succeeded: false,
    listed: false,
  };
  app.deployments.push(deployment);
  return deployment;
}

function needsNoBuild(
  type: DeploymentType,
  { active, spec, variant }: { active: DeploymentRecord | undefined; spec: Spec; variant: Variant },
): boolean {
  if (type === "AUTO_ROLLBACK") return true;
  return variant.runtimeOnlyBuild === "skipped" && active !== undefined && sameBuild(active.spec, spec);
}

/** Brings the app's deployments up to date, the oldest first. */
export function advance(
  app: AppRecord,
  world: { now: number; variant: Variant; phaseMs: number; hold?: Hold | undefined },
): void {
  const { now, variant, phaseMs, hold } = world;
  for (;;) {
    const deployment = app.deployments.find(isInProgress);
    if (!deployment || (!hold?.released.has(app.id) && isHeld(deployment, hold))) return;
    const due = deployment.phaseAt + phaseMs;
    if (now < due) return;
    leavePhase(app, deployment, { at: due, variant });
    if (isInProgress(deployment)) continue;
    // One that has waited begins when the one before it has ended.
    for (const next of app.deployments.filter(isInProgress)) next.phaseAt = Math.max(next.phaseAt, due);
  }
}

/** After a hold the current phase starts again, as if no time had passed. */
export function resume(app: AppRecord, now: number): void {
  for (const deployment of app.deployments.filter(isInProgress)) deployment.phaseAt = now;
}

export function cancel(deployment: DeploymentRecord, at: number): void {
  enter(deployment, "CANCELED", at);
}

function isHeld(deployment: DeploymentRecord, hold: Hold | undefined): boolean {
  return hold !== undefined && (hold.phase === undefined || hold.phase === deployment.phase);
}

function leavePhase(app: AppRecord, deployment: DeploymentRecord, moment: Moment): void {
  const failing = deployment.failure?.step === "build" ? "BUILDING" : "DEPLOYING";
  if (deployment.failure && deployment.phase === failing) {
    enter(deployment, "ERROR", moment.at);
    if (deployment.failure.autoRollback ?? moment.variant.rollbackAfterFailure) rollBack(app, deployment, moment);
    return;
  }
  const next = phaseAfter(deployment);
  if (next === "ACTIVE") {
    const before = activeDeployment(app);
    if (before) enter(before, "SUPERSEDED", moment.at);
    app.activeId = deployment.id;
    deployment.succeeded = true;
  }
  enter(deployment, next, moment.at);
}

function phaseAfter(deployment: DeploymentRecord): Phase {
  if (deployment.phase === "PENDING_BUILD" && deployment.buildSkipped) return "PENDING_DEPLOY";
  return RUNNING[RUNNING.indexOf(deployment.phase) + 1] ?? "ACTIVE";
}

/** The platform's own rollback: the last good spec runs again, while the app's spec keeps what was written. */
function rollBack(app: AppRecord, failed: DeploymentRecord, moment: Moment): void {
  const active = activeDeployment(app);
  // A newer deployment that waits decides itself what runs next.
  if (!active || app.deployments.some(isInProgress)) return;
  const cause = `automatic rollback to deployment ${active.id} after failure of deployment ${failed.id}`;
  const order: DeploymentOrder = {
    cause,
    type: "AUTO_ROLLBACK",
    spec: active.spec,
    clonedFrom: active.id,
    commit: active.commit,
  };
  startDeployment(app, order, moment);
}

function enter(deployment: DeploymentRecord, phase: Phase, at: number): void {
  deployment.phase = phase;
  deployment.phaseAt = at;
  deployment.entered[phase] = at;
}

/** Whether the two specs differ in run-time variables only. */
function sameBuild(left: Spec, right: Spec): boolean {
  return sameContent(withoutRuntimeEnvs(left), withoutRuntimeEnvs(right));
}

function withoutRuntimeEnvs(spec: Spec): Spec {
  const copy = clone(spec);
  for (const holder of [copy, ...components(copy).map((each) => each.component)]) {
    const kept = (holder.envs ?? []).filter((env) => env.scope !== "RUN_TIME");
    if (kept.length > 0) holder.envs = kept;
    else delete holder.envs;
  }
  return copy;
}
