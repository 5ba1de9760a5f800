// Pure: which syncs are live although they did not wait: a later sync of the same target did, and its deployment carried both.

import type { SyncOnRecord } from "./deployment.js";

/**
 * The sync whose deployment, seen live, came after what this one has stored. Undefined if there is none: then only a preview can show
 * what runs.
 */
export function findCarrier({ outputs }: SyncOnRecord, syncs: readonly SyncOnRecord[]): SyncOnRecord | undefined {
  const { syncStatus, targetId, lastSyncedAt: storedAt, __left: isLeft = false } = outputs;
  if (syncStatus !== "written-not-live" || !isLeft || storedAt === undefined) return undefined;
  return syncs.find(
    ({ outputs: other }) =>
      other.syncStatus === "succeeded" &&
      other.targetId === targetId &&
      other.lastDeploymentId !== undefined &&
      Date.parse(other.lastSyncedAt ?? "") >= Date.parse(storedAt),
  );
}
