// Network side: finds what somebody else wrote between our look and our PUT. App Platform has no ETag, and the last PUT wins silently.

import { isDeepStrictEqual } from "node:util";
import type { AppPlatformApi } from "./api.js";
import type { App, Deployment, Spec } from "./wire.js";

/**
 * The spec that our PUT has overwritten unseen; undefined when nobody interfered. Every effective change of a spec starts a
 * deployment that keeps a copy of it: one that is older than ours and newer than all we had seen is a write that ours dropped.
 */
export async function findOverwritten(api: AppPlatformApi, before: App, after: App): Promise<Spec | undefined> {
  const ours = after.pending_deployment?.id ?? after.in_progress_deployment?.id;
  const seen = new Set([
    before.active_deployment?.id,
    before.in_progress_deployment?.id,
    before.pending_deployment?.id,
  ]);
  if (ours === undefined || seen.has(ours)) return undefined;
  // A courtesy look: whoever cannot list deployments has still written, and the verification follows.
  const latest = await api.listDeployments(before.id).catch(() => []);
  const at = latest.findIndex((deployment) => deployment.id === ours);
  if (at < 0) return undefined;
  const between = untilSeen(latest.slice(at + 1), seen);
  return between
    ?.map((deployment) => deployment.spec ?? undefined)
    .find((spec) => spec !== undefined && !isDeepStrictEqual(spec, before.spec));
}

/** Newer than anything we had seen; undefined when the list does not reach back so far. */
function untilSeen(older: readonly Deployment[], seen: ReadonlySet<string | undefined>): Deployment[] | undefined {
  const end = older.findIndex((deployment) => seen.has(deployment.id));
  if (end >= 0) return older.slice(0, end);
  return seen.size === 1 && seen.has(undefined) ? [...older] : undefined;
}
