// Short ways to write down what is wanted, owned and seen, so that a test shows only what it is about.

import type { DesiredEntry, Ledger, LedgerEntry, LiveEntry, Place } from "../../provider/core/entry.js";
import { makeLedger } from "../../provider/core/ledger.js";
import type { Desired } from "../../provider/core/desired.js";
import type { KeyGrammar } from "../../provider/core/preflight.js";
import type { Rules } from "../../provider/core/decision.js";
import { redact } from "../../provider/redacted.js";

export const secret = "SECRET RUN_TIME";

/** `web/KEY` is KEY at the slot `web`; a bare `KEY` is at `app`. */
export function at(name: string): Place {
  const slash = name.lastIndexOf("/");
  return slash < 0 ? { slot: "app", key: name } : { slot: name.slice(0, slash), key: name.slice(slash + 1) };
}

export function want(name: string, fingerprint: string | undefined = "f1", label = secret): DesiredEntry {
  return { ...at(name), label, fingerprint };
}

export function see(name: string, shown = "m1", more: { label?: string } = {}): LiveEntry {
  return { ...at(name), label: secret, fingerprint: shown, ...more };
}

interface Owned {
  readonly fingerprint?: string;
  readonly revision?: string;
  readonly unconfirmed?: LedgerEntry["unconfirmed"];
  readonly prior?: unknown;
  readonly adopted?: true;
}

/** What a sync owns: a revision like that of `see(name)`, and the fingerprint of `want(name)`, unless said otherwise. */
export function own(entries: Readonly<Record<string, Owned>>): Ledger {
  return makeLedger(
    Object.entries(entries).map(([name, { fingerprint = "f1", revision = `${secret} #m1`, unconfirmed, ...rest }]) => ({
      ...at(name),
      entry: { fingerprint, ...rest, ...(unconfirmed === undefined ? { revision } : { unconfirmed }) },
    })),
  );
}

/** A desired state as `buildDesired` would make it; every entry's value is `value of KEY`. */
export function wish(...entries: readonly DesiredEntry[]): Desired {
  const keys = [...new Set(entries.map(({ key }) => key))].sort();
  return { entries, keys, values: new Map(keys.map((key) => [key, redact(`value of ${key}`)])) };
}

export const anyKey: KeyGrammar = { pattern: /^[A-Z_0-9]+$/, rule: "capitals" };

export const defaultRules: Rules = {
  adopt: false,
  overwrite: false,
  keySchema: undefined,
  environment: "prod",
  disableSecretDeletion: false,
  deletionLimit: undefined,
  destroy: undefined,
  keepPrior: false,
};
