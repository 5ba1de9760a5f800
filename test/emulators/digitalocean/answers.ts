// test world: the JSON that the API shows for what the emulator keeps.
import { activeDeployment, isInProgress } from "./deployments.js";
import { clone, components, isObject } from "./model.js";
import type { AppRecord, ComponentKind, DeploymentRecord, JsonObject, Spec } from "./model.js";
import { progress, time } from "./progress.js";

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

export interface View {
  reorderEnvs: boolean;
  withProject: boolean;
  /** The whole deployment under `pending_deployment`, instead of the `id` and `spec` that the documentation shows there. */
  fullPending: boolean;
}

/** `pending` names the deployment that a PUT started; a plain GET shows the newest one that has not begun. */
export function appAnswer(app: AppRecord, view: View, pending?: DeploymentRecord | "none"): JsonObject {
  const active = activeDeployment(app);
  const running = app.deployments.findLast(isInProgress);
  const begun = running && running.phase !== "PENDING_BUILD" ? running : undefined;
  const waiting = pending === "none" ? undefined : (pending ?? (begun ? undefined : running));
  const host = `${app.spec.name}-${app.id.slice(0, 5)}.ondigitalocean.app`;
  const shown = (deployment: DeploymentRecord | undefined) => deployment && deploymentAnswer(deployment, view);
  return defined({
    id: app.id,
    owner_uuid: "ff36cbc6-0000-4000-8000-12577f512313",
    spec: shownSpec(app.spec, view),
    ...(active
      ? {
          default_ingress: `https://${host}`,
          live_url: `https://${host}`,
          live_url_base: `https://${host}`,
          live_domain: host,
        }
      : {}),
    created_at: time(app.createdAt),
    updated_at: time(app.updatedAt),
    active_deployment: shown(active),
    in_progress_deployment: begun === waiting ? undefined : shown(begun),
    pending_deployment: waiting && pendingAnswer(waiting, view),
    pinned_deployment: shown(app.deployments.find((deployment) => deployment.id === app.pinned?.deploymentId)),
    last_deployment_created_at: app.deployments.length > 0 ? time(app.deployments.at(-1)?.createdAt ?? 0) : undefined,
    region: regionAnswer(app.spec.region ?? "nyc"),
    tier_slug: "basic",
    project_id: view.withProject ? app.projectId : undefined,
  });
}

function pendingAnswer(deployment: DeploymentRecord, view: View): JsonObject {
  if (view.fullPending) return deploymentAnswer(deployment, view);
  return { id: deployment.id, spec: shownSpec(deployment.spec, view) };
}

/** `data_centers` is left out: the vendor's own TypeScript client throws on it. */
export function regionAnswer(slug: string): JsonObject {
  const [label, flag, continent] = REGION_NAMES[slug] ?? [slug, "", ""];
  return { slug, label, flag, continent };
}

export function deploymentAnswer(deployment: DeploymentRecord, view: View): JsonObject {
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
    phase_last_updated_at: time(deployment.phaseAt),
    created_at: time(deployment.createdAt),
    updated_at: time(deployment.phaseAt),
    cause: deployment.cause,
    cause_details: defined({
      type: deployment.type,
      digitalocean_user_action:
        deployment.action === undefined ? undefined : { name: deployment.action, user: { email: "user@example.com" } },
    }),
    cloned_from: deployment.clonedFrom,
    previous_deployment_id: deployment.previousId,
    progress: progress(deployment),
    tier_slug: "basic",
  });
}

export function shownSpec(spec: Spec, view: View): Spec {
  const copy = clone(spec);
  if (!view.reorderEnvs) return copy;
  for (const holder of [copy, ...components(copy).map((each) => each.component)]) holder.envs?.reverse();
  return copy;
}

/** One page of a list, with the links that the vendor gives on that page. */
export function pageAnswer(
  name: string,
  items: unknown[],
  page: { number: number; size: number; url: string },
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
  return { [name]: items.slice(start, start + page.size), links: { pages }, meta: { total: items.length } };
}

function defined(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
