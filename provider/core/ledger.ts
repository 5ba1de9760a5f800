// Pure: the ledger, the only proof of ownership: a name or a prefix never is one.

import { comparePlaces, type Ledger, type LedgerEntry, type Place, placeName, readLabel } from "./entry.js";

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

/** Whether a ledger has an entry at a place. */
export function isIn(ledger: Ledger): (place: Place) => boolean {
  return (place) => ledgerAt(ledger, place) !== undefined;
}

/** The revision of ours that was seen last: of a write that nobody saw, the one from before. */
export function lastRevision({ revision, unconfirmed }: LedgerEntry): string | undefined {
  return revision ?? unconfirmed?.was;
}

/**
 * Whether an entry that shows this revision now is ours. What an unconfirmed write left was never seen, so only what it would have left
 * can be compared; what it was to replace is known.
 */
export function isOurs({ revision, unconfirmed }: LedgerEntry, shown: string): boolean {
  if (unconfirmed === undefined) return revision === shown;
  const { label, found, was } = unconfirmed;
  return label === undefined || was === shown || (found !== shown && label === readLabel(shown));
}

/** A ledger of the given places; empty slots are left out. */
export function makeLedger(places: Iterable<Place & { entry: LedgerEntry }>): Ledger {
  const slots = new Map<string, Array<[string, LedgerEntry]>>();
  for (const { slot, key, entry } of [...places].sort(comparePlaces)) {
    slots.set(slot, [...(slots.get(slot) ?? []), [key, entry]]);
  }
  // Not by assignment: `__proto__` is a legal key, and would be lost.
  return Object.fromEntries([...slots].map(([slot, keys]) => [slot, Object.fromEntries(keys)]));
}

/** The distinct keys that somebody else had made before they were taken over, in order. */
export function adoptedKeys(ledger: Ledger): string[] {
  const adopted = ledgerPlaces(ledger).filter(({ entry }) => entry.prior !== undefined || entry.adopted === true);
  return [...new Set(adopted.map(({ key }) => key))].sort();
}

/** The distinct keys of a ledger, in order. */
export function ledgerKeys(ledger: Ledger): string[] {
  return [...new Set(Object.values(ledger).flatMap((keys) => Object.keys(keys)))].sort();
}
