// Pure: what the first update after an import makes of the record: what the program has is its own now, the rest is its owners'.

import type { DesiredEntry } from "../../core/entry.js";
import { ledgerPlaces, makeLedger } from "../../core/ledger.js";
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
