// Pure: what the first update after an import makes of the record: what it has written for the program is the sync's own, the rest is its
// owners'.

import { type DesiredEntry, type Ledger, readLabel } from "../../core/entry.js";
import { ledgerAt, ledgerKeys, ledgerPlaces, makeLedger, type OwnedPlace } from "../../core/ledger.js";
import type { SyncState } from "./state.js";

/** A fingerprint under the salt that the import was recorded with. */
type Wanted = Pick<DesiredEntry, "slot" | "key" | "fingerprint">;

/** The first update after an import: what the program has becomes ours; every other key is somebody else's, as before. */
export function settleImport(state: SyncState, { entries }: { readonly entries: readonly Wanted[] }): SyncState {
  const { imported, ...record } = state.record;
  if (imported === undefined) return state;
  const wanted = new Map(entries.map((entry) => [`${entry.slot}\0${entry.key}`, entry.fingerprint]));
  const ours = ledgerPlaces(record.ledger).flatMap(({ slot, key, entry }) => {
    const name = `${slot}\0${key}`;
    if (!wanted.has(name)) return [];
    const { prior: _prior, ...rest } = entry;
    // State keeps no equal value: it would be one of the source.
    return [{ slot, key, entry: wanted.get(name) === entry.fingerprint ? { ...rest, adopted: true as const } : entry }];
  });
  return { ...state, record: { ...record, ledger: makeLedger(ours) } };
}

/**
 * After an update that failed: what was imported and not written, or was put back, is still somebody else's. The next run may take it over
 * all the same; a program that no longer wants it leaves it as it is.
 */
export function leaveUnwritten(ledger: Ledger, imported: Ledger): { ledger: Ledger; agreed: readonly string[] } {
  // A revision may move with somebody's change beside it, so it is not compared as a whole.
  const isUnwritten = ({ entry, ...place }: OwnedPlace) => {
    const was = ledgerAt(imported, place);
    if (was?.revision === undefined || entry.revision === undefined) return false;
    return entry.fingerprint === was.fingerprint && readLabel(entry.revision) === readLabel(was.revision);
  };
  const places = ledgerPlaces(ledger);
  const left = places.filter(isUnwritten);
  return {
    ledger: makeLedger(places.filter((place) => !left.includes(place))),
    agreed: ledgerKeys(makeLedger(left)),
  };
}
