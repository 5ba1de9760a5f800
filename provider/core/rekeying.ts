// Pure: turns a ledger with a public salt into one with a secret salt. It needs no value, and nothing is written.

import { type Ledger, type LedgerEntry, formatRevision, readFingerprint, readLabel } from "./entry.js";
import { deriveRevisionSalt, fingerprint, fingerprintShown, outerSalt } from "./fingerprint.js";
import { ledgerPlaces, makeLedger } from "./ledger.js";
import { redact } from "../redacted.js";

/** @param salt made by `layerSalt` from the salt that the ledger was written with */
export function rekeyLedger(ledger: Ledger, salt: string): Ledger {
  const salts: Salts = { values: outerSalt(salt), revisions: outerSalt(deriveRevisionSalt(salt)) };
  return makeLedger(ledgerPlaces(ledger).map((place) => ({ ...place, entry: rekeyEntry(place.entry, salts) })));
}

interface Salts {
  readonly values: string;
  readonly revisions: string;
}

function rekeyEntry(entry: LedgerEntry, { values, revisions }: Salts): LedgerEntry {
  // An unknown value has no fingerprint.
  const keyed = entry.fingerprint === "" ? "" : fingerprint(values, redact(entry.fingerprint));
  if (entry.unconfirmed === undefined)
    return { ...entry, fingerprint: keyed, revision: rekeyRevision(entry.revision, revisions) };
  const { found, was, ...rest } = entry.unconfirmed;
  const unconfirmed = {
    ...rest,
    ...(found === undefined ? {} : { found: rekeyRevision(found, revisions) }),
    ...(was === undefined ? {} : { was: rekeyRevision(was, revisions) }),
  };
  return { ...entry, fingerprint: keyed, unconfirmed };
}

/** Part by part, because a destination may compare them one by one. */
function rekeyRevision(revision: string, salt: string): string {
  const parts = readFingerprint(revision)
    .split(".")
    .map((part) => fingerprintShown(salt, part, part.length));
  return formatRevision({ label: readLabel(revision), fingerprint: parts.join(".") });
}
