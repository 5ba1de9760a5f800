// Provider process: whether what the last run stored has gone live with a deployment that the sync itself did not follow.

import type { Target } from "../../destinations/destination.js";
import { owesDeployment, type SyncState } from "../state/state.js";

/** Whether a newer deployment succeeded, or may still, if no look shows what runs. If unknown, deploy once more. */
export async function wasCarried({ record }: SyncState, target: Target, mayBeOpen: boolean): Promise<boolean> {
  const { leftAt } = record;
  if (leftAt === undefined || target.hasDeployedSince === undefined) return false;
  return target.hasDeployedSince(leftAt, mayBeOpen).catch(() => false);
}

/** Whether an update has to have a deployment started even if it writes nothing. */
export async function isStillOwed(state: SyncState, target: Target): Promise<boolean> {
  if (!owesDeployment(state)) return false;
  return state.syncStatus !== "written-not-live" || !(await wasCarried(state, target, false));
}
