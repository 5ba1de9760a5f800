// Pure but for the results it fills in: how jobs of a batch end.

import { type Ledger, type Place, placeName } from "../../core/entry.js";
import { ledgerPlaces, makeLedger } from "../../core/ledger.js";
import { type Problem, listProblems, SecretSyncError } from "../../errors.js";
import type { Snapshot } from "../../destinations/destination.js";
import { type Batch, type Drafted, isLive, type Results, type Track, unsettled } from "./batch.js";
import type { Outcome } from "./job.js";
import { findUnfinished } from "../planning.js";
import { isCarrier } from "./waiting.js";

/** Ends these jobs with an error: this time they have written nothing. */
export function refuse(
  batch: Batch,
  writers: readonly Drafted[],
  { snapshot, error }: { snapshot: Snapshot; error: unknown },
): void {
  for (const { track } of writers) conclude(batch, track, { snapshot, problems: listProblems(error), error });
}

interface JobEnd {
  readonly snapshot: Snapshot;
  readonly problems: readonly Problem[];
  readonly error?: unknown;
}

/** A job that has already written keeps its ledger, whatever came after. */
export function conclude(batch: Batch, track: Track, { snapshot, problems, error }: JobEnd): void {
  const [problem] = problems;
  track.job.withdraw?.(track.wrote ? track.ledger : track.job.ledger);
  if (track.wrote) {
    batch.results.set(track.asked, {
      status: "fulfilled",
      value: makeOutcome({ batch, track }, { snapshot, status: "failed", problem }),
    });
    return;
  }
  batch.results.set(track.asked, { status: "rejected", reason: error ?? new SecretSyncError(problems) });
}

/** Ends every job that has no answer yet. `failure` concerns those that wait for a deployment. */
export function finish(batch: Batch, snapshot: Snapshot, failure?: Problem): Results {
  finishTracks(batch, unsettled(batch), { snapshot, failure });
  return batch.results;
}

interface BatchEnd {
  readonly snapshot: Snapshot;
  readonly failure: Problem | undefined;
}

/** The same for some of them. */
export function finishTracks(batch: Batch, tracks: readonly Track[], end: BatchEnd): void {
  const { snapshot } = end;
  for (const track of tracks) {
    const problem = findProblem(batch, track, end);
    const isUnknown = track.unconfirmed !== undefined;
    // Only what was seen live is called live.
    const stored = problem || track.unseen || !isLive(track, snapshot) ? "written-not-live" : "succeeded";
    const status = isUnknown || track.restored ? "failed" : stored;
    const value = makeOutcome({ batch, track }, { snapshot, status, problem, position: track.unseen?.position });
    batch.results.set(track.asked, { status: "fulfilled", value });
  }
}

/** What keeps a job from success. */
export function findProblem(batch: Batch, track: Track, { snapshot, failure }: BatchEnd): Problem | undefined {
  const { wrote, ordered, stale, restored, job } = track;
  const written = track.unconfirmed ?? track.doubt;
  const lingers = findUnfinished(job.target, snapshot, track.removed).lingers;
  const isAffected = ordered || restored || answersFor(batch, track, snapshot);
  return (
    written ??
    (isAffected ? (track.failure ?? failure) : undefined) ??
    ((stale || lingers) && !wrote ? describeStale(snapshot) : undefined)
  );
}

/** A job that waits answers for what it has stored, and one that takes over what others have left for that, too. */
function answersFor({ owes }: Batch, track: Track, snapshot: Snapshot): boolean {
  const { target } = track.job;
  return (target.deployment.wait && (track.wrote || !isLive(track, snapshot))) || (owes && isCarrier(target));
}

/** A secret gets a new ciphertext with every write, which starts a deployment; sending a plain value again changes nothing. */
function describeStale(snapshot: Snapshot): Problem {
  return {
    code: "deployment.stale",
    message: `the variables of ${snapshot.targetName} are stored but not live, and writing them again starts no deployment; deploy the app once in another way, then run up again`,
  };
}

interface OutcomeInput {
  readonly batch: Batch;
  readonly track: Track;
}

/**
 * The ledger with what was handed over and not taken: the claiming sync may have been refused since, or had to undo its write, or its
 * write is still to come.
 */
function takeBack({ tracks }: Batch, track: Track): Ledger {
  const { ledger, given, job } = track;
  if (given.length === 0) return ledger;
  const owned: Place[] = [
    ...job.claims().flatMap((claim) => claim.owned ?? []),
    ...tracks.flatMap((one) => ledgerPlaces(one.ledger)),
  ];
  const taken = new Set(owned.map(placeName));
  return makeLedger([...ledgerPlaces(ledger), ...given.filter((place) => !taken.has(placeName(place)))]);
}

type End = Pick<Outcome, "snapshot" | "status" | "problem" | "isLeft" | "position">;

export function makeOutcome({ batch, track }: OutcomeInput, end: End): Outcome {
  const { plan, wrote, deploymentId, notes } = track;
  const ledger = takeBack(batch, track);
  const still = (place: Place) => end.snapshot.notLive?.has(placeName(place)) === true;
  const removed = end.isLeft === true ? track.removed : track.removed.filter(still);
  return { ledger, plan, wrote, deploymentId, removed, ...(notes.length > 0 ? { notes } : {}), ...end };
}
