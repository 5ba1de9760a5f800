// Pure: the ledger after a write: what was written, as it is seen now.

import type { Desired } from "./desired.js";
import { type Ledger, type LedgerEntry, type LiveEntry, type Place, placeName, formatRevision } from "./entry.js";
import { isOurs, lastRevision, ledgerAt, ledgerPlaces, makeLedger } from "./ledger.js";
import { indexByPlace } from "./own-entries.js";
import type { Change, Plan } from "./plan.js";

export interface Commitment {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly desired: Desired;
  /** The live entries after the write; undefined when its outcome could not be observed. */
  readonly live: readonly LiveEntry[] | undefined;
  /** The same, distinguished from others' changes with the help of the ledger. */
  readonly recognised?: readonly LiveEntry[] | undefined;
  /** How the edit of a place ended; every edit is done unless a write ended half-way. */
  readonly outcome?: ((place: Place) => EditOutcome) | undefined;
  /** How an entry looked before it was adopted. */
  readonly prior: (place: Place) => unknown;
  /** The entry of another sync of the stack that wrote what is adopted: its origin becomes ours. */
  readonly inherited?: (place: Place) => LedgerEntry | undefined;
  /** The origin of what another sync of the stack has removed in this run, at a place that is written anew. */
  readonly vacated?: ((place: Place) => Origin | undefined) | undefined;
  /** Also when its value equals the one that is written: state then holds a value of the source. */
  readonly keepsEqual?: boolean;
}

/** How one edit ended. */
export type EditOutcome = "done" | "unknown" | "not-sent";

/** The ledger after a write: what was written, as it is seen now. */
export function commitLedger(commitment: Commitment): Ledger {
  const wanted = new Map(commitment.desired.entries.map((entry) => [placeName(entry), entry.fingerprint]));
  const { ledger, live, recognised } = commitment;
  const observed = { wanted, seen: indexRevisions(live, ledger), recognised: indexRevisions(recognised, ledger) };
  return makeLedger(
    commitment.plan.flatMap((change) => {
      const entry = entryAfter(change, commitment, observed);
      return entry === undefined ? [] : [{ slot: change.slot, key: change.key, entry }];
    }),
  );
}

interface Observed {
  readonly wanted: ReadonlyMap<string, string | undefined>;
  readonly seen: ReadonlyMap<string, string>;
  readonly recognised: ReadonlyMap<string, string>;
}

/** What the ledger keeps of one place; undefined when it is not, or no longer, ours. */
function entryAfter(change: Change, commitment: Commitment, observed: Observed): LedgerEntry | undefined {
  const { ledger, live, outcome = () => "done" as const, inherited = () => undefined } = commitment;
  const old = ledgerAt(ledger, change);
  const name = placeName(change);
  const end: EditOutcome = live === undefined ? "unknown" : outcome(change);
  // What is not repaired yet has to be found again, whatever our own writes have moved beside it.
  if (staysAsItWas(change, end)) return old && (isDrifted(change) ? old : refreshRevision(old, name, observed));
  if (change.action !== "create" && change.action !== "adopt" && change.action !== "update") return undefined;
  const earlier = change.action === "adopt" ? inherited(change) : old;
  const before = rememberOrigin(change, commitment, earlier);
  const revision = end === "unknown" ? undefined : observed.seen.get(name);
  return {
    fingerprint: observed.wanted.get(name) ?? "",
    ...(revision === undefined ? { unconfirmed: expect(change, end, earlier) } : { revision }),
    ...before,
  };
}

/** What an entry was before it was adopted. */
export type Origin = Pick<LedgerEntry, "prior" | "adopted">;

/** The origin of an entry is kept as long as the entry is ours. */
function rememberOrigin(change: Change, commitment: Commitment, earlier: LedgerEntry | undefined): Origin {
  const { prior, keepsEqual, vacated } = commitment;
  if (earlier !== undefined) return keepOrigin(earlier);
  if (change.action !== "adopt") return keepOrigin(vacated?.(change));
  const before = prior(change);
  // What is not remembered is somebody else's all the same: another `onDestroy` in a later run must not remove it.
  if (before === undefined || (change.keepsValue === true && keepsEqual !== true)) return { adopted: true };
  return { prior: before };
}

/** The origin of an entry, and nothing else of it. */
export function keepOrigin({ prior, adopted }: Origin = {}): Origin {
  return { ...(prior === undefined ? {} : { prior }), ...(adopted && { adopted }) };
}

/** What lets a later run distinguish our unconfirmed write, and what it was to replace, from somebody else's entry. */
function expect(
  change: Change & { label: string },
  end: EditOutcome,
  old: LedgerEntry | undefined,
): NonNullable<LedgerEntry["unconfirmed"]> {
  if (end !== "unknown") return {};
  const { label } = change;
  if (change.action === "adopt") {
    // Another sync's own revisions have another salt than this one's; what it left is what was found.
    return old === undefined ? { label, found: change.found } : { label, was: change.found };
  }
  if (old === undefined) return { label };
  const was = "found" in change && isOurs(old, change.found ?? "") ? change.found : lastRevision(old);
  // An adoption before this write may not have arrived either.
  const found = old.unconfirmed?.found;
  return { label, ...(found === undefined ? {} : { found }), ...(was === undefined ? {} : { was }) };
}

/** The place stays ours until the removal is known to have arrived: forgetting it would orphan the key. */
function staysAsItWas(change: Change, end: EditOutcome): boolean {
  if (change.action === "unchanged" || change.action === "retain") return true;
  return (end === "unknown" && isRemoval(change)) || (end === "not-sent" && isWrite(change));
}

function isDrifted(change: Change): boolean {
  return change.action === "update" && change.because.includes("drift");
}

/** Our own write next to an entry may have moved its revision; a foreign one is left for the next plan to find. */
function refreshRevision(old: LedgerEntry, name: string, { seen, recognised }: Observed): LedgerEntry {
  if (old.revision === undefined || recognised.get(name) !== old.revision) return old;
  return { ...old, revision: seen.get(name) ?? old.revision };
}

/**
 * The same ledger, with the current revision of every entry that is certainly ours: a revision that moved for another reason must not
 * hide a later change. Entries that look different keep theirs, for the next plan to find.
 */
export function renewRevisions(
  ledger: Ledger,
  { live, recognised }: Required<Pick<Commitment, "recognised">> & { readonly live: readonly LiveEntry[] },
): Ledger {
  const observed = {
    wanted: new Map(),
    seen: indexRevisions(live, ledger),
    recognised: indexRevisions(recognised, ledger),
  };
  return makeLedger(
    ledgerPlaces(ledger).map((place) => ({
      ...place,
      entry: refreshRevision(place.entry, placeName(place), observed),
    })),
  );
}

function indexRevisions(live: readonly LiveEntry[] | undefined, ledger: Ledger): Map<string, string> {
  return new Map([...indexByPlace(live ?? [], ledger)].map(([name, entry]) => [name, formatRevision(entry)]));
}

function isWrite(change: Change): boolean {
  return isRemoval(change) || change.action === "create" || change.action === "adopt" || change.action === "update";
}

function isRemoval(change: Change): boolean {
  return change.action === "delete" || change.action === "restore";
}
