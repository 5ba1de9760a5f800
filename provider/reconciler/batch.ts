// Pure but for the tracks it fills in: the jobs of one write, their drafts, their ledgers and their ends.

import { afterEdits, listEdits } from "../core/edits.js";
import { commitLedger, type EditOutcome } from "../core/commitment.js";
import { type Decision } from "../core/decision.js";
import { type Edit, type Ledger, type LiveEntry, type Place, placeName } from "../core/entry.js";
import { type Claim } from "../core/claims.js";
import { ledgerPlaces } from "../core/ledger.js";
import type { Change, Plan } from "../core/plan.js";
import { type Problem, listProblems, SecretSyncError } from "../errors.js";
import type { Halt, Receipt, Snapshot, Target } from "../destinations/destination.js";
import type { Job, Outcome } from "./job.js";
import { findUnfinished, planSync } from "./planning.js";

export type Results = Map<Job, PromiseSettledResult<Outcome>>;

/** One job on its way through the loop. */
export interface Track {
  readonly job: Job;
  ledger: Ledger;
  /** The first plan that wrote, else the last one. */
  plan: Plan;
  wrote: boolean;
  /** A deployment was started, or should have been, for what this job wrote now or earlier. */
  ordered: boolean;
  deploymentId: string | undefined;
  /** Places that this job or an earlier run removed; they may still run. */
  removed: readonly Place[];
  /** The ledger before the last write. */
  earlier: Ledger;
  /** What the running deployment lacks was sent again, and the vendor found nothing new in it. */
  stale: boolean;
  /** The last write was undone after its deployment failed. */
  restored: boolean;
}

export interface Batch {
  readonly target: Target;
  readonly tracks: Track[];
  readonly results: Results;
  /** Set when a write went out and nobody knows whether it arrived. */
  unconfirmed: Problem | undefined;
  /** Set when a write is stored and a person has to look at what it may have replaced. */
  doubt: Problem | undefined;
}

export interface Drafted {
  readonly track: Track;
  readonly plan: Plan;
  readonly edits: readonly Edit[];
}

export function openBatch(jobs: readonly Job[]): Batch {
  const [first] = jobs;
  if (first === undefined) throw new Error("a batch needs a job");
  return {
    target: first.target,
    tracks: jobs.map(openTrack),
    results: new Map(),
    unconfirmed: undefined,
    doubt: undefined,
  };
}

/** Jobs that arrived later and go on from here with the others. */
export function join(batch: Batch, jobs: readonly Job[]): void {
  batch.tracks.push(...jobs.map(openTrack));
}

function openTrack(job: Job): Track {
  return {
    job,
    ledger: job.ledger,
    plan: [],
    wrote: false,
    ordered: false,
    deploymentId: undefined,
    removed: job.removed,
    earlier: job.ledger,
    stale: false,
    restored: false,
  };
}

/** The jobs that have no answer yet. */
export function unsettled(batch: Batch): Track[] {
  return batch.tracks.filter(({ job }) => !batch.results.has(job));
}

/** How long the most patient job waits for a deployment, in milliseconds. */
export function longestWait(batch: Batch): number {
  return Math.max(...batch.tracks.map(({ job }) => job.target.deployment.timeoutMs));
}

/** Plans job after job, each against the target as the earlier ones will leave it. A job with problems leaves the batch. */
export function draftAll(batch: Batch, snapshot: Snapshot): Drafted[] {
  const drafts: Drafted[] = [];
  const claims: Claim[] = [];
  for (const track of unsettled(batch)) {
    const { job } = track;
    const live = drafts.reduce<readonly LiveEntry[]>(
      (entries, { edits }) => afterEdits(entries, edits),
      job.target.read(snapshot, job.salt, track.ledger),
    );
    const { plan, ledger, problems } = judge(track, { snapshot, live, claims });
    track.ledger = ledger;
    if (problems.length > 0) {
      conclude(batch, track, { snapshot, problems });
      continue;
    }
    claims.push({ owner: job.owner, places: job.desired.entries });
    const edits = listEdits(plan, {
      desired: job.desired,
      ledger: track.ledger,
      place: (key) => job.target.place(key),
    });
    const draft = { track, plan, edits };
    if (!track.wrote) track.plan = plan;
    // Without a write the ledger still changes: places that are gone or were taken over are forgotten.
    if (edits.length === 0) track.ledger = ledgerAfter(draft, { before: snapshot, after: snapshot });
    drafts.push(draft);
  }
  return drafts;
}

function judge(
  { job, ledger, wrote, stale, removed }: Track,
  { snapshot, live, claims }: { snapshot: Snapshot; live: readonly LiveEntry[]; claims: readonly Claim[] },
): Decision {
  const { target, desired } = job;
  // Pruning belongs to the first write: what appears afterwards is somebody's new key.
  const rules = { ...job.rules, overwrite: job.rules.overwrite && !wrote };
  const heals = wrote || stale ? undefined : removed;
  const all = [...job.claims(), ...claims];
  return planSync({ target, desired, ledger, snapshot, live, rules, claims: all, removed: heals });
}

/** Whether what runs now holds what this job has stored, also what it removed, or nothing is known against it. */
export function isLive({ ledger, removed }: Track, { notLive }: Snapshot): boolean {
  if (notLive === undefined || notLive.size === 0) return true;
  return ![...ledgerPlaces(ledger), ...removed].some((place) => notLive.has(placeName(place)));
}

/** Writes down what the write did. Without a receipt the outcome is unknown, and every touched place stays ours. */
export function commit(
  writers: readonly Drafted[],
  { before, receipt }: { before: Snapshot; receipt: Receipt | undefined },
): void {
  const outcome = readOutcomes(receipt?.halt);
  for (const draft of writers) {
    const { track, edits } = draft;
    track.earlier = track.ledger;
    track.stale ||= receipt?.changed === false && draft.plan.some(isNotLive);
    track.ledger = ledgerAfter(draft, { before, after: receipt?.snapshot, outcome });
    track.wrote ||= (receipt?.changed ?? true) && edits.some((edit) => outcome(edit) !== "not-sent");
    track.removed = removedAfter(track.removed, edits);
    track.deploymentId = receipt?.deploymentId ?? track.deploymentId;
  }
}

function removedAfter(removed: readonly Place[], edits: readonly Edit[]): Place[] {
  const touched = new Set(edits.map(placeName));
  const gone = edits.filter(({ action }) => action === "remove").map(({ slot, key }) => ({ slot, key }));
  return [...removed.filter((place) => !touched.has(placeName(place))), ...gone];
}

/** Ends the jobs that a halted write left incomplete. The others go on. */
export function concludeHalted(
  batch: Batch,
  writers: readonly Drafted[],
  { halt, snapshot }: { halt: Halt; snapshot: Snapshot },
): void {
  const outcome = readOutcomes(halt);
  for (const { track, edits } of writers) {
    if (edits.some((edit) => outcome(edit) !== "done")) conclude(batch, track, { snapshot, problems: [halt.problem] });
  }
}

function readOutcomes(halt: Halt | undefined): (place: Place) => EditOutcome {
  if (halt === undefined) return () => "done";
  const done = new Set(halt.done.map(placeName));
  const unknown = new Set(halt.unknown.map(placeName));
  return (place) => {
    const name = placeName(place);
    return done.has(name) ? "done" : unknown.has(name) ? "unknown" : "not-sent";
  };
}

function ledgerAfter(
  { track, plan }: Drafted,
  {
    before,
    after,
    outcome,
  }: { before: Snapshot; after: Snapshot | undefined; outcome?: (place: Place) => EditOutcome },
): Ledger {
  const { job, ledger } = track;
  return commitLedger({
    plan,
    ledger,
    desired: job.desired,
    live: after && job.target.read(after, job.salt),
    recognised: after && job.target.read(after, job.salt, ledger),
    prior: (place) => (job.rules.keepPrior === false ? undefined : job.target.remember(before, place)),
    keepsEqual: job.rules.keepPrior === true,
    ...(outcome === undefined ? {} : { outcome }),
  });
}

/** Ends these jobs with an error: nothing of theirs was written this time. */
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

/** A job that wrote before keeps its ledger, whatever came after. */
function conclude(batch: Batch, track: Track, { snapshot, problems, error }: JobEnd): void {
  const [problem] = problems;
  if (track.wrote) {
    batch.results.set(track.job, {
      status: "fulfilled",
      value: makeOutcome(track, { snapshot, status: "failed", problem }),
    });
    return;
  }
  batch.results.set(track.job, { status: "rejected", reason: error ?? new SecretSyncError(problems) });
}

/** Ends every job that has no answer yet. `failure` concerns those that wait for a deployment. */
export function finish(batch: Batch, snapshot: Snapshot, failure?: Problem): Results {
  for (const track of unsettled(batch)) {
    const problem = findProblem(batch, track, { snapshot, failure });
    const isUnknown = track.wrote && batch.unconfirmed !== undefined;
    // What nobody saw live is not called so.
    const stored = problem || !isLive(track, snapshot) ? "written-not-live" : "succeeded";
    const status = isUnknown || track.restored ? "failed" : stored;
    batch.results.set(track.job, { status: "fulfilled", value: makeOutcome(track, { snapshot, status, problem }) });
  }
  return batch.results;
}

function findProblem(
  batch: Batch,
  track: Track,
  { snapshot, failure }: { snapshot: Snapshot; failure: Problem | undefined },
): Problem | undefined {
  const { wrote, ordered, stale, job } = track;
  const written = wrote ? (batch.unconfirmed ?? batch.doubt) : undefined;
  const lingers = findUnfinished(job.target, snapshot, track.removed).lingers;
  const waits = job.target.deployment.wait && (wrote || !isLive(track, snapshot));
  return (
    written ??
    (ordered || waits ? failure : undefined) ??
    ((stale || lingers) && !wrote ? describeStale(snapshot) : undefined)
  );
}

function isNotLive(change: Change): boolean {
  return change.action === "update" && change.because.some((reason) => reason === "not-live" || reason === "removal");
}

/** A secret gets a new ciphertext with every write, which starts a deployment; a plain value sent again is no change. */
function describeStale(snapshot: Snapshot): Problem {
  return {
    code: "deployment.stale",
    message: `the variables of ${snapshot.targetName} are stored but not live, and writing them again starts no deployment; deploy the app once in another way, then run up again`,
  };
}

function makeOutcome(track: Track, end: Pick<Outcome, "snapshot" | "status" | "problem">): Outcome {
  const { ledger, plan, wrote, deploymentId } = track;
  const removed = track.removed.filter((place) => end.snapshot.notLive?.has(placeName(place)) === true);
  return { ledger, plan, wrote, deploymentId, removed, ...end };
}
