// Pure: entries whose owner cannot be told from where they stand: twice in one list, or at a place where nobody wants them.

import type { Problem } from "../errors.js";
import { comparePlaces, type Ledger, type LiveEntry, readFingerprint, type Place, placeName } from "./entry.js";
import { lastRevision, ledgerAt, ledgerWithout } from "./ledger.js";
import { listOwn } from "./own-entries.js";

/** A key that stands twice in one live list: writing it would have to guess which one counts. */
export function findDuplicates(live: readonly LiveEntry[], isConcerned: (place: Place) => boolean): Problem[] {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const entry of live) {
    const name = placeName(entry);
    // Of several an earlier sync of the same write may remove one; the other is still not the only one that stands there.
    if ((seen.has(name) || entry.nth !== undefined) && isConcerned(entry)) duplicates.add(name);
    seen.add(name);
  }
  return [...duplicates].sort().map(describeDuplicate);
}

/** The same where ours is removed or given back: only more than one that may be ours leaves it open which one that is. */
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
 * An entry of ours at another slot, with the very ciphertext that we saw after our write: somebody moved it there. A tool that
 * addresses components by their index does so when a component is inserted before others.
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
    // Where the program wants it is no wrong place.
    if (moved === undefined || wanted.has(placeName(moved))) return [];
    return {
      code: "conflict.moved",
      message:
        `${placeName({ slot, key })} was written by this sync and is now at ${placeName(moved)}, where the program does not want it; ` +
        `if ${slot} is now called ${moved.slot}, rename it in the program; otherwise remove it there, and find out what moved it`,
    };
  });
}
