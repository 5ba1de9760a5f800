// Pure but for the tracks it fills in: the jobs of one batch on their way through the loop.

import { type Edit, type Ledger, type Place, placeName } from "../../core/entry.js";
import { ledgerPlaces, type OwnedPlace } from "../../core/ledger.js";
import type { Plan } from "../../core/plan.js";
import type { Problem } from "../../errors.js";
import type { Snapshot, Target } from "../../destinations/destination.js";
import type { Debt, Door } from "./door.js";
import type { Job, Outcome } from "./job.js";

export type Results = Map<Job, PromiseSettledResult<Outcome>>;

/** One job on its way through the loop. */
export interface Track {
  /** The job as handed in: the key of its answer. */
  readonly asked: Job;
  /** The same, with what was left by the resource that it replaces. */
  job: Job;
  /** Whether it is known if there is such a resource. */
  isRecalled: boolean;
  ledger: Ledger;
  /** What its plans have handed over to other syncs. It comes back to this one if none of them takes it in the end. */
  given: readonly OwnedPlace[];
  /** The first plan that wrote, else the last one. */
  plan: Plan;
  /** What it has adopted or forgotten without a write. */
  done: Plan;
  wrote: boolean;
  /** A deployment was started, or should have been, for what this job has written, now or earlier. */
  ordered: boolean;
  deploymentId: string | undefined;
  /** Set if no job follows the deployment that was ordered for it: the newest one before that, if known. */
  unseen: { readonly position: string | undefined } | undefined;
  /** Places that this job or an earlier run removed; they may still run. */
  removed: readonly Place[];
  /** The ledger before the last write. */
  earlier: Ledger;
  /** What the running deployment lacks was sent again; if nothing was written by that, the vendor saw no change. */
  stale: boolean;
  /** The last write was undone after its deployment failed, or may have been. */
  restored: boolean;
  /** Set when its write was sent but may not have arrived. */
  unconfirmed: Problem | undefined;
  /** How its deployment failed, in words for this job alone. */
  failure: Problem | undefined;
  /** Names of places that showed a different value right after a write. */
  overtaken: ReadonlySet<string>;
  /** What a person should know about its keys. */
  notes: readonly string[];
  /** Set when its write is stored but a person has to check what it may have replaced. */
  doubt: Problem | undefined;
}

export interface Batch {
  readonly target: Target;
  readonly tracks: Track[];
  readonly results: Results;
  readonly door: Door;
  /** The deployment of the last write, until it ends. */
  following: Pick<Debt, "deploymentId"> | undefined;
  /** What the failure of that deployment would undo. */
  readonly undoable: Undoable[];
  /** It is responsible for what other jobs have left, of its own or of earlier batches of the run, whatever it writes itself. */
  owes: boolean;
}

/** A write, and the target as it was before. */
export interface Undoable {
  readonly draft: Drafted;
  readonly before: Snapshot;
}

export interface Drafted {
  readonly track: Track;
  readonly plan: Plan;
  readonly edits: readonly Edit[];
  /** Names of the places that this plan hands over to another sync. */
  readonly handedOver: ReadonlySet<string>;
}

export function openBatch(jobs: readonly Job[], door: Door): Batch {
  const [first] = jobs;
  if (first === undefined) throw new Error("a batch needs a job");
  return {
    target: first.target,
    tracks: jobs.map(openTrack),
    results: new Map(),
    door,
    following: undefined,
    undoable: [],
    owes: false,
  };
}

/** Adds jobs that arrived later and go on from here with the others. */
export function join(batch: Batch, jobs: readonly Job[]): void {
  batch.tracks.push(...jobs.map(openTrack));
}

/** Starts a job anew with what another resource has left. */
export function goOnFrom(track: Track, former: Job): void {
  Object.assign(track, { ...openTrack(former), asked: track.asked });
}

function openTrack(job: Job): Track {
  return {
    asked: job,
    job,
    isRecalled: job.recall === undefined,
    ledger: job.ledger,
    given: [],
    plan: [],
    done: [],
    wrote: false,
    ordered: false,
    deploymentId: undefined,
    unseen: undefined,
    removed: job.removed,
    earlier: job.ledger,
    stale: false,
    restored: false,
    overtaken: new Set(),
    notes: [],
    unconfirmed: undefined,
    failure: undefined,
    doubt: undefined,
  };
}

/** The jobs that have no answer yet. */
export function unsettled(batch: Batch): Track[] {
  return batch.tracks.filter(({ asked }) => !batch.results.has(asked));
}

/** How long the most patient remaining job waits for a deployment, in milliseconds. */
export function longestWait(batch: Batch): number {
  return Math.max(...unsettled(batch).map(({ job }) => job.target.deployment.timeoutMs));
}

/** Whether everything that this job stored or removed is live, as far as is known. */
export function isLive({ ledger, removed }: Track, { notLive }: Snapshot): boolean {
  if (notLive === undefined || notLive.size === 0) return true;
  return ![...ledgerPlaces(ledger), ...removed].some((place) => notLive.has(placeName(place)));
}
