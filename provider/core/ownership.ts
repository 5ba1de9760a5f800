// Pure: entries whose place does not show their owner: twice in one list, or at a place where they are not wanted.

import type { Problem } from "../errors.js";
import { comparePlaces, type Ledger, type LiveEntry, readFingerprint, type Place, placeName } from "./entry.js";
import { lastRevision, ledgerAt, ledgerWithout } from "./ledger.js";
import { listOwn } from "./own-entries.js";

/** A key that occurs twice in one live list: writing it would have to guess which one counts. */
export function findDuplicates(live: readonly LiveEntry[], isConcerned: (place: Place) => boolean): Problem[] {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const entry of live) {
    const name = placeName(entry);
    // An earlier sync of the same write may remove one of several; the one that is left still has its `nth`, and counts.
    if ((seen.has(name) || entry.nth !== undefined) && isConcerned(entry)) duplicates.add(name);
    seen.add(name);
  }
  return [...duplicates].sort().map(describeDuplicate);
}

/** The same when ours is removed or given back: unclear only if more than one may be ours. */
export function findUnclear(ledger: Ledger, live: readonly LiveEntry[], leaving: readonly Place[]): Problem[] {
  const names = new Set(leaving.map(placeName));
  const unclear = [...Map.groupBy(live, placeName)].filter(([name, [first, ...others]]) => {
    if (first === undefined || others.length === 0 || !names.has(name)) return false;
    const owned = ledgerAt(ledger, first);
    return owned !== undefined && listOwn([first, ...others], owned).length > 1;
  });
  return unclear
    .map(([name]) => name)
    .sort()
    .map(describeDuplicate);
}

function describeDuplicate(name: string): Problem {
  return {
    code: "destination.duplicate_key",
    message: `${name} is defined more than once at the destination; remove all but one of them there first`,
  };
}

/**
 * An entry of ours in another slot, with the exact ciphertext that we saw after our write: somebody moved it there. A tool that
 * addresses components by index does so when a component is inserted before others.
 */
export function findMoved(ledger: Ledger, live: readonly LiveEntry[], desired: readonly Place[]): Problem[] {
  const at = new Set(live.map(placeName));
  const gone = ledgerWithout(ledger, at).sort(comparePlaces);
  if (gone.length === 0) return [];
  const wanted = new Set(desired.map(placeName));
  return gone.flatMap(({ slot, key, entry }) => {
    const revision = lastRevision(entry);
    if (revision === undefined) return [];
    const written = readFingerprint(revision);
    const moved = live.find((other) => other.sealed === true && other.key === key && other.fingerprint === written);
    // The place where the program wants it is not a wrong one.
    if (moved === undefined || wanted.has(placeName(moved))) return [];
    return {
      code: "conflict.moved",
      message:
        `${placeName({ slot, key })} was written by this sync and is now at ${placeName(moved)}, where the program does not want it; ` +
        `if ${slot} is now called ${moved.slot}, rename it in the program; otherwise remove it there, and find out what moved it`,
    };
  });
}
