// Provider process: what state says that other syncs own. The engine brings a sync only when its turn comes, and one plan may come first.

import type { Claim } from "../../core/claims.js";
import type { Decision } from "../../core/decision.js";
import { type LiveEntry, type Place, placeName } from "../../core/entry.js";
import { ledgerAt, ledgerKeys, ledgerPlaces } from "../../core/ledger.js";
import type { Survey } from "../../reconciler/memory.js";
import { type Former, traceOrigins } from "../../reconciler/origins.js";
import type { Recorded } from "../../reconciler/past.js";
import type { World } from "../../reconciler/world.js";
import type { LastRun } from "./last-run.js";
import { findUrnNow } from "./recorded.js";
import { readState, type SyncState } from "./state.js";
import type { Properties } from "../engine/wire.js";

/** What others own. No sync owns what an import found until an update follows. */
export function listFormers(urn: string, world: World, isMeant?: (other: string) => boolean): Former[] {
  return listOthers(urn, world, isMeant).flatMap(({ targetId, record }) =>
    record.imported === true ? [] : [{ targetId, salt: record.salt, ledger: record.ledger }],
  );
}

/** The records of other syncs; `isMeant` is called with their URNs of this run. */
export function listOthers(urn: string, world: World, isMeant: (other: string) => boolean = () => true): SyncState[] {
  const isOther = (listed: string, { outputs }: Recorded) => {
    const other = findUrnNow(listed, outputs && readOther(outputs), world);
    return other !== urn && isMeant(other);
  };
  return world.memory.listPast(isOther).flatMap(({ outputs }) => (outputs && readOther(outputs)) ?? []);
}

/** State of another sync that a newer version wrote counts as none, and fails nothing. */
export function readOther(outputs: Properties): SyncState | undefined {
  try {
    return readState(outputs);
  } catch {
    return undefined;
  }
}

interface ClaimInput {
  readonly urn: string;
  readonly survey: Survey;
  readonly lastRun: LastRun;
  readonly targetId: string | undefined;
  readonly overwrite: boolean;
}

/** What a plan may not touch, beside what the others of the run claim. */
export function claimRecorded(input: ClaimInput, world: World): Claim[] {
  const { urn, targetId, overwrite } = input;
  return [
    ...(overwrite ? holdFormers(urn, targetId, world) : []),
    ...claimTaken(input, world),
    ...claimCovering(input, world),
  ];
}

/**
 * What other syncs own of the keys that this one wants for single slots, where it holds in all of them. It is theirs to give up: what this
 * sync takes over of it, the other slots would keep, and no sync would own it there.
 */
function claimCovering({ urn, survey: { target, desired }, targetId }: ClaimInput, world: World): Claim[] {
  const { coveringSlot: slot } = target.capabilities;
  if (slot === undefined) return [];
  const single = desired.entries.filter((entry) => entry.slot !== slot);
  const keys = [...new Set(single.map(({ key }) => key))];
  const here = keys.length === 0 ? [] : listFormers(urn, world).filter((former) => former.targetId === targetId);
  const ledgers = here.map((former) => world.memory.ownedNow(former));
  const owned = keys
    .map((key) => ({ slot, key }))
    .filter((place) => ledgers.some((ledger) => ledgerAt(ledger, place) !== undefined));
  return owned.length === 0 ? [] : [{ owner: unnamed, places: [], owned }];
}

/** Keys that other syncs own at a target: never pruned. */
function holdFormers(urn: string, targetId: string | undefined, world: World): Claim[] {
  const here = listFormers(urn, world).filter((former) => former.targetId === targetId);
  return here.map(({ ledger }) => ({ owner: unnamed, places: [], keys: ledgerKeys(ledger) }));
}

/**
 * Places of this sync at which one of those has written since that have not had their turn: it has taken them over in an earlier run. What
 * the others want is known.
 */
function claimTaken({ urn, survey, lastRun }: ClaimInput, world: World): Claim[] {
  const { target, snapshot, desired } = survey;
  const wanted = new Set(desired.entries.map(placeName));
  const leaving = ledgerPlaces(lastRun.ledger).filter((place) => !wanted.has(placeName(place)));
  if (snapshot === undefined || leaving.length === 0) return [];
  const others = listFormers(urn, world, (other) => world.memory.recall(other) === undefined);
  const findOwner = traceOrigins(others, { target, snapshot });
  const places = leaving.filter((place) => findOwner(place) !== undefined);
  return places.length === 0 ? [] : [{ owner: unnamed, places, owned: places }];
}

const unnamed = "another sync";

/**
 * Whether it matters to a plan what other syncs own: it prunes, lets go of a key that somebody has changed, removes one that another
 * sync may have written, or takes over one that holds in other slots, too. A secret of ours that was seen is certainly ours; what is pruned
 * stands in no ledger of ours.
 */
export function dependsOnOthers(
  { plan, ledger }: Pick<Decision, "plan" | "ledger">,
  live: readonly LiveEntry[],
): boolean {
  const sealed = new Set(live.filter((entry) => entry.sealed === true).map(placeName));
  const isCertain = (place: Place) => ledgerAt(ledger, place)?.revision !== undefined && sealed.has(placeName(place));
  return plan.some(
    (change) =>
      (change.action === "delete" && !isCertain(change)) ||
      (change.action === "adopt" && change.over !== undefined) ||
      (change.action === "forget" && change.because === "taken-over"),
  );
}
