// Provider process: what a deleted resource leaves to the sync of its URN that goes on at the same target. A replaced resource is deleted
// before or after the new one is made, or by a later run that finds it pending; none of these is a destroy.

import { type Ledger, placeName } from "../../core/entry.js";
import { ledgerAt, ledgerKeys, ledgerWithout, makeLedger } from "../../core/ledger.js";
import { checkDeletionLimit } from "../../core/policy.js";
import { SecretSyncError } from "../../errors.js";
import type { Survey } from "../../reconciler/memory.js";
import type { World } from "../../reconciler/world.js";
import { readState, type SyncState } from "../state/state.js";
import type { SyncRecord } from "../state/sync-record.js";

/** Undefined if it leaves nothing to a successor. */
export type Successor =
  /** Another process has made it: it has begun anew beside what it did not find. */
  | { readonly takes: "all"; readonly left?: readonly string[] }
  /** It is at another target, and disabled or frozen: nothing is removed. */
  | { readonly takes: "none" }
  /** Another process has made it, at another target: everything is removed. */
  | { readonly takes: "nothing"; readonly record: SyncRecord }
  | {
      readonly takes: "some";
      /** What it owns: the replaced resource's ledger, or what it started over with. */
      readonly ledger: Ledger;
      readonly survey: Survey;
    };

/** Called before memory learns of the deleted resource. */
export function findSuccessor(urn: string, { targetId }: SyncState, { memory }: World): Successor | undefined {
  if (memory.isHandedOver(urn, targetId)) return { takes: "all" };
  const survey = memory.recall(urn);
  if (survey === undefined && memory.isHandedOver(urn)) return { takes: "none" };
  if (survey === undefined || memory.targetOf(urn) !== targetId) return undefined;
  const { outputs } = memory.recorded(urn);
  const recorded = outputs && readState(outputs);
  // It is made next, and its one write removes what it does not want.
  if (recorded === undefined) return { takes: "all" };
  return recorded.targetId === targetId ? { takes: "some", ledger: recorded.record.ledger, survey } : undefined;
}

export interface Rest {
  /** What is still to be removed. */
  readonly ledger: Ledger;
  /** Keys that no sync owns any longer. */
  readonly retained: readonly string[];
}

/**
 * What the successor does not own of a ledger, by the successor's rules.
 *
 * @throws SecretSyncError `deletion.limit`
 */
export function listRest(given: Ledger, { ledger, survey }: Successor & { takes: "some" }): Rest {
  const { disableSecretDeletion, deletionLimit: limit } = survey.options;
  const wanted = new Set(survey.desired.entries.map(placeName));
  const left = ledgerWithout(given, wanted).filter((place) => ledgerAt(ledger, place) === undefined);
  const rest = makeLedger(left);
  if (disableSecretDeletion === true) return { ledger: {}, retained: ledgerKeys(rest) };
  const staying = [...survey.desired.keys, ...ledgerKeys(ledger)];
  const problems = checkDeletionLimit({ owned: ledgerKeys(given), desired: staying, limit });
  if (problems.length > 0) throw new SecretSyncError(problems);
  return { ledger: rest, retained: [] };
}
