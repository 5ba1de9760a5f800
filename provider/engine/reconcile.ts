// Provider process: the only loop. observe, plan, apply once, settle, observe; it ends when the plan is empty.

import type { Clock } from "../clock.js";
import { ledgerAt } from "../core/ownership.js";
import { isAmbiguous, type Problem, problemsOf, SecretSyncError } from "../errors.js";
import type { Receipt, Snapshot } from "../destinations/destination.js";
import {
  type Batch,
  commit,
  concludeHalted,
  draftAll,
  type Drafted,
  finish,
  join,
  openBatch,
  refuse,
  type Results,
  type Track,
  unsettled,
} from "./batch.js";
import type { Job } from "./job.js";
import { putBack } from "./restoration.js";
import { settle, type Settlement } from "./settle.js";

/** A concurrent writer that drops our keys is answered by writing again, but not for ever. */
const mostWrites = 4;

/**
 * Reconciles jobs of one target and one authority with as few writes as can be: normally one. `late` gives jobs that arrived
 * meanwhile: where a deployment is a step of its own, they are written before it and share it.
 */
export async function reconcileBatch(
  jobs: readonly Job[],
  clock: Clock,
  late: () => readonly Job[] = () => [],
): Promise<Results> {
  const batch = openBatch(jobs);
  let snapshot = await batch.target.observe({ fresh: true });
  for (let writes = 0; ;) {
    const drafts = draftAll(batch, snapshot);
    const writers = drafts.filter(({ edits }) => edits.length > 0);
    if (writers.length === 0) {
      const joined = await joinLate(batch, snapshot, late);
      if (joined === undefined) return finish(batch, snapshot, await deployOrders(batch, clock));
      snapshot = joined;
      writes = 0;
      continue;
    }
    if (snapshot.obstacles.length > 0 || writes >= mostWrites) {
      const error = new SecretSyncError(writes >= mostWrites ? describeContest(snapshot) : snapshot.obstacles);
      refuse(batch, writers, { snapshot, error });
      return finish(batch, snapshot);
    }
    if (snapshot.busyWith !== undefined) {
      const later = await waitForOther(batch, { snapshot, writers, clock });
      if (later === undefined) return finish(batch, snapshot);
      snapshot = later;
      continue;
    }
    const receipt = await write(batch, writers, snapshot);
    writes += 1;
    if (receipt === undefined) return finish(batch, snapshot);
    if (receipt.halt !== undefined) concludeHalted(batch, writers, { halt: receipt.halt, snapshot: receipt.snapshot });
    const { deploymentId } = receipt;
    const failure = receipt.yielded ? undefined : await follow(batch, { deploymentId, clock });
    if (failure !== undefined)
      return finish(batch, receipt.snapshot, await putBack(batch, { writers, failure, before: snapshot, clock }));
    // The look after the write is the verification, and the first look of the next round if another writer interfered.
    snapshot = await batch.target.observe({ fresh: true }).catch(() => receipt.snapshot);
  }
}

/** One write for every job of the batch. Undefined when it failed and every writer has its answer. */
async function write(batch: Batch, writers: readonly Drafted[], snapshot: Snapshot): Promise<Receipt | undefined> {
  try {
    const receipt = await batch.target.write(
      snapshot,
      writers.flatMap(({ edits }) => edits),
    );
    if (!receipt.yielded) commit(writers, { before: snapshot, receipt });
    return receipt;
  } catch (error) {
    if (isAmbiguous(error)) {
      commit(writers, { before: snapshot, receipt: undefined });
      batch.unconfirmed = problemsOf(error)[0];
    } else refuse(batch, writers, { snapshot, error });
    return undefined;
  }
}

/**
 * Once nothing is left to write: one deployment for every job that wrote, or whose earlier write never went live, and that asks
 * for one. Undefined when it is live, when nobody waits for it, or when none is needed.
 */
async function deployOrders(batch: Batch, clock: Clock): Promise<Problem | undefined> {
  const { target } = batch;
  const tracks = ordering(batch);
  if (tracks.length === 0 || target.deploy === undefined) return undefined;
  for (const track of tracks) track.ordered = true;
  try {
    const deploymentId = await target.deploy(tracks.map(({ job }) => job.target.deployment.order));
    for (const track of tracks) track.deploymentId = deploymentId;
    return await follow(batch, { deploymentId, clock });
  } catch (error) {
    const [problem] = problemsOf(error);
    return (
      problem && { ...problem, message: `the variables are written, but no deployment was started: ${problem.message}` }
    );
  }
}

/** Before a deployment: takes in the jobs that arrived meanwhile, with a new look. Undefined when there are none. */
async function joinLate(batch: Batch, snapshot: Snapshot, late: () => readonly Job[]): Promise<Snapshot | undefined> {
  const joining = ordering(batch).length > 0 ? late() : [];
  if (joining.length === 0) return undefined;
  join(batch, joining);
  return batch.target.observe({ fresh: true }).catch(() => snapshot);
}

/** The jobs that a deployment is owed to. */
function ordering(batch: Batch): Track[] {
  return unsettled(batch).filter(({ job, wrote }) => job.target.deployment.order !== undefined && (wrote || job.heal));
}

interface Waiting {
  readonly snapshot: Snapshot;
  readonly writers: readonly Drafted[];
  readonly clock: Clock;
}

/** A deployment of somebody else ends first: a write during it would cancel it. Undefined when it did not end in time. */
async function waitForOther(batch: Batch, { snapshot, writers, clock }: Waiting): Promise<Snapshot | undefined> {
  const deploymentId = snapshot.busyWith ?? "";
  const report = (status: string) =>
    writers.forEach(({ track }) => track.job.report(`waiting before the write: ${status}`));
  const timeoutMs = longest(batch);
  try {
    const end = await settle({ target: batch.target, deploymentId, timeoutMs, report }, clock);
    if (end.state !== "timeout") return await batch.target.observe({ fresh: true });
    refuse(batch, writers, { snapshot, error: describeBusy(snapshot, timeoutMs) });
  } catch (error) {
    // Answered job by job: one that has written in an earlier round keeps its ledger.
    refuse(batch, writers, { snapshot, error });
  }
  return undefined;
}

function describeBusy(snapshot: Snapshot, timeoutMs: number): SecretSyncError {
  return new SecretSyncError({
    code: "destination.busy",
    message: `deployment ${snapshot.busyWith ?? ""} of ${snapshot.targetName} is still under way after ${Math.round(timeoutMs / 1000)} seconds, and nothing was written; run up again later`,
    retryable: true,
  });
}

/** Follows the deployment of our own write. Undefined when it is live, or when nobody waits for it. */
async function follow(
  batch: Batch,
  { deploymentId: started, clock }: { deploymentId: string | undefined; clock: Clock },
): Promise<Problem | undefined> {
  let deploymentId = started;
  const waiting = unsettled(batch).filter(({ job }) => job.target.deployment.wait);
  const report = (status: string) => waiting.forEach(({ job }) => job.report(status));
  if (waiting.length === 0) return undefined;
  try {
    while (deploymentId !== undefined) {
      const end: Settlement = await settle(
        { target: batch.target, deploymentId, timeoutMs: longest(batch), report },
        clock,
      );
      if (end.state === "done") return undefined;
      if (end.state !== "superseded") return end.problem;
      // Another deployment took over: the one that runs now carries our values, as long as the spec still does.
      const now = await batch.target.observe({ fresh: true });
      if (now.busyWith === undefined) return isLive(batch, now) ? undefined : describeCancelled(end.detail);
      deploymentId = now.busyWith;
    }
    return undefined;
  } catch (error) {
    return describeUnseen(problemsOf(error)[0]);
  }
}

/** Whether what runs now holds every entry that the batch has written, or nothing is known against it. */
function isLive(batch: Batch, now: Snapshot): boolean {
  return batch.tracks
    .filter(({ wrote }) => wrote)
    .every(({ job, ledger }) =>
      job.target.read(now, job.salt).every((entry) => entry.active !== false || ledgerAt(ledger, entry) === undefined),
    );
}

function describeCancelled(detail: string): Problem {
  return {
    code: "deployment.cancelled",
    message: `the variables are written, but ${detail} ended without going live, and what runs now has the earlier ones; run up again`,
    retryable: true,
  };
}

function describeUnseen(problem: Problem | undefined): Problem {
  return {
    code: "deployment.unseen",
    message: `the variables are written, but their deployment could not be followed: ${problem?.message ?? "no reason given"}`,
    retryable: true,
  };
}

function longest(batch: Batch): number {
  return Math.max(...batch.tracks.map(({ job }) => job.target.deployment.timeoutMs));
}

function describeContest(snapshot: Snapshot): Problem {
  return {
    code: "write.contested",
    message: `another writer keeps replacing the variables of ${snapshot.targetName}; find out who else writes there, then run up again`,
    retryable: true,
  };
}
