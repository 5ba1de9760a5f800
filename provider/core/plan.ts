// Pure: the planner. It turns desired, ledger and live into a list of changes: data without values or closures.

import {
  type Author,
  comparePlaces,
  isUnseen,
  type DesiredEntry,
  readLabel,
  type Ledger,
  type LedgerEntry,
  type LiveEntry,
  type Place,
  placeName,
  formatRevision,
} from "./entry.js";
import { ledgerAt, ledgerWithout } from "./ledger.js";
import { indexByPlace, isOwn } from "./own-entries.js";

/** Why an entry that is ours is written again. */
export type UpdateReason = "value" | "attributes" | "drift" | "not-live" | "removal";

/** One item of a plan. `found` and `expected` are revisions, which are never printed. */
export type Change = Place &
  (
    | ({ readonly action: "create"; readonly label: string; readonly drift: boolean } & Over)
    | ({ readonly action: "adopt"; readonly label: string; readonly found: string } & Author & Over & Kept)
    | ({
        readonly action: "conflict";
        readonly found: string;
        /** It was to be taken over as imported, and has changed since. */
        readonly changed?: true;
      } & Author)
    | { readonly action: "unchanged" }
    | ({
        readonly action: "update";
        readonly label: string;
        readonly because: readonly UpdateReason[];
        /** Undefined for a write that was not seen. */
        readonly expected: string | undefined;
        readonly found: string;
      } & Author)
    | ({ readonly action: "delete"; readonly because: "left" | "pruned" } & Leaving)
    | { readonly action: "restore" }
    | ({
        readonly action: "retain";
        /** The sync that wants it but may not take it over. */
        readonly claimedBy?: string;
      } & Leaving)
    | ({
        readonly action: "forget";
        readonly because: "gone" | "slot-gone" | "unseen" | "taken-over" | "released" | "unreadable";
        readonly found?: string;
      } & Author &
        Leaving)
    | { readonly action: "foreign" }
  );

/** Set when the place itself has no entry: the slot whose entry holds there, and is taken over for this place. */
interface Over {
  readonly over?: string;
}

/** What an adoption does to the value. */
interface Kept {
  /** Whether the wanted value is there already; undefined when the two cannot be compared. */
  readonly keepsValue?: boolean;
  /** The entry is already as wanted, settings included: only the ledger records it, and nothing is written. */
  readonly recordOnly?: true;
}

/** Whether an entry at the target has the wanted value; undefined when either cannot be read. */
export type CompareValues = (wanted: Place, found: Place) => boolean | undefined;

/** What is known of a key that is no longer wanted at a place. */
export interface Leaving {
  /** The source still has it: the program wants it at other places, but no longer at this one. */
  readonly elsewhere?: true;
  /** The source has it without a value, and the sync skips such keys. */
  readonly empty?: true;
}

export type Plan = readonly Change[];

export interface PlanRequest {
  readonly desired: readonly DesiredEntry[];
  /** Keys that the source has without a value, when such keys are skipped. */
  readonly skipped?: readonly string[] | undefined;
  readonly ledger: Ledger;
  readonly live: readonly LiveEntry[];
  /** The same by place, if already indexed. */
  readonly at?: ReadonlyMap<string, LiveEntry>;
  /** Keys that may be taken over from somebody else: all, none, or by name. */
  readonly adopt: boolean | readonly string[];
  /** Called for entries that are taken over, to report what happens to their values. */
  readonly compare?: CompareValues | undefined;
  /** Entries by key that hold wherever their key has no other entry, and that no sync of this program wants. */
  readonly covering?: ReadonlyMap<string, LiveEntry> | undefined;
  /** Tokens by place: what was imported is taken over only while its token holds. */
  readonly seen?: Readonly<Record<string, string>> | undefined;
  /** Places that do not run what is stored there, with no deployment under way to change that: written again. */
  readonly notLive?: ReadonlySet<string> | undefined;
  /** A removed key still runs: only a deployment ends that, and only a write starts one. */
  readonly lingers?: boolean | undefined;
}

/**
 * Decides what happens at every known place.
 *
 * | desired | ledger | live                                | change                                          |
 * | ------- | ------ | ----------------------------------- | ----------------------------------------------- |
 * | yes     | no     | no                                  | create                                          |
 * | yes     | no     | yes                                 | conflict; adopt when allowed, and as imported   |
 * | yes     | no     | another entry holds there           | create; adopt it when allowed                   |
 * | yes     | yes    | as in ledger, fingerprint equal     | unchanged; update (not-live) when it never ran  |
 * | yes     | yes    | as in ledger, fingerprint differs   | update                                          |
 * | yes     | yes    | differs                             | update (drift)                                  |
 * | yes     | yes    | gone                                | create (drift, unless it was never seen)        |
 * | no      | yes    | as in ledger                        | delete; retained or restored by policy          |
 * | no      | yes    | differs                             | forget: somebody else has taken it over since   |
 * | no      | yes    | gone                                | forget                                          |
 * | no      | no     | yes                                 | foreign: carried through untouched              |
 *
 * The ledger is the one of `followMoves`: an entry that was moved to where it is wanted is already at its new place.
 * The result is sorted by place, so the order of the inputs does not matter.
 */
export function buildPlan(request: PlanRequest): Plan {
  const live = request.at ?? indexByPlace(request.live, request.ledger);
  const wanted = new Map(request.desired.map((entry) => [placeName(entry), entry]));
  const changes = [...wanted].map(([name, entry]) => decideDesired(entry, live.get(name), request));
  const given = new Set(request.desired.map(({ key }) => key));
  for (const { slot, key, entry } of ledgerWithout(request.ledger, wanted)) {
    const left = decideLeft(entry, live.get(placeName({ slot, key })));
    const isEmpty = request.skipped?.includes(key) === true;
    changes.push({
      slot,
      key,
      ...left,
      ...(given.has(key) ? { elsewhere: true } : {}),
      ...(isEmpty ? { empty: true } : {}),
    });
  }
  for (const [name, { slot, key }] of live) {
    if (wanted.has(name) || ledgerAt(request.ledger, { slot, key }) !== undefined) continue;
    changes.push({ slot, key, action: "foreign" });
  }
  const sorted = changes.sort(comparePlaces);
  return request.lingers === true ? carryRemoval(sorted, live) : sorted;
}

/**
 * A removed key that still runs goes with the next deployment. A plan that writes starts one. Any other plan sends one of our secrets
 * again: its new ciphertext starts a deployment, and no other write without a change does.
 */
function carryRemoval(plan: Plan, live: ReadonlyMap<string, LiveEntry>): Plan {
  if (changesToWrite(plan).length > 0) return plan;
  const carrier = plan.find((change) => change.action === "unchanged" && live.get(placeName(change))?.sealed === true);
  const found = carrier && live.get(placeName(carrier));
  if (found === undefined) return plan;
  const { slot, key, label } = found;
  const token = formatRevision(found);
  const sent: Change = { slot, key, action: "update", label, because: ["removal"], expected: token, found: token };
  return plan.map((change) => (change === carrier ? sent : change));
}

/** The token that an import saw at a place. */
function lastSeen({ seen }: PlanRequest, place: Place): string | undefined {
  const name = placeName(place);
  return seen !== undefined && Object.hasOwn(seen, name) ? seen[name] : undefined;
}

function decideDesired(desired: DesiredEntry, live: LiveEntry | undefined, request: PlanRequest): Change {
  const { slot, key, label } = desired;
  const owned = ledgerAt(request.ledger, desired);
  if (live === undefined) {
    const cover = mayAdopt(request.adopt, key) ? request.covering?.get(key) : undefined;
    const over = cover === undefined ? {} : { over: cover.slot };
    if (cover === undefined || owned !== undefined)
      return { slot, key, action: "create", label, drift: owned !== undefined && !isUnseen(owned), ...over };
    return adoptEntry(desired, cover, { request, over });
  }
  const found = formatRevision(live);
  if (owned === undefined) {
    const expected = lastSeen(request, desired) ?? found;
    if (expected !== found) return { slot, key, action: "conflict", found, changed: true, ...changedBy(live) };
    return mayAdopt(request.adopt, key)
      ? adoptEntry(desired, live, { request, over: {} })
      : { slot, key, action: "conflict", found, ...changedBy(live) };
  }
  const because = reasonsToWrite({ desired, owned, found, isLive: request.notLive?.has(placeName(desired)) !== true });
  if (because.length === 0) return { slot, key, action: "unchanged" };
  return { slot, key, action: "update", label, because, expected: owned.revision, found, ...changedBy(live) };
}

function adoptEntry(
  { slot, key, label }: DesiredEntry,
  live: LiveEntry,
  { request, over }: { request: PlanRequest; over: Over },
): Change {
  const keepsValue = request.compare?.({ slot, key }, live);
  // What does not run yet is written again, whatever is stored.
  const isRight =
    keepsValue === true &&
    live.label === label &&
    over.over === undefined &&
    request.notLive?.has(placeName({ slot, key })) !== true;
  const kept: Kept = {
    ...(keepsValue === undefined ? {} : { keepsValue }),
    ...(isRight ? { recordOnly: true } : {}),
  };
  return { slot, key, action: "adopt", label, found: formatRevision(live), ...kept, ...changedBy(live), ...over };
}

function changedBy({ by, byKey, among }: LiveEntry): Author {
  return {
    ...(by === undefined ? {} : { by }),
    ...(byKey === undefined ? {} : { byKey }),
    ...(among === undefined ? {} : { among }),
  };
}

interface Comparison {
  readonly desired: DesiredEntry;
  readonly owned: LedgerEntry;
  /** The token of the live entry. */
  readonly found: string;
  readonly isLive: boolean;
}

function reasonsToWrite({ desired, owned, found, isLive }: Comparison): UpdateReason[] {
  const reasons: UpdateReason[] = [];
  if (desired.fingerprint !== owned.fingerprint) reasons.push("value");
  // Compared with what we wrote, not with what is there: a label changed by somebody else is drift.
  if (owned.revision !== undefined && desired.label !== readLabel(owned.revision)) reasons.push("attributes");
  if (owned.revision !== found) reasons.push("drift");
  if (!isLive) reasons.push("not-live");
  return reasons;
}

function decideLeft(owned: LedgerEntry, live: LiveEntry | undefined) {
  if (live === undefined) return { action: "forget", because: isUnseen(owned) ? "unseen" : "gone" } as const;
  if (isOwn(live, owned)) return { action: "delete", because: "left" } as const;
  return { action: "forget", because: "taken-over", found: formatRevision(live), ...changedBy(live) } as const;
}

/** Whether a key may be taken over from somebody else. */
export function mayAdopt(adopt: boolean | readonly string[], key: string): boolean {
  return typeof adopt === "boolean" ? adopt : adopt.includes(key);
}

const writing = new Set<Change["action"]>(["create", "adopt", "update", "delete", "restore"]);

/** The changes that touch the target. A plan without them writes nothing at all. */
export function changesToWrite(plan: Plan): Change[] {
  return plan.filter((change) => writing.has(change.action) && !isRecordOnly(change));
}

/** Taken over as it is: no write, but still a change of the ledger. */
export function isRecordOnly(change: Change): boolean {
  return change.action === "adopt" && change.recordOnly === true;
}

/** Changes that somebody else caused: a key of ours that was changed or removed at the destination. */
export function findDrift(plan: Plan): Change[] {
  return plan.filter(
    (change) =>
      (change.action === "create" && change.drift) ||
      (change.action === "update" && change.because.includes("drift")) ||
      (change.action === "forget" && (change.because === "gone" || change.because === "taken-over")),
  );
}
