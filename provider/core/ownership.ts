// Pure: who owns which place. The ledger is the only proof of ownership; a name or a prefix never is.

import type { Problem } from "../errors.js";
import {
  comparePlaces,
  type DesiredEntry,
  type Ledger,
  type LedgerEntry,
  type LiveEntry,
  markOf,
  type Place,
  placeName,
} from "./entry.js";

/** Every place of a ledger, in order. */
export function ledgerPlaces(ledger: Ledger): Array<Place & { entry: LedgerEntry }> {
  return ledgerWithout(ledger, new Set()).sort(comparePlaces);
}

/** The places of a ledger whose names are not among these, in the ledger's own order: of many keys few are left to be sorted. */
export function ledgerWithout(
  ledger: Ledger,
  names: Pick<ReadonlySet<string>, "has">,
): Array<Place & { entry: LedgerEntry }> {
  const places: Array<Place & { entry: LedgerEntry }> = [];
  for (const [slot, keys] of Object.entries(ledger)) {
    for (const [key, entry] of Object.entries(keys)) {
      if (!names.has(placeName({ slot, key }))) places.push({ slot, key, entry });
    }
  }
  return places;
}

/** The ledger's entry at a place. */
export function ledgerAt(ledger: Ledger, { slot, key }: Place): LedgerEntry | undefined {
  const keys = Object.hasOwn(ledger, slot) ? ledger[slot] : undefined;
  return keys && Object.hasOwn(keys, key) ? keys[key] : undefined;
}

/** A ledger of the given places; empty slots are left out. */
export function ledgerOf(places: Iterable<Place & { entry: LedgerEntry }>): Ledger {
  const slots = new Map<string, Array<[string, LedgerEntry]>>();
  for (const { slot, key, entry } of [...places].sort(comparePlaces)) {
    slots.set(slot, [...(slots.get(slot) ?? []), [key, entry]]);
  }
  // Not by assignment: `__proto__` is a legal key, and would be lost.
  return Object.fromEntries([...slots].map(([slot, keys]) => [slot, Object.fromEntries(keys)]));
}

/** The distinct keys of a ledger, in order. */
export function ledgerKeys(ledger: Ledger): string[] {
  return [...new Set(Object.values(ledger).flatMap((keys) => Object.keys(keys)))].sort();
}

/** What another sync of the same run claims at the same target. */
export interface Claim {
  /** Name of the claiming sync. */
  readonly owner: string;
  readonly places: readonly Place[];
  /** Keys that it owned before, at whatever slot: never swept. */
  readonly keys?: readonly string[];
}

/** Places claimed by somebody else, by name. */
export function claimedPlaces(claims: readonly Claim[]): Map<string, string> {
  const owners = new Map<string, string>();
  for (const claim of claims) for (const place of claim.places) owners.set(placeName(place), claim.owner);
  return owners;
}

/**
 * A key that this sync no longer wants and another one of the run does is that one's now. The live token does not tell:
 * a readable value that was written again looks as it did before.
 */
export function withoutHandedOver(ledger: Ledger, desired: readonly Place[], claims: readonly Claim[]): Ledger {
  if (claims.length === 0) return ledger;
  const claimed = claimedPlaces(claims);
  const wanted = new Set(desired.map(placeName));
  return ledgerOf(
    ledgerPlaces(ledger).filter((place) => wanted.has(placeName(place)) || !claimed.has(placeName(place))),
  );
}

/** Two syncs that claim one key in one slot are refused: whoever ran last would win, and a removal would wipe the other. */
export function findDoubleClaims(desired: readonly DesiredEntry[], claims: readonly Claim[]): Problem[] {
  if (claims.length === 0) return [];
  const owners = claimedPlaces(claims);
  return desired.flatMap((entry) => {
    const owner = owners.get(placeName(entry));
    if (owner === undefined) return [];
    return {
      code: "conflict.claimed",
      message: `${placeName(entry)} is also claimed by the sync "${owner}" of this program; give the key to one of them (include, exclude or keySchema)`,
    };
  });
}

/** A key that stands twice in one live list: writing it would have to guess which one counts. */
export function findDuplicates(live: readonly LiveEntry[], isConcerned: (place: Place) => boolean): Problem[] {
  const seen = new Set<string>();
  const doubled = new Set<string>();
  for (const entry of live) {
    const name = placeName(entry);
    if (seen.has(name) && isConcerned(entry)) doubled.add(name);
    seen.add(name);
  }
  return [...doubled].sort().map((name) => ({
    code: "destination.duplicate_key",
    message: `${name} stands more than once at the destination; remove all but one of them there first`,
  }));
}

/**
 * An entry of ours that stands at another slot, with the very mark that we saw after our write: somebody moved it there.
 * Inserting a component before others shifts the index paths of `ignoreChanges`, and one component's secrets land in another.
 */
export function findMoved(ledger: Ledger, live: readonly LiveEntry[], desired: readonly Place[]): Problem[] {
  const at = new Set(live.map(placeName));
  const gone = ledgerWithout(ledger, at).sort(comparePlaces);
  if (gone.length === 0) return [];
  const wanted = new Set(desired.map(placeName));
  return gone.flatMap(({ slot, key, entry }) => {
    if (entry.token === "") return [];
    const written = markOf(entry.token);
    const moved = live.find((other) => other.sealed === true && other.key === key && other.mark === written);
    // Where the program wants it is no wrong place.
    if (moved === undefined || wanted.has(placeName(moved))) return [];
    return {
      code: "conflict.moved",
      message:
        `${placeName({ slot, key })} was written by this sync and now stands at ${placeName(moved)}, where nothing wants it; ` +
        `if ${slot} is called ${moved.slot} now, say so in the program; else remove it there, ` +
        "and make sure that the App's ignoreChanges paths match its components (see ignoreEnvChanges)",
    };
  });
}
