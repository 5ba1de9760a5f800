// Pure: what the other syncs of the same run claim at a target.

import type { Problem } from "../errors.js";
import { type DesiredEntry, type Ledger, type Place, placeName } from "./entry.js";
import { ledgerPlaces } from "./ledger.js";

/** What another sync of the same run claims at the same target. */
export interface Claim {
  /** Name of the claiming sync. */
  readonly owner: string;
  /** With the label that it wants there. */
  readonly places: readonly Wanted[];
  /** The places that it may not take from another sync: it neither owns nor may adopt them, or its plan was refused. */
  readonly barred?: readonly Place[];
  /** The places that it already owns. For all others, its write may still fail. */
  readonly owned?: readonly Place[];
  /** Keys that it owned before, in any slot: never pruned. */
  readonly keys?: readonly string[];
}

type Wanted = Place & Partial<Pick<DesiredEntry, "label">>;

/** Places that other syncs claim, by name, with the claiming sync. */
export function claimedPlaces(claims: readonly Claim[]): Map<string, string> {
  const owners = new Map<string, string>();
  for (const claim of claims) for (const place of claim.places) owners.set(placeName(place), claim.owner);
  return owners;
}

export interface Shadows {
  /** The slot whose entries hold in every slot that has no entry of the same key. */
  readonly coveringSlot?: string | undefined;
  readonly claims: readonly Claim[];
  readonly live: readonly Place[];
}

/**
 * The sync that claims a key at a place where nothing is yet, beside one that is to leave: the covering entry of the key for a single slot,
 * or the other way round. What leaves may be in its way, or may be what its slot has until then.
 */
export function findShadowed({ coveringSlot, claims, live }: Shadows): (place: Place) => string | undefined {
  if (coveringSlot === undefined || claims.length === 0) return () => undefined;
  const there = new Set(live.map(placeName));
  const coming = Map.groupBy(
    claims.flatMap(({ owner, places }) => places.map((place) => ({ owner, place }))),
    ({ place }) => place.key,
  );
  const isBeside = (slot: string, other: string) => (slot === coveringSlot) !== (other === coveringSlot);
  return ({ slot, key }) =>
    coming.get(key)?.find(({ place }) => isBeside(slot, place.slot) && !there.has(placeName(place)))?.owner;
}

/** Whether a target has an entry that no other sync of the run wants. */
export function meetsUnclaimed(live: readonly Place[], claims: readonly Claim[]): boolean {
  const claimed = claimedPlaces(claims);
  return live.some((place) => !claimed.has(placeName(place)));
}

/** Places that other syncs of the run claim and may take over. */
function takenPlaces(claims: readonly Claim[]): Set<string> {
  return new Set(
    claims.flatMap(({ places, barred = [] }) => {
      const kept = new Set(barred.map(placeName));
      return places.map(placeName).filter((name) => !kept.has(name));
    }),
  );
}

/**
 * A key that this sync no longer wants, and that another sync of the run wants and may take, now belongs to that one. The live token
 * proves nothing: a readable value that was written again looks the same.
 */
export function findHandedOver(ledger: Ledger, desired: readonly Place[], claims: readonly Claim[]): Set<string> {
  if (claims.length === 0) return new Set();
  const taken = takenPlaces(claims);
  for (const place of desired) taken.delete(placeName(place));
  return new Set(
    ledgerPlaces(ledger)
      .map(placeName)
      .filter((name) => taken.has(name)),
  );
}

/** Two syncs that claim one key in one slot are refused: the last to run would win, and a removal would wipe the other's value. */
export function findDoubleClaims(desired: readonly DesiredEntry[], claimed: ReadonlyMap<string, string>): Problem[] {
  if (claimed.size === 0) return [];
  return desired.flatMap((entry) => {
    const owner = claimed.get(placeName(entry));
    if (owner === undefined) return [];
    return {
      code: "conflict.claimed",
      message: `${placeName(entry)} is also claimed by the sync "${owner}" of this program; give the key to one of them (include, exclude or keySchema)`,
    };
  });
}
