// Pure: the ledger after a write: what was written, as it is seen now.

import type { Desired } from "./desired.js";
import { type Ledger, type LedgerEntry, type LiveEntry, type Place, placeName, tokenOf } from "./entry.js";
import { ledgerAt, ledgerOf } from "./ledger.js";
import type { Change, Plan } from "./plan.js";

export interface Commitment {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly desired: Desired;
  /** The live entries after the write; undefined when its outcome could not be seen. */
  readonly live: readonly LiveEntry[] | undefined;
  /** The same, told apart from what others did with the help of the ledger. */
  readonly recognised?: readonly LiveEntry[] | undefined;
  /** How the edit of a place ended; every edit is done unless a write ended half-way. */
  readonly outcome?: (place: Place) => EditOutcome;
  /** How an entry looked before it was adopted. */
  readonly prior: (place: Place) => unknown;
}

/** How one edit ended. */
export type EditOutcome = "done" | "unknown" | "not-sent";

/** The ledger after a write: what was written, as it is seen now. */
export function commitLedger(commitment: Commitment): Ledger {
  const marks = new Map(commitment.desired.entries.map((entry) => [placeName(entry), entry.fingerprint]));
  const observed = { marks, seen: tokensOf(commitment.live), recognised: tokensOf(commitment.recognised) };
  return ledgerOf(
    commitment.plan.flatMap((change) => {
      const entry = entryAfter(change, commitment, observed);
      return entry === undefined ? [] : [{ slot: change.slot, key: change.key, entry }];
    }),
  );
}

interface Observed {
  readonly marks: ReadonlyMap<string, string | undefined>;
  readonly seen: ReadonlyMap<string, string>;
  readonly recognised: ReadonlyMap<string, string>;
}

/** What the ledger keeps of one place; undefined when it is not ours, or not any more. */
function entryAfter(change: Change, commitment: Commitment, observed: Observed): LedgerEntry | undefined {
  const { ledger, live, outcome = () => "done" as const, prior } = commitment;
  const old = ledgerAt(ledger, change);
  const name = placeName(change);
  const end: EditOutcome = live === undefined ? "unknown" : outcome(change);
  if (staysAsItWas(change, end)) return old && refreshToken(old, name, observed);
  if (change.action !== "create" && change.action !== "adopt" && change.action !== "update") return undefined;
  const before = change.action === "adopt" ? prior(change) : old?.prior;
  return {
    fingerprint: observed.marks.get(name) ?? "",
    ...(end === "unknown"
      ? { token: "", unconfirmed: expectationOf(change) }
      : { token: observed.seen.get(name) ?? "" }),
    ...(before === undefined ? {} : { prior: before }),
  };
}

/** By what a later run can tell our unconfirmed write from somebody else's entry. */
function expectationOf(change: Change & { label: string }) {
  return change.action === "adopt" ? { label: change.label, found: change.found } : { label: change.label };
}

/** While it is not known whether a removal arrived, the place stays ours: forgetting it would orphan the key. */
function staysAsItWas(change: Change, end: EditOutcome): boolean {
  if (change.action === "unchanged" || change.action === "retain") return true;
  return (end === "unknown" && isRemoval(change)) || (end === "not-sent" && isWrite(change));
}

/** Our own write next to an entry may have moved its mark; a foreign one is left for the next plan to find. */
function refreshToken(old: LedgerEntry, name: string, { seen, recognised }: Observed): LedgerEntry {
  const ours = old.token !== "" && recognised.get(name) === old.token;
  return ours ? { ...old, token: seen.get(name) ?? old.token } : old;
}

function tokensOf(live: readonly LiveEntry[] | undefined): Map<string, string> {
  return new Map((live ?? []).map((entry) => [placeName(entry), tokenOf(entry)]));
}

function isWrite(change: Change): boolean {
  return isRemoval(change) || change.action === "create" || change.action === "adopt" || change.action === "update";
}

function isRemoval(change: Change): boolean {
  return change.action === "delete" || change.action === "restore";
}
