// Provider process: what state says that other syncs own. The engine brings a sync only when its turn comes, and one plan may come first.

import type { Claim } from "../core/claims.js";
import type { Decision } from "../core/decision.js";
import { placeName } from "../core/entry.js";
import { ledgerKeys, ledgerPlaces } from "../core/ledger.js";
import type { Survey } from "../reconciler/memory.js";
import { type Former, traceOrigins } from "../reconciler/origins.js";
import type { World } from "../reconciler/world.js";
import type { LastRun } from "./last-run.js";
import { readState, type SyncState } from "./state.js";
import type { Properties } from "./wire.js";

/** No sync owns what an import found until an update follows. */
export function listFormers(urn: string, { memory }: World): Former[] {
  return memory.recordedOthers(urn).flatMap(({ outputs }) => {
    const state = outputs && readOther(outputs);
    if (state === undefined || state.record.imported === true) return [];
    const { targetId, record } = state;
    return [{ targetId, salt: record.salt, ledger: record.ledger }];
  });
}

/** State of another sync that a newer version wrote counts as none, and fails nothing. */
function readOther(outputs: Properties): SyncState | undefined {
  try {
    return readState(outputs);
  } catch {
    return undefined;
  }
}

/** Keys that other syncs own at a target: never pruned. */
export function holdFormers(urn: string, targetId: string | undefined, world: World): Claim[] {
  const here = listFormers(urn, world).filter((former) => former.targetId === targetId);
  return here.map(({ ledger }) => ({ owner: unnamed, places: [], keys: ledgerKeys(ledger) }));
}

interface Asking {
  readonly urn: string;
  readonly survey: Survey;
  readonly lastRun: LastRun;
}

/** Places of this sync at which another one has written since: it has taken them over in an earlier run. */
export function claimTaken({ urn, survey, lastRun }: Asking, world: World): Claim[] {
  const { target, snapshot, desired } = survey;
  if (snapshot === undefined) return [];
  const wanted = new Set(desired.entries.map(placeName));
  const findOwner = traceOrigins(listFormers(urn, world), { target, snapshot });
  const places = ledgerPlaces(lastRun.ledger).filter((place) => !wanted.has(placeName(place)) && findOwner(place));
  return places.length === 0 ? [] : [{ owner: unnamed, places, owned: places }];
}

const unnamed = "another sync";

/** Whether it matters to a plan what other syncs own: it prunes, or lets go of a key that somebody has changed. */
export function dependsOnOthers({ plan }: Pick<Decision, "plan">): boolean {
  return plan.some(
    (change) =>
      (change.action === "delete" && change.because === "pruned") ||
      (change.action === "forget" && change.because === "taken-over"),
  );
}
