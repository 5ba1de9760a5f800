// Pure: one question with one answer. Plan, policies and preflight together say what would happen and what forbids it.

import type { Problem } from "../errors.js";
import type { Desired } from "./desired.js";
import { applyKeySchema, matchKeySchema } from "./key-schema.js";
import { type Ledger, type LiveEntry, type Place, placeName } from "./entry.js";
import { type Claim, claimedPlaces, findDoubleClaims, findHandedOver, findShadowed } from "./claims.js";
import { findDuplicates, findMoved, findUnclear } from "./ownership.js";
import { ledgerAt, ledgerKeys, ledgerPlaces, ledgerWithout, makeLedger } from "./ledger.js";
import { followMoves, type Move } from "./moves.js";
import { buildPlan, changesToWrite, type CompareValues, mayAdopt, type Plan } from "./plan.js";
import {
  applyDestroyPolicy,
  checkDeletionLimit,
  checkEmptyPrune,
  forgetWithSlots,
  giveBackLost,
  leaveUnreadable,
  retainClaimed,
  retainDeletions,
  pruneForeign,
} from "./policy.js";
import { checkAdoptions, checkConflicts, checkEmptyValues, checkKeys, type KeyGrammar } from "./preflight.js";

/** What turns source keys into destination keys. */
export interface Naming {
  readonly keySchema: string | undefined;
  readonly environment: string;
}

/** How a sync treats names, other people's keys, and keys that leave the source. */
export interface Rules {
  readonly adopt: boolean | readonly string[];
  /** Keys that an import of this first run may take over, whatever their values were. */
  readonly agreed?: readonly string[] | undefined;
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
  /** Set when the sync itself is removed. */
  readonly destroy: "delete" | "retain" | "restore" | undefined;
  /** Which adopted entries are remembered so that they can be given back: all, or those whose value differs from the one written. */
  readonly keepPrior: boolean | "unless-equal";
}

export interface DecisionRequest {
  readonly desired: Desired;
  readonly ledger: Ledger;
  readonly live: readonly LiveEntry[];
  readonly rules: Rules;
  readonly slots: readonly string[];
  /** Slots that exist at the target; left out when not observed. */
  readonly existing?: readonly string[] | undefined;
  /** The slot whose entries hold in every slot that has no entry of the same key. */
  readonly coveringSlot?: string | undefined;
  readonly claims: readonly Claim[];
  readonly compare?: CompareValues | undefined;
  /** Whether an adopted entry that is gone may have been lost while it was given back; left out if that takes one request. */
  readonly mayBeLost?: ((prior: unknown) => boolean) | undefined;
  readonly isUnreadable?: ((prior: unknown) => boolean) | undefined;
  readonly keyGrammar: KeyGrammar;
  /** Places that do not run what is stored there, with nothing under way to change that. */
  readonly notLive: ReadonlySet<string> | undefined;
  /** A removed key still runs, with nothing under way to end that. */
  readonly lingers?: boolean | undefined;
}

export interface Decision {
  readonly plan: Plan;
  /** What the plan was made from: every entry of ours at its current place. */
  readonly ledger: Ledger;
  /** Slots that were renamed, and keys that somebody moved to where they are wanted. */
  readonly moves: readonly Move[];
  /** Places of that ledger, by name, that belong to another sync from this run on. */
  readonly handedOver: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

/** What would happen, and every reason why it must not. */
export function decide(request: DecisionRequest): Decision {
  const { desired, live, rules, claims } = request;
  const adopt = rules.overwrite ? true : rules.adopt;
  const followed = followMoves({
    ...request,
    desired: desired.entries,
    existing: request.existing,
    mayAdopt: (key) => mayAdopt(adopt, key),
    anywhere: rules.destroy !== undefined,
  });
  const handedOver = findHandedOver(followed.ledger, desired.entries, claims);
  const ledger = handedOver.size === 0 ? followed.ledger : makeLedger(ledgerWithout(followed.ledger, handedOver));
  const claimed = claimedPlaces(claims);
  const question = { ...request, ledger, claimed, claimant: findClaimant(request, claimed) };
  const plan = applyPolicies(
    buildPlan({
      ...request,
      desired: desired.entries,
      skipped: desired.skipped,
      ledger,
      at: followed.at,
      adopt,
      covering: findCovering(question),
      seen: rules.seen,
    }),
    question,
  );
  const problems =
    rules.destroy === undefined
      ? findProblems(plan, { ...question, isSettled: followed.settled })
      : findUnclear(ledger, live, changesToWrite(plan));
  return { plan, ledger: followed.ledger, moves: followed.moves, handedOver, problems };
}

/** A request as its parts answer it: without what is handed over, and with what other syncs claim, by place. */
interface Question extends DecisionRequest {
  readonly claimed: ReadonlyMap<string, string>;
  /** The sync that claims what leaves this one, or something beside it that cannot stand there as long as this does not go. */
  readonly claimant: (place: Place) => string | undefined;
}

function findClaimant(request: DecisionRequest, claimed: ReadonlyMap<string, string>): Question["claimant"] {
  const shadowed = findShadowed(request);
  const given = new Set(request.desired.keys);
  // A key that this sync goes on with has only moved: here nothing of it may stay.
  return (place) => claimed.get(placeName(place)) ?? (given.has(place.key) ? undefined : shadowed(place));
}

/** Every reason why a sync that stays must not do what is planned. */
function findProblems(plan: Plan, question: Question & { readonly isSettled: boolean }): Problem[] {
  const { desired, live, ledger, rules, claimed, claimant } = question;
  // Called for duplicate entries only, which are rare.
  const isConcerned = ({ slot, key }: Place) =>
    ledgerAt(ledger, { slot, key }) !== undefined ||
    desired.entries.some((entry) => entry.slot === slot && entry.key === key);
  // What another sync claims is not removed, even if that sync may not take it.
  const mayLeave = ledgerKeys(makeLedger(ledgerPlaces(ledger).filter((place) => claimant(place) === undefined)));
  const wanted = new Set(desired.keys);
  // A look after the write finds keys that have their new names already.
  const owned = mayLeave.map((key) => (wanted.has(key) ? key : nameAgain(key, rules)));
  const leaving = { owned, desired: desired.keys, limit: rules.deletionLimit };
  return [
    ...checkKeys(desired.keys, question.keyGrammar),
    ...checkEmptyValues(desired),
    // The claiming sync may just have written it: adopting it would be the wrong advice.
    ...checkConflicts(plan.filter((change) => !claimed.has(placeName(change)))),
    ...(rules.adopt === true && !rules.overwrite ? checkAdoptions(plan, rules.agreed) : []),
    ...findDoubleClaims(desired.entries, claimed),
    ...findDuplicates(live, isConcerned),
    ...(question.isSettled ? [] : findMoved(ledger, live, desired.entries)),
    ...(rules.disableSecretDeletion ? [] : checkDeletionLimit(leaving)),
    ...checkEmptyPrune(plan, desired.keys, rules.deletionLimit),
  ];
}

/** Foreign entries that hold in other slots, too: neither ours nor wanted at their place by any sync of this program. */
function findCovering({
  live,
  ledger,
  desired,
  claimed,
  coveringSlot,
}: Question): ReadonlyMap<string, LiveEntry> | undefined {
  if (coveringSlot === undefined) return undefined;
  const wanted = new Set([...claimed.keys(), ...desired.entries.map(placeName)]);
  const foreign = live.filter(
    (entry) => entry.slot === coveringSlot && ledgerAt(ledger, entry) === undefined && !wanted.has(placeName(entry)),
  );
  return new Map(foreign.map((entry) => [entry.key, entry]));
}

/** The current name of an owned key: a new key schema or environment renames every key, and none of them has left. */
function nameAgain(key: string, { namedBefore, keySchema, environment }: Rules): string {
  if (namedBefore === undefined) return key;
  const source = matchKeySchema(namedBefore.keySchema, key, namedBefore.environment);
  return source === undefined ? key : applyKeySchema(keySchema, source, environment);
}

function applyPolicies(made: Plan, question: Question): Plan {
  const { rules, ledger, slots, claims, claimed, claimant, existing, desired, live, mayBeLost, isUnreadable } =
    question;
  const plan = forgetWithSlots(made, { existing, aimed: [...slots, ...desired.entries.map(({ slot }) => slot)] });
  if (rules.destroy !== undefined) {
    const removals = leaveUnreadable(applyDestroyPolicy(plan, ledger, rules.destroy), { ledger, isUnreadable });
    return rules.destroy === "restore" ? giveBackLost(removals, { ledger, live, mayBeLost }) : removals;
  }
  const kept = retainClaimed(rules.disableSecretDeletion ? retainDeletions(plan) : plan, claimant);
  if (!rules.overwrite || rules.disableSecretDeletion) return kept;
  return pruneForeign(kept, {
    slots,
    keySchema: rules.keySchema,
    environment: rules.environment,
    claimed,
    held: claims.flatMap(({ keys }) => keys ?? []),
    skipped: desired.skipped,
  });
}
