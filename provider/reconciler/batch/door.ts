// Pure: what a running batch may ask its target's queue, and report to it.

import type { Origin } from "../../core/commitment.js";
import type { Job, Outcome } from "./job.js";
import type { Outlook } from "./waiting.js";

/** A deployment of this run that no job waits for any more, and that the next batch is responsible for. */
export interface Debt {
  /** Undefined if it was not seen, or is still to be ordered. */
  readonly deploymentId: string | undefined;
  /** What is to be deployed, if a write does not deploy by itself. */
  readonly orders: readonly unknown[];
  /** One of those that have left such an order waits for its deployment. */
  readonly isAwaited?: boolean;
}

export interface Door {
  /** Waits for the jobs that arrive together. */
  gather(): Promise<void>;
  /** Takes the jobs with the same credentials that have arrived meanwhile. */
  late(): readonly Job[];
  /** Whether a job that may write has arrived. */
  isCalled(): boolean;
  /** Aborted when the next job arrives. */
  call(): AbortSignal;
  /** What is still to come after so many more steps have ended. */
  outlook(leaving: number): Outlook;
  /** Answers a job before its batch ends. */
  answer(job: Job, outcome: Outcome): void;
  /** This run's own deployments at this target: a write does not wait for them. */
  readonly own: Set<string>;
  /** Origins of keys that a sync of this run has removed at this target, by place: another one may write them anew. */
  readonly vacated: Map<string, Origin>;
  /** What earlier batches of this run left to the next one. */
  debt: Debt | undefined;
}
