// Pure: the ledger, the only proof of ownership: a name or a prefix proves nothing.

import { comparePlaces, type Ledger, type LedgerEntry, type Place, placeName, readLabel } from "./entry.js";

/** One place of a ledger, with what the ledger keeps of it. */
export type OwnedPlace = Place & { readonly entry: LedgerEntry };

/** Every place of a ledger, in order. */
export function ledgerPlaces(ledger: Ledger): OwnedPlace[] {
  return ledgerWithout(ledger, new Set()).sort(comparePlaces);
}

/** The places of a ledger whose names are not among these, in the ledger's own order: the few that are left are cheap to sort. */
export function ledgerWithout(ledger: Ledger, names: Pick<ReadonlySet<string>, "has">): OwnedPlace[] {
  const places: OwnedPlace[] = [];
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

/** Our last observed revision: the earlier one if the last write was not seen. */
export function lastRevision({ revision, unconfirmed }: LedgerEntry): string | undefined {
  return revision ?? unconfirmed?.was;
}

/**
 * Whether an entry with this live revision is ours. The result of an unconfirmed write was never seen, so the comparison uses what it
 * would have left; what it was to replace is known.
 */
export function isOurs({ revision, unconfirmed }: LedgerEntry, shown: string): boolean {
  if (unconfirmed === undefined) return revision === shown;
  const { label, found, was } = unconfirmed;
  return label === undefined || was === shown || (found !== shown && label === readLabel(shown));
}

/** A ledger of the given places; empty slots are left out. */
export function makeLedger(places: Iterable<OwnedPlace>): Ledger {
  const slots = new Map<string, Array<[string, LedgerEntry]>>();
  for (const { slot, key, entry } of [...places].sort(comparePlaces)) {
    slots.set(slot, [...(slots.get(slot) ?? []), [key, entry]]);
  }
  // Not by assignment, which would lose `__proto__`, a legal key.
  return Object.fromEntries([...slots].map(([slot, keys]) => [slot, Object.fromEntries(keys)]));
}

/** The distinct keys that somebody else made and this sync took over, in order. */
export function adoptedKeys(ledger: Ledger): string[] {
  const adopted = ledgerPlaces(ledger).filter(({ entry }) => entry.prior !== undefined || entry.adopted === true);
  return listKeys(adopted);
}

/** Those among them that have a place which cannot be given back, and is left as it is. */
export function leftKeys(ledger: Ledger, isUnreadable: (prior: unknown) => boolean = () => false): string[] {
  return listKeys(ledgerPlaces(ledger).filter(({ entry }) => isLeftInPlace(entry, isUnreadable)));
}

/** Whether a destroy leaves an entry, because what was there is not kept, or could not be read. */
export function isLeftInPlace(
  { prior, adopted }: LedgerEntry,
  isUnreadable: (prior: unknown) => boolean = () => false,
): boolean {
  return adopted === true || (prior !== undefined && isUnreadable(prior));
}

/** The distinct keys of a ledger, in order. */
export function ledgerKeys(ledger: Ledger): string[] {
  return listKeys(ledgerPlaces(ledger));
}

function listKeys(places: readonly OwnedPlace[]): string[] {
  return [...new Set(places.map(({ key }) => key))].sort();
}
