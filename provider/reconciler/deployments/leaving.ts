// Pure but for the results it fills in: the jobs that return as stored because another sync of the run waits for the deployment.

import type { Snapshot } from "../../destinations/destination.js";
import { type Batch, isLive, type Track, unsettled } from "../batch/batch.js";
import { findProblem, makeOutcome } from "../batch/ending.js";
import { decideWaiting, isCarrier } from "../batch/waiting.js";

interface LeaveInput {
  readonly snapshot: Snapshot;
  /** Set if no look will show whether the deployment went live. */
  readonly position?: string | undefined;
}

/** Whether any unsettled job does so. */
export function isAwaited(batch: Batch): boolean {
  return unsettled(batch).some(({ job }) => isCarrier(job.target));
}

/**
 * Answers the jobs that need not wait. Those that would undo their write after a failure stay, and so do those with something to report.
 *
 * @returns whether a waiting job stays
 */
export function leaveToOthers(batch: Batch, { snapshot, position }: LeaveInput): boolean {
  const { mayLeave, mustStay } = sortWaiting(batch, snapshot);
  const who = decide(batch, mayLeave);
  const leaving = who === "all" ? [] : who === "one" && mustStay.length === 0 ? allButOne(mayLeave) : mayLeave;
  if (leaving.length > 0) for (const track of listIdle(batch, snapshot)) answer(batch, track, { snapshot });
  for (const track of leaving) answer(batch, track, { snapshot, position });
  batch.owes ||= leaving.length > 0;
  return mayLeave.length + mustStay.length > leaving.length;
}

/** Whether waiting jobs could leave, because others are now known to come. */
export function isRelieved(batch: Batch, snapshot: Snapshot): boolean {
  const { mayLeave } = sortWaiting(batch, snapshot);
  return mayLeave.length > 0 && decide(batch, mayLeave) === "none";
}

/** Whether other jobs may come that would share a deployment. */
export function isShared(batch: Batch, snapshot: Snapshot): boolean {
  const { mayLeave } = sortWaiting(batch, snapshot);
  return mayLeave.length > 0 && decide(batch, mayLeave) !== "all";
}

interface Groups {
  readonly mayLeave: readonly Track[];
  readonly mustStay: readonly Track[];
}

function sortWaiting(batch: Batch, snapshot: Snapshot): Groups {
  const waiting = unsettled(batch).filter(({ job }) => isCarrier(job.target));
  const mayLeave = waiting.filter(
    (track) =>
      track.job.target.deployment.onFailure !== "restore" &&
      findProblem(batch, track, { snapshot, failure: undefined }) === undefined,
  );
  return { mayLeave, mustStay: waiting.filter((track) => !mayLeave.includes(track)) };
}

/** Jobs that wait for nothing, but were written with others that do. One whose write a failure would undo has to hear of it. */
function listIdle(batch: Batch, snapshot: Snapshot): Track[] {
  return unsettled(batch).filter(
    (track) =>
      track.wrote &&
      !isCarrier(track.job.target) &&
      track.job.target.deployment.onFailure !== "restore" &&
      findProblem(batch, track, { snapshot, failure: undefined }) === undefined,
  );
}

function decide({ door }: Batch, mayLeave: readonly Track[]): ReturnType<typeof decideWaiting> {
  const areRemovals = mayLeave.every(({ job }) => job.rules.destroy !== undefined);
  return decideWaiting(door.outlook(Math.max(0, mayLeave.length - 1)), areRemovals);
}

/** The most patient one stays. */
function allButOne(tracks: readonly Track[]): Track[] {
  const patience = ({ job }: Track) => job.target.deployment.timeoutMs;
  const longest = Math.max(...tracks.map(patience));
  const staying = tracks.find((track) => patience(track) === longest);
  return tracks.filter((track) => track !== staying);
}

function answer(batch: Batch, track: Track, { snapshot, position }: LeaveInput): void {
  // What the answer of a write shows is not always what runs.
  const { target, owesDeployment } = track.job;
  const isOwed = track.wrote || (owesDeployment && !target.capabilities.writeDeploys);
  const status = isOwed || !isLive(track, snapshot) ? "written-not-live" : "succeeded";
  const isLeft = status === "written-not-live" && isCarrier(target);
  const outcome = makeOutcome({ batch, track }, { snapshot, status, problem: undefined, isLeft, position });
  batch.results.set(track.asked, { status: "fulfilled", value: outcome });
  batch.door.answer(track.asked, outcome);
}
