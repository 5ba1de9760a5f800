// Provider process: before the first plan of a sync that the engine calls new: whether it replaces one that has written here.

import { meetsUnclaimed } from "../core/claims.js";
import { listProblems } from "../errors.js";
import type { Snapshot } from "../destinations/destination.js";
import { type Batch, goOnFrom, type Track, unsettled } from "./batch.js";
import { conclude } from "./ending.js";

/** @returns whether one does: by then the look is as old as the question took. */
export async function recallFormers(batch: Batch, snapshot: Snapshot): Promise<boolean> {
  const tracks = unsettled(batch).filter(({ isRecalled }) => !isRecalled);
  const found = await Promise.all(tracks.map((track) => recallFormer(batch, track, snapshot)));
  return found.includes(true);
}

async function recallFormer(batch: Batch, track: Track, snapshot: Snapshot): Promise<boolean> {
  const { job } = track;
  // Once: what it writes itself stands there from then on.
  track.isRecalled = true;
  if (!meetsUnclaimed(job.target.read(snapshot, job.salt), job.claims())) return false;
  try {
    const former = await job.recall?.();
    if (former !== undefined) goOnFrom(track, former);
    return former !== undefined;
  } catch (error) {
    conclude(batch, track, { snapshot, problems: listProblems(error), error });
    return false;
  }
}
