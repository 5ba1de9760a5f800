// Pure: what a batch that is under way may ask of the queue of its target, and tell it.

import type { Job, Outcome } from "./job.js";
import type { Outlook } from "./waiting.js";

/** A deployment of this run that nobody waits for any more, and that whoever comes next has to answer for. */
export interface Debt {
  /** Undefined where it was not seen, or is still to be ordered. */
  readonly deploymentId: string | undefined;
  /** What is to be deployed, where a write does not deploy by itself. */
  readonly orders: readonly unknown[];
}

export interface Door {
  /** Waits until those that arrive together are there. */
  gather(): Promise<void>;
  /** Hands over the jobs with the same credentials that have arrived meanwhile. */
  late(): readonly Job[];
  /** Whether a job is there that may write. */
  isCalled(): boolean;
  /** Aborted when the next job arrives. */
  call(): AbortSignal;
  /** What is still to come, once so many more steps have ended. */
  outlook(leaving: number): Outlook;
  /** Answers a job before its batch ends. */
  answer(job: Job, outcome: Outcome): void;
  /** Deployments of this run at this target: a write does not wait for them. */
  readonly own: Set<string>;
  /** What earlier batches of this run have left to whoever comes next. */
  debt: Debt | undefined;
}
