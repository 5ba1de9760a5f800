// Provider process: if a write does not deploy by itself, one deployment for all jobs that ask for one.

import type { Clock } from "../../clock.js";
import { firstProblem, isAmbiguous, type Problem } from "../../errors.js";
import { type Batch, type Track, unsettled } from "../batch/batch.js";
import { followWrite } from "./going-live.js";
import { isAwaited } from "./leaving.js";

/** Whether a deployment has to be ordered for these jobs, or for earlier ones of the run. */
export function isOrdering(batch: Batch): boolean {
  return batch.target.deploy !== undefined && isAwaited(batch) && listOrders(batch).length > 0;
}

/** What is to be deployed, in the adapter's own words. */
function listOrders(batch: Batch): unknown[] {
  return [...(batch.door.debt?.orders ?? []), ...ordering(batch).map(orderOf)];
}

/** Lets jobs leave, and keeps what they ask for: whoever stays, or else the next batch, deploys it. */
export function keepOrders(batch: Batch, leave: () => boolean): boolean {
  const { door, results } = batch;
  const tracks = ordering(batch);
  const stays = leave();
  const left = tracks.filter(({ asked }) => results.has(asked));
  if (left.length > 0) {
    door.debt = {
      deploymentId: undefined,
      orders: [...(door.debt?.orders ?? []), ...left.map(orderOf)],
      isAwaited: door.debt?.isAwaited === true || left.some(({ job }) => job.target.deployment.wait),
    };
  }
  return stays;
}

/**
 * Once nothing is left to write: one deployment for all jobs that ask for one, and that wrote or whose earlier write never went live.
 * Undefined when it is live, when no job waits for it, or when none is needed.
 */
export async function deployOrders(batch: Batch, clock: Clock): Promise<Problem | undefined> {
  const { target, door } = batch;
  const orders = listOrders(batch);
  const { orders: owed = [], isAwaited: isOwedWait = false } = door.debt ?? {};
  const tracks = ordering(batch);
  if (target.deploy === undefined) return undefined;
  for (const track of tracks) track.ordered = true;
  batch.owes ||= owed.length > 0;
  const unseen = await findUnseen(batch, isOwedWait);
  // Its outcome is reported now, and the next run heals a failure: ordering it again in this run might start a second deployment.
  door.debt = undefined;
  try {
    const { deploymentId, failed } = await target.deploy(orders);
    const failures = new Map(failed.map(({ order, error }) => [order, describeUnordered(error)]));
    for (const track of tracks) {
      track.failure = failures.get(orderOf(track));
      if (track.failure === undefined) Object.assign(track, { deploymentId, unseen });
    }
    batch.following = deploymentId === undefined ? undefined : { deploymentId };
    const end = batch.following && (await followWrite(batch, { clock, isOwedWait }));
    return owed.map((order) => failures.get(order)).find((problem) => problem !== undefined) ?? end?.problem;
  } catch (error) {
    return describeUnordered(error);
  }
}

/** Undefined if a job follows what is ordered next. */
async function findUnseen(batch: Batch, isOwedWait: boolean): Promise<Track["unseen"]> {
  if (isOwedWait || unsettled(batch).some(({ job }) => job.target.deployment.wait)) return undefined;
  return { position: await batch.target.position?.().catch(() => undefined) };
}

function describeUnordered(error: unknown): Problem {
  const what = isAmbiguous(error)
    ? "it is not known whether their deployment was started"
    : "no deployment was started";
  const problem = firstProblem(error);
  return { ...problem, message: `the variables are written, but ${what}: ${problem.message}` };
}

/** The jobs that still need a deployment. */
function ordering(batch: Batch): Track[] {
  return unsettled(batch).filter((track) => orderOf(track) !== undefined && (track.wrote || track.job.owesDeployment));
}

function orderOf({ job }: Track): unknown {
  return job.target.deployment.order;
}
