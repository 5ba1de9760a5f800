// Pure: the JSON that the API shows for what the emulator keeps.
import { activeDeployment, isInProgress } from "./deployments.js";
import { components, isObject } from "./model.js";
import type { AppRecord, ComponentKind, DeploymentRecord, JsonObject, Spec } from "./model.js";
import { progress } from "./progress.js";
import { shownSpec } from "./shown-spec.js";
import type { SpecView } from "./shown-spec.js";
import { showTime } from "./time.js";
import type { Variant } from "./variant.js";

const REGION_NAMES: Record<string, [label: string, flag: string, continent: string]> = {
  ams: ["Amsterdam", "netherlands", "Europe"],
  nyc: ["New York", "usa", "North America"],
  fra: ["Frankfurt", "germany", "Europe"],
  sfo: ["San Francisco", "usa", "North America"],
  sgp: ["Singapore", "singapore", "Asia"],
  blr: ["Bangalore", "india", "Asia"],
  tor: ["Toronto", "canada", "North America"],
  lon: ["London", "uk", "Europe"],
};

export interface View extends SpecView {
  withProject: boolean;
}

/** What the answer to a PUT says that a later GET may say otherwise. */
export interface PutResult {
  /** Absent when the PUT started none. */
  deployment: DeploymentRecord | undefined;
  specBefore: Spec;
}

export function appAnswer(app: AppRecord, view: View, put?: PutResult): JsonObject {
  const { variant } = view;
  const active = activeDeployment(app);
  const { begun, waiting } = put ? underWayInPut(app, view, put) : underWay(app);
  const host = `${app.spec.name}-${app.id.slice(0, 5)}.ondigitalocean.app`;
  const shown = (deployment: DeploymentRecord | undefined) =>
    deployment ? deploymentAnswer(deployment, view) : noDeployment(variant);
  const newest = app.deployments.at(-1);
  return defined({
    id: app.id,
    owner_uuid: "ff36cbc6-0000-4000-8000-12577f512313",
    spec: shownSpec(put && variant.putAnswer === "old-spec" ? put.specBefore : app.spec, view),
    ...(active
      ? {
          default_ingress: `https://${host}`,
          live_url: `https://${host}`,
          live_url_base: `https://${host}`,
          live_domain: host,
        }
      : {}),
    created_at: showTime(app.createdAt, variant),
    updated_at: updatedAt(app, view),
    active_deployment: shown(active),
    in_progress_deployment: shown(begun),
    pending_deployment: waiting === "empty" ? {} : waiting ? pendingAnswer(waiting, view) : noDeployment(variant),
    pinned_deployment: shown(app.deployments.find((deployment) => deployment.id === app.pinned?.deploymentId)),
    last_deployment_created_at:
      newest && variant.lastDeploymentCreatedAt === "shown" ? showTime(newest.createdAt, variant) : undefined,
    region: regionAnswer(app.spec.region ?? "nyc"),
    tier_slug: "basic",
    project_id: view.withProject ? app.projectId : undefined,
  });
}

interface UnderWay {
  begun: DeploymentRecord | undefined;
  waiting: DeploymentRecord | "empty" | undefined;
}

/** The oldest that has begun, and the newest that has not. */
function underWay(app: AppRecord): UnderWay {
  const running = app.deployments.filter(isInProgress);
  return {
    begun: running.find((deployment) => deployment.phase !== "PENDING_BUILD"),
    waiting: running.findLast((deployment) => deployment.phase === "PENDING_BUILD"),
  };
}

/** The documentation promises the deployment of this very PUT under `pending_deployment`; reports miss it there (godo#601). */
function underWayInPut(app: AppRecord, { variant }: View, { deployment }: PutResult): UnderWay {
  const { begun } = underWay(app);
  const others = begun === deployment ? undefined : begun;
  switch (variant.pendingInPut) {
    case "shown":
      return { begun: others, waiting: deployment };
    case "left-out":
      return { begun: others, waiting: undefined };
    case "empty":
      return { begun: others, waiting: "empty" };
    case "in-progress":
      return { begun: deployment ?? others, waiting: undefined };
  }
}

function noDeployment({ noDeployment: shownAs }: Variant): null | JsonObject | undefined {
  return { "left-out": undefined, null: null, empty: {} }[shownAs];
}

function updatedAt(app: AppRecord, { variant }: View): string | undefined {
  const moments = {
    "writes-and-live": () => app.deployments.map((deployment) => deployment.entered.ACTIVE ?? 0),
    writes: () => [],
    phases: () => app.deployments.map((deployment) => deployment.phaseAt),
    "left-out": undefined,
  }[variant.updatedAt];
  return moments && showTime(Math.max(app.writtenAt, ...moments()), variant);
}

function pendingAnswer(deployment: DeploymentRecord, view: View): JsonObject {
  if (view.variant.pendingFields === "all") return deploymentAnswer(deployment, view);
  return { id: deployment.id, spec: shownSpec(deployment.spec, view) };
}

/** `data_centers` is left out: the vendor's own TypeScript client throws on it. */
export function regionAnswer(slug: string): JsonObject {
  const [label, flag, continent] = REGION_NAMES[slug] ?? [slug, "", ""];
  return { slug, label, flag, continent };
}

export function deploymentAnswer(deployment: DeploymentRecord, view: View): JsonObject {
  const { variant } = view;
  const lists: Partial<Record<ComponentKind, JsonObject[]>> = {};
  for (const { kind, component } of components(deployment.spec)) {
    const source = isObject(component["image"])
      ? { source_image_digest: `sha256:${deployment.commit}` }
      : { source_commit_hash: deployment.commit };
    (lists[kind] ??= []).push({ name: component.name, ...source });
  }
  return defined({
    id: deployment.id,
    spec: shownSpec(deployment.spec, view),
    ...lists,
    phase: deployment.phase,
    phase_last_updated_at: showTime(deployment.phaseAt, variant),
    created_at: showTime(deployment.createdAt, variant),
    updated_at: showTime(deployment.phaseAt, variant),
    cause: variant.cause === "left-out" ? undefined : deployment.cause,
    cause_details: variant.cause === "shown" ? causeDetails(deployment) : undefined,
    cloned_from: variant.clonedFrom === "shown" ? deployment.clonedFrom : undefined,
    previous_deployment_id: variant.previousDeployment === "shown" ? deployment.previousId : undefined,
    progress: progress(deployment, variant),
    tier_slug: "basic",
  });
}

function causeDetails({ type, action }: DeploymentRecord): JsonObject {
  const user =
    action === undefined ? {} : { digitalocean_user_action: { name: action, user: { email: "user@example.com" } } };
  return { type, ...user };
}

/** One page of a list, with the links that the vendor gives on that page. */
export function pageAnswer(
  name: string,
  items: unknown[],
  page: { number: number; size: number; url: string; variant: Variant },
): JsonObject {
  const last = Math.max(1, Math.ceil(items.length / page.size));
  const link = (number: number) => {
    const url = new URL(page.url);
    url.searchParams.set("page", String(number));
    return url.toString();
  };
  const pages = {
    ...(page.number > 1 ? { first: link(1), prev: link(page.number - 1) } : {}),
    ...(page.number < last ? { next: link(page.number + 1), last: link(last) } : {}),
  };
  const start = (page.number - 1) * page.size;
  const shown = items.slice(start, start + page.size);
  return { ...listAnswer(name, shown, page.variant), links: { pages }, meta: { total: items.length } };
}

export function listAnswer(name: string, items: unknown[], { emptyList }: Variant): JsonObject {
  if (items.length > 0 || emptyList === "shown") return { [name]: items };
  return emptyList === "null" ? { [name]: null } : {};
}

function defined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
