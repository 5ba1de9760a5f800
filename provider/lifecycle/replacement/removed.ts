// Provider process: a replacement that is refused after the engine has deleted what it replaces. That delete has left everything at the
// target, and the engine forgets the deleted resource as soon as the program drops it. So the new one is recorded in its place.

import { listProblems } from "../../errors.js";
import type { World } from "../../reconciler/world.js";
import type { SyncInputs } from "../state/inputs.js";
import { findId, keepConnection } from "../state/next-state.js";
import { PartialFailure } from "../engine/partial-failure.js";
import { recallPredecessor } from "./predecessor.js";
import { type SyncState, writeState } from "../state/state.js";

/** Runs a create. @throws PartialFailure with what the deleted resource owned, if there is one and nothing else is recorded */
export async function keepRemoved<T>(inputs: SyncInputs, create: () => Promise<T>, world: World): Promise<T> {
  try {
    return await create();
  } catch (error) {
    const removed = error instanceof PartialFailure ? undefined : recallRemoved(inputs, world);
    if (removed === undefined) throw error;
    throw new PartialFailure({
      id: findId(inputs, removed),
      properties: { ...writeState(removed, inputs.urn), __provider: inputs.provider },
      problems: listProblems(error),
    });
  }
}

/** Nothing is left where the program means another target: there the delete has removed its keys. */
function recallRemoved({ urn }: SyncInputs, world: World): SyncState | undefined {
  const { memory } = world;
  const survey = memory.recall(urn);
  if (survey === undefined || memory.recorded(urn).isRemoved !== true) return undefined;
  const state = recallPredecessor({ urn, survey, targetId: memory.targetOf(urn) }, world);
  if (state === undefined || survey.credentials === undefined) return state;
  return { ...state, record: { ...state.record, connection: keepConnection(survey.credentials) } };
}
