// What the emulator keeps, and the ways in which an app comes to be, changes and goes.
import { randomUUID } from "node:crypto";
import { activeDeployment, advance, newCommit, startDeployment } from "./deployments.js";
import type { DeploymentOrder, DeploymentTiming, Hold } from "./deployments.js";
import type { DatabaseRecord } from "./databases.js";
import { decrypt, newAppKey } from "./encryption.js";
import { ApiError, badRequest, clone, components, isObject, notFound, sameContent } from "./model.js";
import type { AppRecord, Complaint, DeploymentRecord, EnvEntry, Spec } from "./model.js";
import type { SpecRule } from "./refusals.js";
import { acceptSpec, duplicateKeys } from "./validation.js";
import type { Variant } from "./variant.js";

export interface Store {
  apps: Map<string, AppRecord>;
  complaints: Complaint[];
  now: () => number;
  timing: DeploymentTiming;
  hold: Hold | undefined;
  databases: Map<string, DatabaseRecord>;
  /** How the open questions are answered; may change at any time. */
  variant: Variant;
  /** For orders that the variant leaves to chance. */
  random: () => number;
  refuseValue: RegExp | undefined;
  specRules: Set<SpecRule>;
}

/** One variable as a container has it. */
export interface RunningVariable {
  value: string;
  scope: string;
}

export function complain(store: Store, kind: Complaint["kind"], detail: string): void {
  store.complaints.push({ kind, detail, at: store.now() });
}

/** Lets time pass for every app. */
export function advanceAll(store: Store): void {
  const { variant, timing, hold } = store;
  for (const app of store.apps.values()) advance(app, { now: store.now(), variant, phaseMs: timing.phaseMs, hold });
}

/** Deployments of this app end now, whatever the pace and the hold. A settled one is no news to any list. */
export function settle({ now, variant }: Store, app: AppRecord): void {
  advance(app, { now: now(), variant, phaseMs: 0 });
  for (const deployment of app.deployments) deployment.listed = true;
}

export function findApp(store: Store, id: string | undefined): AppRecord {
  const app = store.apps.get(id ?? "");
  if (!app) throw notFound();
  return app;
}

/** The apps that a look finds. A new one may stay out of sight for some looks. */
export function visibleApps(store: Store, wanted: (app: AppRecord) => boolean = () => true): AppRecord[] {
  return [...store.apps.values()].filter((app) => {
    if (!wanted(app)) return false;
    const unseen = app.unseenLooks > 0;
    if (unseen) app.unseenLooks -= 1;
    return !unseen;
  });
}

export function start(store: Store, app: AppRecord, order: DeploymentOrder): DeploymentRecord {
  return startDeployment(app, order, { at: store.now(), variant: store.variant });
}

export function createApp(
  store: Store,
  raw: unknown,
  identity: { id?: string | undefined; projectId?: string | undefined } = {},
): AppRecord {
  const key = newAppKey();
  const spec = acceptSpec(raw, { key, ...rulesOf(store) });
  claimName(store, spec.name);
  const now = store.now();
  const app: AppRecord = {
    id: identity.id ?? randomUUID(),
    key,
    spec,
    createdAt: now,
    writtenAt: now,
    unseenLooks: store.variant.notFoundAfterCreate,
    deployments: [],
    head: newCommit(),
    projectId: identity.projectId ?? randomUUID(),
    nextFailures: [],
  };
  noteDuplicates(store, spec);
  store.apps.set(app.id, app);
  start(store, app, { cause: "initial deployment", type: "MANUAL", action: "CREATE_DEPLOYMENT" });
  return app;
}

/** A full replace. Returns the deployment that it started, or undefined when nothing effectively changed. */
export function replaceSpec(
  store: Store,
  app: AppRecord,
  update: { spec: unknown; updateAllSourceVersions?: boolean; fromConsole?: boolean },
): DeploymentRecord | undefined {
  if (app.pinned && store.variant.putWhilePinned === "refused") throw pinnedError(app);
  const rebinds = update.fromConsole === true;
  const spec = acceptSpec(update.spec, { existing: app.spec, key: app.key, rebinds, ...rulesOf(store) });
  if (store.variant.putWhileArchived === "refused") refuseWhileArchived(app, spec);
  if (spec.name !== app.spec.name) claimName(store, spec.name);
  noteDuplicates(store, spec);
  const before = app.spec;
  const newCode = update.updateAllSourceVersions === true && app.deployments.at(-1)?.commit !== app.head;
  app.spec = spec;
  if (!sameContent(before, spec)) app.writtenAt = store.now();
  // A new name alone deploys nothing, and neither does another order of the variables.
  const changed = !sameContent({ ...before, name: "" }, { ...spec, name: "" });
  const deploys = changed || newCode || store.variant.unchangedPut === "deployed";
  if (app.pinned || !deploys) return undefined;
  const commit = update.updateAllSourceVersions ? { commit: app.head } : {};
  return start(store, app, { cause: "app spec updated", type: "MANUAL", action: "UPDATE_SPEC", ...commit });
}

export function pinnedError(app: AppRecord): ApiError {
  return badRequest(`app is pinned to deployment ${app.pinned?.deploymentId}; commit or revert the rollback first`);
}

/** A PUT that restores the app is the way out, so it is none of those refused. */
function refuseWhileArchived(app: AppRecord, spec: Spec): void {
  if (isArchived(app.spec) && isArchived(spec)) throw badRequest("app is archived; restore it first");
}

/** What the containers of the active deployment see, component by component. An archived app runs nothing. */
export function runningVariables(app: AppRecord): Record<string, Record<string, RunningVariable>> {
  const spec = activeDeployment(app)?.spec;
  if (!spec || isArchived(spec)) return {};
  const seen = components(spec).map(({ component }) => {
    const entries = [...(spec.envs ?? []), ...(component.envs ?? [])];
    return [component.name, Object.fromEntries(entries.map((env) => [env.key, runningVariable(app, env)]))] as const;
  });
  return Object.fromEntries(seen);
}

export function openValue(app: AppRecord, ev: string): string {
  const plaintext = decrypt(app.key, ev);
  if (plaintext === undefined) throw new Error(`not an encrypted value of app ${app.id}`);
  return plaintext;
}

/** Sets or clears `maintenance.archive`; either way a deployment follows, as documented. */
export function setArchived(store: Store, app: AppRecord, archived: boolean): DeploymentRecord {
  const spec = clone(app.spec);
  spec["maintenance"] = { enabled: archived, archive: archived };
  app.spec = spec;
  app.writtenAt = store.now();
  return start(store, app, { cause: archived ? "app archived" : "app restored", type: "MAINTENANCE" });
}

function runningVariable(app: AppRecord, env: EnvEntry): RunningVariable {
  const value = env.value ?? "";
  return { value: env.type === "SECRET" ? openValue(app, value) : value, scope: env.scope ?? "RUN_AND_BUILD_TIME" };
}

function isArchived(spec: Spec): boolean {
  const maintenance = spec["maintenance"];
  return isObject(maintenance) && maintenance["archive"] === true;
}

function claimName(store: Store, name: string): void {
  for (const other of store.apps.values()) {
    if (other.spec.name === name)
      throw new ApiError(409, "conflict", `an app named ${JSON.stringify(name)} already exists`);
  }
}

function noteDuplicates(store: Store, spec: Spec): void {
  for (const key of duplicateKeys(spec)) complain(store, "duplicate-key", key);
}

/** What every check of a spec goes by. */
export function rulesOf({ variant, refuseValue }: Store): { variant: Variant; refuseValue?: RegExp } {
  return { variant, ...(refuseValue ? { refuseValue } : {}) };
}
