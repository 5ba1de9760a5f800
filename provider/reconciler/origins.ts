// Pure: where a key that is taken over comes from. What another sync of the stack wrote is not foreign: it keeps its origin.

import { type Ledger, type LedgerEntry, type Place, placeName } from "../core/entry.js";
import { ledgerAt } from "../core/ledger.js";
import { indexByPlace, isOwn } from "../core/own-entries.js";
import type { Snapshot, Target } from "../destinations/destination.js";

/** What another sync of the stack owned when this run began. */
export interface Former {
  readonly targetId: string;
  /** Of its revisions. */
  readonly salt: string;
  readonly ledger: Ledger;
}

/** Finds the entry of the sync that wrote what is at a place; undefined if somebody else wrote it. */
export function traceOrigins(
  formers: readonly Former[],
  { target, snapshot }: { target: Target; snapshot: Snapshot },
): (place: Place) => LedgerEntry | undefined {
  const views = formers
    .filter(({ targetId }) => targetId === snapshot.targetId)
    .map(({ salt, ledger }) => ({ ledger, live: indexByPlace(target.read(snapshot, salt, ledger), ledger) }));
  return (place) => {
    for (const { ledger, live } of views) {
      const [entry, found] = [ledgerAt(ledger, place), live.get(placeName(place))];
      if (entry !== undefined && found !== undefined && isOwn(found, entry)) return entry;
    }
    return undefined;
  };
}
