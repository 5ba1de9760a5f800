// Pure: distinguishes what somebody stored between our look and our PUT from history. App Platform has no ETag; the last PUT silently wins.

import { sameContent, sameStored } from "./comparison.js";
import { isCopy, readMaking } from "../deployments/deployment-cause.js";
import type { App, Deployment, Spec } from "../wire.js";

/** What was certain about an app's deployments before our PUT. */
export interface History {
  /** Deployments that existed then. */
  readonly ids: ReadonlySet<string>;
  /** When the newest one was created, by the platform's clock, if the answer says so. */
  readonly until: string | undefined;
  /** Whether the newest one is among `ids`: whatever the list shows before them was created afterwards. */
  readonly isWhole: boolean;
}

/** What the look at the app alone shows. It is enough when the newest deployment is one that the app shows. */
export function readHistory(app: App): History {
  const shown = [
    app.active_deployment,
    app.in_progress_deployment,
    app.pending_deployment,
    app.pinned_deployment,
  ].filter((deployment) => deployment !== undefined);
  const until = app.last_deployment_created_at || undefined;
  const newest = shown.find((deployment) => isOf(until, deployment));
  return {
    ids: new Set(shown.map(({ id }) => id)),
    until,
    isWhole: newest !== undefined && (hasFraction(newest) || isStored(newest, app.spec)),
  };
}

/** Within one whole second several deployments look equally new; then the newest is the one that holds what is stored. */
function hasFraction({ created_at: created }: Deployment): boolean {
  return /\.\d*[1-9]/.test(String(created));
}

function isOf(time: string | undefined, { created_at: created }: Deployment): boolean {
  return time !== undefined && created === time;
}

function isStored({ spec }: Deployment, stored: Spec): boolean {
  return Boolean(spec && sameContent(spec, stored));
}

/** The same with a list taken before the look, so that it holds nothing that the look does not know of. It may lag behind. */
export function addListed(history: History, app: App, listed: readonly Deployment[]): History {
  // A copy of an earlier deployment stores nothing.
  const newest = listed.find((deployment) => !isCopy(deployment));
  const isNewest = newest !== undefined && (isStored(newest, app.spec) || isOf(history.until, newest));
  return {
    ids: new Set([...history.ids, ...listed.map(({ id }) => id)]),
    until: history.until,
    isWhole: history.isWhole || isNewest,
  };
}

export interface Aftermath {
  readonly history: History;
  /** What our edits were made on. */
  readonly base: Spec;
  /** The latest deployments after our PUT, newest first. */
  readonly listed: readonly Deployment[];
  /** The deployment that our PUT started, if known. */
  readonly ours: string | undefined;
  /** Recognises our own deployments by their spec if an id is not known. */
  readonly isOurs: (spec: Spec) => boolean;
}

export type LostUpdate =
  | { readonly kind: "none" }
  | {
      readonly kind: "found";
      readonly deployment: Deployment;
      readonly spec: Spec;
      /** What somebody stored after our PUT, and so with a look at it. */
      readonly since: Deployment | undefined;
    }
  /** Somebody's deployment that may be history or a write that ours has replaced. */
  | { readonly kind: "unclear"; readonly deployment: Deployment };

/**
 * The spec that our PUT has replaced unseen. Every effective change of a spec starts a deployment that keeps a copy of it:
 *
 * | deployment, newest first                             | then it is                     |
 * | ---------------------------------------------------- | ------------------------------ |
 * | ours, or a copy that a rollback or restart has made  | nobody's edit                  |
 * | known before our PUT, or behind such a one           | history                        |
 * | created before the newest of our look                | history                        |
 * | one that may be such a copy: it holds what we read   | unclear: nothing is sent again |
 * | in front of an edit, or what is history              |                                |
 * | any other, when the history is whole                 | stored after our look          |
 * | any other                                            | unclear                        |
 *
 * Of those stored after our look the newest counts, and only when it differs from what we had read.
 */
export function findLostUpdate(aftermath: Aftermath): LostUpdate {
  const { history, base, listed, ours } = aftermath;
  const at = listed.findIndex(({ id }) => id === ours);
  const older = listed.slice(at + 1);
  const end = older.findIndex(({ id }) => history.ids.has(id));
  const unseen = end < 0 ? older : older.slice(0, end);
  const known = older.slice(unseen.length);
  const [newest, ...rest] = unseen.filter((deployment) => mayBeEdit(deployment, aftermath));
  if (newest === undefined) return { kind: "none" };
  const { spec } = newest;
  if (spec && sameContent(spec, base)) {
    const hidden = isSure(newest) ? undefined : rest.find((deployment) => !isStored(deployment, base));
    if (hidden !== undefined) return { kind: "unclear", deployment: hidden };
    // A name alone deploys nothing, but it came with this deployment.
    if (sameStored(spec, base)) return { kind: "none" };
  }
  const mayBeCopy = !isSure(newest) && known.some((earlier) => spec && isStored(earlier, spec));
  if (!spec || !history.isWhole || mayBeCopy) return { kind: "unclear", deployment: newest };
  const since = listed.slice(0, Math.max(0, at)).find((deployment) => !isCopy(deployment));
  return { kind: "found", deployment: newest, spec, since };
}

function isSure(deployment: Deployment): boolean {
  return readMaking(deployment) === "stored";
}

function mayBeEdit(deployment: Deployment, { history, isOurs }: Aftermath): boolean {
  return !isCopy(deployment) && !isEarlier(deployment, history) && !(deployment.spec && isOurs(deployment.spec));
}

function isEarlier({ created_at: created }: Deployment, { until }: History): boolean {
  // Without a time it is not earlier: no comparison with NaN holds.
  return readTime(created) < readTime(until);
}

function readTime(text: string | null | undefined): number {
  return new Date(text ?? Number.NaN).getTime();
}
