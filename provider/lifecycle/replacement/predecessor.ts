// Provider process: a replacement is a new resource to the engine, but the same sync to its target: it goes on with the ledger of the
// resource that it replaces. The record of that one came with an earlier call of this process, or is looked up in state.

import { fingerprint, isSecretSalt } from "../../core/fingerprint.js";
import { ledgerPlaces, makeLedger } from "../../core/ledger.js";
import { SecretSyncError } from "../../errors.js";
import type { Survey } from "../../reconciler/memory.js";
import type { Recorded } from "../../reconciler/past.js";
import type { World } from "../../reconciler/world.js";
import { settleImport } from "../state/settled-import.js";
import { readInputs, type SyncInputs } from "../state/inputs.js";
import { refuseOtherHost } from "./other-host.js";
import { findRecorded, keepRecorded } from "../state/recorded.js";
import { readState, type SyncState } from "../state/state.js";

export interface Follower {
  readonly urn: string;
  readonly survey: Survey;
  readonly targetId: string | undefined;
}

/**
 * The state that a new resource goes on from: that of its own URN, at the same target.
 *
 * @throws SecretSyncError `state.other_host`
 */
export function recallPredecessor({ urn, survey, targetId }: Follower, { memory }: World): SyncState | undefined {
  const { pending = [], ...recorded } = memory.recorded(urn);
  for (const one of [recorded, ...pending.toReversed()]) {
    const { inputs, outputs } = one;
    const state = outputs && readState(outputs);
    if (state === undefined || state.targetId !== targetId || !isSecretSalt(state.record.salt)) continue;
    const refused = refuseOtherHost(urn, one);
    if (refused.length > 0) throw new SecretSyncError(refused);
    return carryOver(state, { survey, salt: inputs && readInputs(inputs).salt });
  }
  return undefined;
}

/** The same, with a look into state if no call brought it. */
export async function findPredecessor(follower: Follower, world: World): Promise<SyncState | undefined> {
  await lookUp(follower.urn, follower.survey.stack, world);
  return recallPredecessor(follower, world);
}

/**
 * The same if the target has entries that no sync of the run wants. A sync that moves back to a target where its removal is still pending
 * meets what it left there.
 */
export async function findReturned(follower: Follower, world: World): Promise<SyncState | undefined> {
  const { urn, survey } = follower;
  const found = await findPredecessor(follower, world);
  if (found !== undefined || world.memory.recorded(urn).pending !== undefined) return found;
  const { pending = [] } = findRecorded(urn, await lookAround(survey.stack, world), world) ?? {};
  keepRecorded(urn, { pending }, world);
  return recallPredecessor(follower, world);
}

/** Keeps in memory what state has of a resource. */
export async function lookUp(urn: string, stack: string | undefined, world: World): Promise<void> {
  const { memory } = world;
  const { inputs, outputs } = memory.recorded(urn);
  if (inputs !== undefined && outputs !== undefined) return;
  const found = findRecorded(urn, await lookAround(stack, world), world);
  keepRecorded(urn, { pending: [], ...found, ...memory.recorded(urn) }, world);
}

/** Keeps in memory what state has of the syncs of a stack, and returns it. */
export async function lookAround(stack: string | undefined, world: World): Promise<ReadonlyMap<string, Recorded>> {
  const recorded = stack === undefined ? new Map<string, Recorded>() : await world.listRecorded(stack);
  world.memory.keepStack(recorded);
  return recorded;
}

/** A disabled sync goes on from all that state has, even if it means another target: it moves there once it is enabled. */
export function recallDisabled({ urn }: Pick<SyncInputs, "urn">, { memory }: World): SyncState | undefined {
  const { outputs } = memory.recorded(urn);
  return outputs && readState(outputs);
}

/** The inputs that go with that state. */
export function recallInputs(sync: Pick<SyncInputs, "urn">, world: World): SyncInputs | undefined {
  const { inputs } = world.memory.recorded(sync.urn);
  return inputs !== undefined && recallDisabled(sync, world) !== undefined ? readInputs(inputs) : undefined;
}

/** A new resource has a new salt. A value with an equal fingerprint under the old one is unchanged; any other is written again. */
function carryOver(recorded: SyncState, { survey, salt }: { survey: Survey; salt: string | undefined }): SyncState {
  const { desired, salt: now } = survey;
  const before = new Map(
    [...desired.values].map(([key, value]) => [key, salt === undefined ? undefined : fingerprint(salt, value)]),
  );
  // An import that no update has followed lists everything that it found, most of which may be somebody else's.
  const entries = desired.entries.map(({ slot, key }) => ({ slot, key, fingerprint: before.get(key) }));
  const state = settleImport(recorded, { entries });
  const places = ledgerPlaces(state.record.ledger).map(({ slot, key, entry }) => {
    const value = desired.values.get(key);
    const isSame = value !== undefined && before.get(key) === entry.fingerprint;
    return { slot, key, entry: isSame ? { ...entry, fingerprint: fingerprint(now, value) } : entry };
  });
  return { ...state, record: { ...state.record, ledger: makeLedger(places) } };
}
