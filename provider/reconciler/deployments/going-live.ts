// Provider process: follows deployments until what a batch has stored is seen live, no matter who started them.

import type { Clock } from "../../clock.js";
import { firstProblem, type Problem } from "../../errors.js";
import type { Snapshot } from "../../destinations/destination.js";
import { type Batch, isLive, longestWait, unsettled } from "../batch/batch.js";
import { isRelieved } from "./leaving.js";
import { lookAfterEnd, settle, type Settlement } from "./settle.js";
import { isCarrier } from "../batch/waiting.js";

/** How a deployment that was followed ended. The look is the one that showed it live. */
export interface End {
  readonly problem?: Problem | undefined;
  /** The way back for a sync that does not put the earlier entries back itself. */
  readonly wayBack?: string | undefined;
  readonly snapshot?: Snapshot | undefined;
  /** It may still be running: other jobs have come, or are known to come. */
  readonly isInterrupted?: boolean;
}

interface FollowInput {
  /** The target as the last write left it. Without it, later jobs do not interrupt. */
  readonly snapshot?: Snapshot | undefined;
  /** Jobs that have left wait for it, so whoever had it started does. */
  readonly isOwedWait?: boolean;
  readonly clock: Clock;
}

/** Follows the deployment of our own write. One that takes over carries our values as long as the spec does. */
export async function followWrite(batch: Batch, { snapshot, isOwedWait = false, clock }: FollowInput): Promise<End> {
  const { target, door } = batch;
  const waiting = unsettled(batch).filter(
    ({ job }) => job.target.deployment.wait || (isOwedWait && isCarrier(job.target)),
  );
  if (waiting.length === 0) return {};
  const report = (status: string) => waiting.forEach(({ job }) => job.report(status));
  // A pause that a later job ends without ending the wait would be no pause.
  const interruption = snapshot && {
    isOver: () => door.isCalled() || isRelieved(batch, snapshot),
    call: () => door.call(),
  };
  try {
    for (let deploymentId = batch.following?.deploymentId; ;) {
      const watch = { target, timeoutMs: longestWait(batch), report, ...interruption };
      const settlement = deploymentId === undefined ? undefined : await settle({ ...watch, deploymentId }, clock);
      const end = await findEnd(batch, { deploymentId, settlement }, clock);
      if (typeof end !== "string") return end;
      deploymentId = end;
    }
  } catch (error) {
    return { problem: describeUnfollowed(error) };
  }
}

interface Followed {
  readonly deploymentId: string | undefined;
  readonly settlement: Settlement | undefined;
}

/** How it ended, or the deployment that took over. */
async function findEnd(batch: Batch, { deploymentId, settlement }: Followed, clock: Clock): Promise<End | string> {
  if (settlement?.state === "interrupted") return { isInterrupted: true };
  const isDone = settlement?.state === "done";
  if (settlement?.state === "failed") return settlement;
  if (settlement?.state === "timeout") return { problem: settlement.problem };
  // If a write does not start deployments, the end of one is all there is to know.
  if (isDone && !batch.target.capabilities.writeDeploys) return {};
  const now = await lookForLive(batch, { clock, isDone, deploymentId });
  if (now === undefined || areLive(batch, now, isDone)) return { snapshot: now };
  const { busyWith } = now;
  if (busyWith === undefined || busyWith === deploymentId) return { problem: describeEnd(settlement, deploymentId) };
  return busyWith;
}

/**
 * A deployment of an earlier run that no sync waited for, or that took too long, may still bring our values. Undefined when there is none
 * to follow; without a snapshot when it did not end.
 */
export async function followEarlier(batch: Batch, snapshot: Snapshot, clock: Clock): Promise<End | undefined> {
  const { target } = batch;
  const { busyWith: deploymentId } = snapshot;
  const listOwed = (now: Snapshot) =>
    unsettled(batch).filter((track) => track.job.target.deployment.wait && !isLive(track, now));
  const owed = listOwed(snapshot);
  if (deploymentId === undefined || owed.length === 0) return undefined;
  const report = (status: string) => owed.forEach(({ job }) => job.report(status));
  try {
    const end = await settle({ target, deploymentId, timeoutMs: longestWait(batch), report }, clock);
    if (end.state === "timeout") return { problem: end.problem };
    const isOver = (now: Snapshot) => now.busyWith !== deploymentId || listOwed(now).length === 0;
    const now = await lookAfterEnd(target, isOver, clock);
    return isOver(now) ? { snapshot: now } : { problem: describeUnseen(deploymentId) };
  } catch (error) {
    return { problem: describeUnfollowed(error) };
  }
}

interface LookInput {
  readonly clock: Clock;
  /** The deployment was seen to succeed. */
  readonly isDone: boolean;
  readonly deploymentId: string | undefined;
}

/** Looks until what was written is live, another deployment runs, or time is up. Undefined when an end was seen and a look fails. */
async function lookForLive(batch: Batch, { clock, isDone, deploymentId }: LookInput): Promise<Snapshot | undefined> {
  const isTakenOver = ({ busyWith }: Snapshot) => busyWith !== undefined && busyWith !== deploymentId;
  const isEnough = (now: Snapshot) => isTakenOver(now) || areLive(batch, now, isDone);
  try {
    return await lookAfterEnd(batch.target, isEnough, clock);
  } catch (error) {
    if (isDone) return undefined;
    throw error;
  }
}

/** What others have left is not known by place: it is live with the deployment that they left, or once all is live that is stored. */
function areLive(batch: Batch, now: Snapshot, isDone: boolean): boolean {
  const isOpen = batch.owes && !isDone && now.notLive !== undefined && now.notLive.size > 0;
  const written = unsettled(batch).filter(({ wrote }) => wrote);
  return !isOpen && written.every((track) => isLive(track, now));
}

function describeEnd(end: Settlement | undefined, deploymentId: string | undefined): Problem {
  if (end?.state !== "superseded") return describeUnseen(deploymentId);
  return {
    code: "deployment.cancelled",
    message: `the variables are written, but ${end.detail} ended without going live, and the app still runs with the earlier values; run up again`,
  };
}

function describeUnseen(deploymentId: string | undefined): Problem {
  const what =
    deploymentId === undefined
      ? "no deployment of them was started"
      : `deployment ${deploymentId} has ended and the app still runs with the earlier values`;
  return {
    code: "deployment.unseen",
    message: `the variables are written, but ${what}; check the app's deployments in the console, then run up again`,
  };
}

function describeUnfollowed(error: unknown): Problem {
  return {
    code: "deployment.unseen",
    message: `the variables are written, but their deployment could not be followed: ${firstProblem(error).message}`,
  };
}
