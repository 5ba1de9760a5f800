// Provider process: before the first plan of a sync, asks state which sync wrote the entries that it meets. A sync that the engine calls
// new may replace that one; any other takes a key over together with its origin.

import { meetsUnclaimed } from "../../core/claims.js";
import { type LiveEntry, placeName } from "../../core/entry.js";
import { isIn } from "../../core/ledger.js";
import { listProblems } from "../../errors.js";
import type { Snapshot } from "../../destinations/destination.js";
import { type Batch, goOnFrom, type Track, unsettled } from "./batch.js";
import { conclude } from "./ending.js";
import type { Job } from "./job.js";
import { traceOrigins } from "../origins.js";

/** @returns whether a sync replaces another resource: the look is then as old as the question took */
export async function recallFormers(batch: Batch, snapshot: Snapshot): Promise<boolean> {
  const tracks = unsettled(batch).filter(({ isRecalled }) => !isRecalled);
  const found = await Promise.all(tracks.map((track) => recallFormer(batch, track, snapshot)));
  return found.includes(true);
}

async function recallFormer(batch: Batch, track: Track, snapshot: Snapshot): Promise<boolean> {
  const { job } = track;
  // Once only: later it would meet its own writes.
  track.isRecalled = true;
  if (!meetsUnclaimed(listUnexplained(job, snapshot), job.claims())) return false;
  try {
    const former = await job.recall?.();
    if (former !== undefined) goOnFrom(track, former);
    return former !== undefined;
  } catch (error) {
    conclude(batch, track, { snapshot, problems: listProblems(error), error });
    return false;
  }
}

/**
 * Whatever a new sync meets may come from the resource that it replaces, and one that prunes may meet what others own; any other sync asks
 * about what it takes over from unknown owners.
 */
function listUnexplained(job: Job, snapshot: Snapshot): readonly LiveEntry[] {
  const { target, salt, ledger, desired } = job;
  const live = target.read(snapshot, salt, ledger);
  if (job.isNew === true || job.rules.overwrite) return live;
  const wanted = new Set(desired.entries.map(placeName));
  const isOwned = isIn(ledger);
  const taken = live.filter((place) => wanted.has(placeName(place)) && !isOwned(place));
  if (taken.length === 0) return taken;
  const findOrigin = traceOrigins(job.formers?.() ?? [], { target, snapshot });
  return taken.filter((place) => findOrigin(place) === undefined);
}
