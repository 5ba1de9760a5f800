// Pure: one question with one answer. Plan, policies and preflight together say what would happen and what forbids it.

import type { Problem } from "../errors.js";
import type { Desired, Placement } from "./desired.js";
import { applyKeySchema, matchKeySchema } from "./key-schema.js";
import { type Edit, type Ledger, type LedgerEntry, type LiveEntry, type Place, placeName, tokenOf } from "./entry.js";
import {
  type Claim,
  findDoubleClaims,
  findDuplicates,
  findMoved,
  withoutHandedOver,
  ledgerAt,
  ledgerKeys,
  ledgerOf,
} from "./ownership.js";
import { followMoves, type Move } from "./moves.js";
import { buildPlan, type Change, changesToWrite, mayAdopt, type Plan } from "./plan.js";
import {
  applyDestroyPolicy,
  checkDeletionLimit,
  checkEmptySweep,
  forgetWithSlots,
  retainDeletions,
  sweepForeign,
} from "./policy.js";
import { checkConflicts, checkKeys, type KeyGrammar } from "./preflight.js";

/** What makes destination keys of source keys. */
export interface Naming {
  readonly keySchema: string | undefined;
  readonly environment: string;
}

/** How a sync treats names, other people's keys and keys that go away. */
export interface Rules {
  readonly adopt: boolean | readonly string[];
  /** Tokens by place, of what was imported in this run. */
  readonly seen?: Readonly<Record<string, string>> | undefined;
  /** `overwrite-destination` on its first run. */
  readonly overwrite: boolean;
  readonly keySchema: string | undefined;
  readonly environment: string;
  /** How keys were named by the last run; a key that is only renamed has not left the source. */
  readonly namedBefore?: Naming | undefined;
  readonly disableSecretDeletion: boolean;
  readonly deletionLimit: number | undefined;
  /** Set when the sync itself goes. */
  readonly destroy: "delete" | "retain" | "restore" | undefined;
  /** Adopted entries are remembered so that they can be given back. */
  readonly keepPrior: boolean;
}

export interface DecisionRequest {
  readonly desired: Desired;
  readonly ledger: Ledger;
  readonly live: readonly LiveEntry[];
  readonly rules: Rules;
  readonly slots: readonly string[];
  /** Slots that exist at the target; left out where nobody has looked. */
  readonly existing?: readonly string[] | undefined;
  readonly claims: readonly Claim[];
  readonly keyGrammar: KeyGrammar;
  /** Places where what runs is not what is stored, and nothing is under way that would change it. */
  readonly notLive: ReadonlySet<string> | undefined;
  /** A key that was removed still runs, and nothing is under way that would end that. */
  readonly lingers?: boolean | undefined;
}

export interface Decision {
  readonly plan: Plan;
  /** What the plan was made from: every entry of ours at the place where it stands now. */
  readonly ledger: Ledger;
  /** Slots that were renamed, and keys that somebody moved to where they are wanted. */
  readonly moves: readonly Move[];
  readonly problems: readonly Problem[];
}

/** What would happen, and every reason why it must not. */
export function decide(request: DecisionRequest): Decision {
  const { desired, live, rules, claims, notLive, lingers } = request;
  const adopt = rules.overwrite ? true : rules.adopt;
  const followed = followMoves({
    ...request,
    desired: desired.entries,
    existing: request.existing,
    mayAdopt: (key) => mayAdopt(adopt, key),
    anywhere: rules.destroy !== undefined,
  });
  const { moves, at } = followed;
  const ledger = withoutHandedOver(followed.ledger, desired.entries, claims);
  const plan = applyPolicies(
    buildPlan({ desired: desired.entries, ledger, live, at, adopt, seen: rules.seen, notLive, lingers }),
    {
      ...request,
      ledger,
    },
  );
  if (rules.destroy !== undefined) return { plan, ledger: followed.ledger, moves, problems: [] };
  // Asked about doubled entries only, which hardly ever are.
  const isConcerned = ({ slot, key }: Place) =>
    ledgerAt(ledger, { slot, key }) !== undefined ||
    desired.entries.some((entry) => entry.slot === slot && entry.key === key);
  const owned = ledgerKeys(ledger).map((key) => nameAgain(key, rules));
  const leaving = { owned, desired: desired.keys, limit: rules.deletionLimit };
  return {
    plan,
    ledger: followed.ledger,
    moves,
    problems: [
      ...checkKeys(desired.keys, request.keyGrammar),
      ...checkConflicts(plan),
      ...findDoubleClaims(desired.entries, claims),
      ...findDuplicates(live, isConcerned),
      ...(followed.settled ? [] : findMoved(ledger, live, desired.entries)),
      ...(rules.disableSecretDeletion ? [] : checkDeletionLimit(leaving)),
      ...checkEmptySweep(plan, desired.keys, rules.deletionLimit),
    ],
  };
}

/** What an owned key is called now: another key schema or environment renames every key, and none of them has left. */
function nameAgain(key: string, { namedBefore, keySchema, environment }: Rules): string {
  if (namedBefore === undefined) return key;
  const source = matchKeySchema(namedBefore.keySchema, key, namedBefore.environment);
  return source === undefined ? key : applyKeySchema(keySchema, source, environment);
}

function applyPolicies(made: Plan, { rules, ledger, slots, claims, existing, desired }: DecisionRequest): Plan {
  const plan = forgetWithSlots(made, { existing, aimed: [...slots, ...desired.entries.map(({ slot }) => slot)] });
  if (rules.destroy !== undefined) return applyDestroyPolicy(plan, ledger, rules.destroy);
  const kept = rules.disableSecretDeletion ? retainDeletions(plan) : plan;
  if (!rules.overwrite || rules.disableSecretDeletion) return kept;
  return sweepForeign(kept, { slots, keySchema: rules.keySchema, environment: rules.environment, claims });
}

/** The edits that a plan asks for, with the values that the plan itself does not hold. */
export function editsOf(
  plan: Plan,
  { desired, ledger, place }: { desired: Desired; ledger: Ledger; place: (key: string) => readonly Placement[] },
): Edit[] {
  return changesToWrite(plan).map((change): Edit => {
    const { slot, key } = change;
    if (change.action === "delete") return { action: "remove", slot, key };
    if (change.action === "restore") return { action: "restore", slot, key, prior: ledgerAt(ledger, change)?.prior };
    const value = desired.values.get(key);
    const placement = place(key).find((candidate) => candidate.slot === slot);
    if (value === undefined || placement === undefined) throw new Error(`no value at hand for ${placeName(change)}`);
    return { action: "set", slot, key, value, attributes: placement.attributes, label: placement.label };
  });
}

/** How the target looks to the next sync of a batch once the edits of the earlier ones are made. */
export function afterEdits(live: readonly LiveEntry[], edits: readonly Edit[]): LiveEntry[] {
  const touched = new Set(edits.map(placeName));
  const written = edits.flatMap((edit) =>
    edit.action === "set" ? [{ slot: edit.slot, key: edit.key, label: edit.label, mark: "pending" }] : [],
  );
  return [...live.filter((entry) => !touched.has(placeName(entry))), ...written];
}

export interface Commitment {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly desired: Desired;
  /** The live entries after the write; undefined when its outcome could not be seen. */
  readonly live: readonly LiveEntry[] | undefined;
  /** The same, told apart from what others did with the help of the ledger. */
  readonly recognised?: readonly LiveEntry[] | undefined;
  /** What became of the edit of a place; every edit is done unless a write ended half-way. */
  readonly fate?: (place: Place) => Fate;
  /** How an entry looked before it was adopted. */
  readonly prior: (place: Place) => unknown;
}

export type Fate = "done" | "unknown" | "not-sent";

/** The ledger after a write: what was written, as it is seen now. */
export function commitLedger(commitment: Commitment): Ledger {
  const marks = new Map(commitment.desired.entries.map((entry) => [placeName(entry), entry.fingerprint]));
  const sight = { marks, seen: tokensOf(commitment.live), recognised: tokensOf(commitment.recognised) };
  return ledgerOf(
    commitment.plan.flatMap((change) => {
      const entry = entryAfter(change, commitment, sight);
      return entry === undefined ? [] : [{ slot: change.slot, key: change.key, entry }];
    }),
  );
}

interface Sight {
  readonly marks: ReadonlyMap<string, string | undefined>;
  readonly seen: ReadonlyMap<string, string>;
  readonly recognised: ReadonlyMap<string, string>;
}

/** What the ledger keeps of one place; undefined when it is not ours, or not any more. */
function entryAfter(change: Change, commitment: Commitment, sight: Sight): LedgerEntry | undefined {
  const { ledger, live, fate = () => "done" as const, prior } = commitment;
  const old = ledgerAt(ledger, change);
  const name = placeName(change);
  const end: Fate = live === undefined ? "unknown" : fate(change);
  if (staysAsItWas(change, end)) return old && refreshToken(old, name, sight);
  if (change.action !== "create" && change.action !== "adopt" && change.action !== "update") return undefined;
  const before = change.action === "adopt" ? prior(change) : old?.prior;
  return {
    fingerprint: sight.marks.get(name) ?? "",
    ...(end === "unknown" ? { token: "", unconfirmed: expectationOf(change) } : { token: sight.seen.get(name) ?? "" }),
    ...(before === undefined ? {} : { prior: before }),
  };
}

/** By what a later run can tell our unconfirmed write from somebody else's entry. */
function expectationOf(change: Change & { label: string }) {
  return change.action === "adopt" ? { label: change.label, found: change.found } : { label: change.label };
}

/** While it is not known whether a removal arrived, the place stays ours: forgetting it would orphan the key. */
function staysAsItWas(change: Change, end: Fate): boolean {
  if (change.action === "unchanged" || change.action === "retain") return true;
  return (end === "unknown" && isRemoval(change)) || (end === "not-sent" && isWrite(change));
}

/** Our own write next to an entry may have moved its mark; a foreign one is left for the next plan to find. */
function refreshToken(old: LedgerEntry, name: string, { seen, recognised }: Sight): LedgerEntry {
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
