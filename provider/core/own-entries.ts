// Pure: which live entry is the one that we wrote, even if its key occurs more than once in one list.

import { formatRevision, type Ledger, type LedgerEntry, type LiveEntry, placeName } from "./entry.js";
import { isOurs, ledgerAt } from "./ledger.js";

/** Live entries by the name of their place; for a key that occurs twice, the one that the ledger recognises, else the first. */
export function indexByPlace(live: readonly LiveEntry[], ledger: Ledger): Map<string, LiveEntry> {
  const index = new Map(live.map((entry) => [placeName(entry), entry]));
  if (index.size === live.length) return index;
  for (const [name, [first, ...others]] of Map.groupBy(live, placeName)) {
    if (first === undefined || others.length === 0) continue;
    const owned = ledgerAt(ledger, first);
    index.set(name, (owned && listOwn([first, ...others], owned)[0]) ?? first);
  }
  return index;
}

/** The entries of one place that may be what we wrote there. */
export function listOwn(entries: readonly LiveEntry[], owned: LedgerEntry): LiveEntry[] {
  return entries.filter((entry) => isOwn(entry, owned));
}

export function isOwn(live: LiveEntry, owned: LedgerEntry): boolean {
  return isOurs(owned, formatRevision(live));
}
