// Pure: policies as filters. Each takes a plan and returns one that does less, or refuses one that does too much.

import type { Problem } from "../errors.js";
import type { Ledger, LiveEntry, Place } from "./entry.js";
import { placeName } from "./entry.js";
import { matchKeySchema } from "./key-schema.js";
import { ledgerAt } from "./ledger.js";
import type { Change, Plan } from "./plan.js";

/**
 * `disableSecretDeletion`: what left the source stays at the destination and in the ledger. A key that the source still has for another
 * place has not left: if it stayed, its old value would keep running, above or beside the new one.
 */
export function retainDeletions(plan: Plan): Plan {
  return plan.map((change) => {
    if (change.action !== "delete" || change.elsewhere === true) return change;
    const { empty } = change;
    return place(change, { action: "retain", ...(empty && { empty }) });
  });
}

/**
 * A key that another sync claims but may not take stays ours: otherwise it would have no owner, or be missing until that sync may take it.
 *
 * @param claimant Finds the sync that claims a place.
 */
export function retainClaimed(plan: Plan, claimant: (place: Place) => string | undefined): Plan {
  return plan.map((change) => {
    const claimedBy = claimant(change);
    if (change.action !== "delete" || claimedBy === undefined) return change;
    const { elsewhere, empty } = change;
    return place(change, { action: "retain", claimedBy, ...(elsewhere && { elsewhere }), ...(empty && { empty }) });
  });
}

export interface Slots {
  /** Slots that exist at the target; undefined when not observed. */
  readonly existing: readonly string[] | undefined;
  /** Slots that the program aims at. */
  readonly aimed: readonly string[];
}

/** A slot that is gone, and that the program no longer aims at, is not drift: program and target agree. */
export function forgetWithSlots(plan: Plan, { existing, aimed }: Slots): Plan {
  if (existing === undefined || !plan.some(isGone)) return plan;
  const known = new Set([...existing, ...aimed]);
  return plan.map((change) =>
    isGone(change) && !known.has(change.slot) ? place(change, { action: "forget", because: "slot-gone" }) : change,
  );
}

function isGone(change: Change): boolean {
  return change.action === "forget" && change.because === "gone";
}

/** `onDestroy`: what becomes of the keys when the sync itself is removed. */
export function applyDestroyPolicy(plan: Plan, ledger: Ledger, policy: "delete" | "retain" | "restore"): Plan {
  if (policy === "delete") return plan;
  return plan.map((change) => {
    if (change.action !== "delete") return change;
    if (policy === "retain") return place(change, { action: "forget", because: "released" });
    const { prior, adopted } = ledgerAt(ledger, change) ?? {};
    if (prior !== undefined) return place(change, { action: "restore" });
    return adopted ? place(change, { action: "forget", because: "released" }) : change;
  });
}

interface Unreadable {
  readonly ledger: Ledger;
  readonly isUnreadable: ((prior: unknown) => boolean) | undefined;
}

/** What could not be read when it was adopted cannot be given back: the key stays as it is. */
export function leaveUnreadable(plan: Plan, { ledger, isUnreadable = () => false }: Unreadable): Plan {
  return plan.map((change) => {
    if (change.action !== "restore" || !isUnreadable(ledgerAt(ledger, change)?.prior)) return change;
    return place(change, { action: "forget", because: "unreadable" });
  });
}

/**
 * A destination that gives a key back in several requests may have lost it between them, and a failed destroy leaves state unchanged:
 * a key that is gone with all its entries is given back from what is remembered of it.
 */
export function giveBackLost(plan: Plan, { ledger, live, mayBeLost }: Lost): Plan {
  if (mayBeLost === undefined) return plan;
  const there = new Set(live.map(({ key }) => key));
  return plan.map((change) => {
    if (change.action !== "forget" || there.has(change.key)) return change;
    const prior = ledgerAt(ledger, change)?.prior;
    return prior !== undefined && mayBeLost(prior) ? place(change, { action: "restore" }) : change;
  });
}

interface Lost {
  readonly ledger: Ledger;
  readonly live: readonly LiveEntry[];
  readonly mayBeLost: ((prior: unknown) => boolean) | undefined;
}

export interface PruneInput {
  /** Slots that the sync is aimed at. */
  readonly slots: readonly string[];
  readonly keySchema: string | undefined;
  readonly environment: string;
  /** Places that other syncs of the program claim, by name: never pruned. */
  readonly claimed: ReadonlyMap<string, string>;
  /** Keys that other syncs of the program owned before, in any slot: never pruned. */
  readonly held: readonly string[];
  /** Keys that the source has without a value: other people's entries of these names are left alone. */
  readonly skipped?: readonly string[] | undefined;
}

/** `overwrite-destination`, first run only: foreign keys that the key schema could have made are removed. */
export function pruneForeign(plan: Plan, prune: PruneInput): Plan {
  const skipped = new Set(prune.skipped);
  const held = new Set(prune.held);
  return plan.map((change) => {
    if (change.action !== "foreign" || !prune.slots.includes(change.slot)) return change;
    if (prune.claimed.has(placeName(change)) || held.has(change.key) || skipped.has(change.key)) return change;
    if (matchKeySchema(prune.keySchema, change.key, prune.environment) === undefined) return change;
    return place(change, { action: "delete", because: "pruned" });
  });
}

export interface DeletionLimitInput {
  readonly owned: readonly string[];
  readonly desired: readonly string[];
  readonly limit: number | undefined;
}

/** `deletionLimit`: a source that suddenly lacks many keys is more often broken than right. */
export function checkDeletionLimit({ owned, desired, limit }: DeletionLimitInput): Problem[] {
  const wanted = new Set(desired);
  const leaving = owned.filter((key) => !wanted.has(key)).sort();
  // One key may always go. From two on, losing most keys is as alarming in a small app as in a large one.
  const isMost = leaving.length >= 2 && leaving.length > owned.length / 2;
  const tooMany = limit === undefined ? isMost : leaving.length > limit;
  if (!tooMany) return [];
  return [
    {
      code: "deletion.limit",
      message:
        `${leaving.length} of ${owned.length} keys have left the source (${nameSome(leaving)}) and would be removed; ` +
        `check the source, or set syncOptions.deletionLimit to ${leaving.length} or more to allow it`,
    },
  ];
}

/** An empty source with `overwrite-destination` would empty the destination: that needs an explicit limit. */
export function checkEmptyPrune(plan: Plan, desired: readonly string[], limit: number | undefined): Problem[] {
  const pruned = plan.filter((change) => change.action === "delete" && change.because === "pruned");
  if (desired.length > 0 || pruned.length === 0 || (limit !== undefined && pruned.length <= limit)) return [];
  return [
    {
      code: "deletion.limit",
      message:
        `the source is empty and overwrite-destination would remove ${pruned.length} keys (${nameSome(pruned.map(placeName))}); ` +
        `check the source, or set syncOptions.deletionLimit to ${pruned.length} or more to allow it`,
    },
  ];
}

function place(change: Change, rest: Record<string, unknown>): Change {
  return { slot: change.slot, key: change.key, ...rest } as Change;
}

/** Names in full up to ten, then a count. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(", ");
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
