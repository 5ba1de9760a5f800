// Builds and their deploys. Time is read when somebody looks, so there are no timers and tests cannot race them.
import { ApiError, type BuildRecord, type JsonObject, type SiteRecord, unprocessable } from "./model.js";
import { environmentOf, type Store } from "./store.js";

const STATES = ["new", "enqueued", "building", "uploading", "processing"] as const;

export interface BuildOrder {
  branch: string | undefined;
  clearCache: boolean;
  title: string | undefined;
}

/** https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/#rate-limiting: 3 deploys a minute, 100 a day. */
export function startBuild(store: Store, site: SiteRecord, order: BuildOrder): BuildRecord {
  if (!site.linked) throw unprocessable("This site is not linked to a repository");
  if (site.stopBuilds) throw unprocessable("Builds are stopped for this site");
  const now = store.now();
  const since = (ms: number) => site.builds.filter((one) => one.createdAt > now - ms).length;
  if (since(60_000) >= store.buildsPerMinute || since(86_400_000) >= store.buildsPerDay)
    throw new ApiError(429, "You have reached the deploy limit");
  const slots = ["production", "deploy-preview", "branch-deploy", ...(order.branch ? [`branch:${order.branch}`] : [])];
  const build: BuildRecord = {
    id: store.newId().replaceAll("-", "").slice(0, 24),
    deployId: store.newId().replaceAll("-", "").slice(0, 24),
    ...order,
    createdAt: now,
    environment: Object.fromEntries(slots.map((slot) => [slot, environmentOf(site, slot)])),
    failure: site.nextFailures.shift() ?? tooLarge(site, slots),
  };
  site.builds.push(build);
  return build;
}

/** Lambda takes 4 KB of environment, and the deploy fails beyond that (netlify/cli#6791). */
function tooLarge(site: SiteRecord, slots: readonly string[]): string | undefined {
  if (!site.hasFunctions) return undefined;
  const sizes = slots.map((slot) =>
    Object.entries(environmentOf(site, slot, "functions")).reduce(
      (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
      0,
    ),
  );
  if (Math.max(...sizes) <= 4096) return undefined;
  return "Failed to create function: Your environment variables exceed the 4KB limit imposed by AWS Lambda";
}

function stateOf(store: Store, build: BuildRecord): string {
  if (store.held) return "building";
  const step = store.phaseMs === 0 ? STATES.length : Math.floor((store.now() - build.createdAt) / store.phaseMs);
  if (step < STATES.length) {
    const state = STATES[step] ?? "building";
    return build.failure !== undefined && (state === "uploading" || state === "processing") ? "error" : state;
  }
  return build.failure === undefined ? "ready" : "error";
}

function isOver(store: Store, build: BuildRecord): boolean {
  return ["ready", "error"].includes(stateOf(store, build));
}

export function showBuild(store: Store, build: BuildRecord): JsonObject {
  const over = isOver(store, build);
  return {
    id: build.id,
    deploy_id: build.deployId,
    sha: "",
    done: over,
    ...(over && build.failure !== undefined ? { error: build.failure } : {}),
    created_at: new Date(build.createdAt).toISOString(),
  };
}

/** What the answer to the request for a build names of it. */
export function showNewBuild(store: Store, build: BuildRecord): JsonObject {
  const { id, deploy_id, ...rest } = showBuild(store, build);
  const { buildAnswer } = store.variant;
  return {
    ...rest,
    ...(buildAnswer === "build-and-deploy" || buildAnswer === "build" ? { id } : {}),
    ...(buildAnswer === "build-and-deploy" || buildAnswer === "deploy" ? { deploy_id } : {}),
  };
}

export function showDeploy(store: Store, site: SiteRecord, build: BuildRecord): JsonObject {
  const state = stateOf(store, build);
  return {
    id: build.deployId,
    site_id: site.id,
    build_id: build.id,
    state,
    name: site.name,
    branch: build.branch ?? "main",
    ...(build.title === undefined ? {} : { title: build.title }),
    context: build.branch === undefined || build.branch === "main" ? "production" : "branch-deploy",
    ...(state === "error" ? { error_message: build.failure ?? "" } : {}),
    created_at: new Date(build.createdAt).toISOString(),
  };
}

/** What the site runs with: the environment of its newest deploy that became live. */
export function runningOf(store: Store, site: SiteRecord, slot: string): Record<string, string> {
  const isHeld = (build: BuildRecord) =>
    slot === "production" && site.lockedTo !== undefined && build.deployId !== site.lockedTo;
  const live = site.builds.findLast(
    (one) => stateOf(store, one) === "ready" && one.environment[slot] !== undefined && !isHeld(one),
  );
  return live?.environment[slot] ?? {};
}
