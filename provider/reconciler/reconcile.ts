// Provider process: the only loop. observe, plan, apply once, settle, observe; it ends when the plan is empty.

import type { Clock } from "../clock.js";
import { firstProblem, isAmbiguous, type Problem, SecretSyncError } from "../errors.js";
import type { Receipt, Snapshot } from "../destinations/destination.js";
import { type Batch, type Drafted, join, longestWait, openBatch, type Results } from "./batch/batch.js";
import { deployOrders, isOrdering, keepOrders } from "./deployments/deploying.js";
import type { Door } from "./batch/door.js";
import { commit, concludeHalted, draftAll } from "./batch/drafting.js";
import { finish, finishTracks, refuse } from "./batch/ending.js";
import { followEarlier, followWrite } from "./deployments/going-live.js";
import type { Job } from "./batch/job.js";
import { isAwaited, isShared, leaveToOthers } from "./deployments/leaving.js";
import { recallFormers } from "./batch/recalling.js";
import { putBack } from "./deployments/restoration.js";
import { lookAfterEnd, settle } from "./deployments/settle.js";

/** If a concurrent writer drops our keys, they are written again, but not for ever. */
const mostWrites = 4;

/** How long a deployment that has to be ordered waits for further jobs after the last one came. */
const patienceMs = 2_000;

/** The result of a round of the loop. */
type Step =
  | { readonly kind: "again"; readonly snapshot: Snapshot; readonly writes: number }
  /** `problem` concerns the jobs that wait for a deployment. */
  | { readonly kind: "end"; readonly snapshot: Snapshot; readonly problem?: Problem | undefined };

interface Round {
  readonly snapshot: Snapshot;
  /** Writes so far. */
  readonly writes: number;
  readonly clock: Clock;
}

/**
 * Reconciles jobs of one target and one set of credentials with as few writes as possible: normally one. Jobs that come through the door
 * while a deployment is followed or about to start are written at once, and share the last deployment.
 */
export async function reconcileBatch(jobs: readonly Job[], clock: Clock, door: Door): Promise<Results> {
  const batch = openBatch(jobs, door);
  let snapshot = await batch.target.observe({ fresh: true });
  for (let writes = 0; ;) {
    if (await recallFormers(batch, snapshot)) snapshot = await batch.target.observe({ fresh: true });
    const writers = draftAll(batch, snapshot).filter(({ edits }) => edits.length > 0);
    const round = { snapshot, writes, clock };
    const step = writers.length === 0 ? await closeRound(batch, round) : await writeRound(batch, writers, round);
    if (step.kind === "end") return finish(batch, step.snapshot, step.problem);
    ({ snapshot, writes } = step);
  }
}

/** Nothing is left to write: late jobs join, and a deployment that may bring our values is followed. */
async function closeRound(batch: Batch, round: Round): Promise<Step> {
  const { snapshot, writes, clock } = round;
  const joined = isOrdering(batch) ? await joinLate(batch, snapshot) : undefined;
  if (joined !== undefined) return { kind: "again", snapshot: joined, writes: 0 };
  takeOver(batch);
  if (batch.following !== undefined) return follow(batch, round);
  const earlier = await followEarlier(batch, snapshot, clock);
  if (earlier?.snapshot !== undefined) return { kind: "again", snapshot: earlier.snapshot, writes };
  if (earlier !== undefined) return { kind: "end", snapshot, problem: earlier.problem };
  return isOrdering(batch) ? order(batch, round) : { kind: "end", snapshot };
}

/** Takes responsibility for what earlier batches of this run stored, even if this one writes nothing itself. */
function takeOver(batch: Batch): void {
  const { door, target } = batch;
  if (door.debt === undefined || batch.following !== undefined || !isAwaited(batch)) return;
  batch.owes = true;
  if (target.capabilities.writeDeploys) batch.following = { deploymentId: door.debt.deploymentId };
}

/**
 * One write, or the wait that has to come before it. Jobs whose write is refused have their answer; the others may still need a deployment
 * of what they wrote before, so the loop goes on.
 */
async function writeRound(batch: Batch, writers: readonly Drafted[], round: Round): Promise<Step> {
  const { snapshot, writes } = round;
  if (snapshot.obstacles.length > 0 || writes >= mostWrites) {
    const error = new SecretSyncError(writes >= mostWrites ? describeContest(snapshot) : snapshot.obstacles);
    refuse(batch, writers, { snapshot, error });
    return { kind: "again", snapshot, writes };
  }
  const { busyWith } = snapshot;
  if (busyWith !== undefined && !batch.door.own.has(busyWith)) {
    return {
      kind: "again",
      snapshot: await waitForOther(batch, writers, { ...round, deploymentId: busyWith }),
      writes,
    };
  }
  // The others are planned again: their drafts assumed that this one was written.
  if (await refuseChanged(batch, writers, snapshot)) return { kind: "again", snapshot, writes };
  const receipt = await write(batch, writers, snapshot);
  if (receipt === undefined) return { kind: "again", snapshot, writes };
  if (receipt.yielded) return { kind: "again", snapshot: await lookAgain(batch, receipt.snapshot), writes: writes + 1 };
  if (receipt.halt !== undefined) concludeHalted(batch, writers, { halt: receipt.halt, snapshot: receipt.snapshot });
  for (const { track } of writers) track.doubt = receipt.problem;
  if (receipt.problem !== undefined) return { kind: "end", snapshot: receipt.snapshot, problem: receipt.problem };
  if (!batch.target.capabilities.writeDeploys)
    return { kind: "again", snapshot: await lookAgain(batch, receipt.snapshot), writes: writes + 1 };
  return follow(batch, { ...round, snapshot: receipt.snapshot });
}

/** Follows the deployment of the last write until another job does so or comes to write more. */
async function follow(batch: Batch, round: Round): Promise<Step> {
  const { snapshot, clock, writes } = round;
  const { door } = batch;
  if (!isAwaited(batch)) {
    if (door.debt !== undefined || batch.owes) door.debt = { deploymentId: batch.following?.deploymentId, orders: [] };
    batch.following = undefined;
    return { kind: "again", snapshot: await lookAgain(batch, snapshot), writes: writes + 1 };
  }
  for (;;) {
    if (!leaveToOthers(batch, { snapshot })) {
      door.debt = { deploymentId: batch.following?.deploymentId, orders: [] };
      return { kind: "end", snapshot };
    }
    const end = await followWrite(batch, { snapshot, clock });
    if (end.isInterrupted === true) {
      const joined = await joinLate(batch, snapshot);
      if (joined !== undefined) return { kind: "again", snapshot: joined, writes: 0 };
      continue;
    }
    batch.following = undefined;
    door.debt = undefined;
    const { problem, wayBack } = end;
    if (problem !== undefined) {
      await putBack(batch, { failure: problem, wayBack, clock });
      return { kind: "end", snapshot, problem };
    }
    batch.undoable.length = 0;
    batch.owes = false;
    // The look after the write is the verification, and the first look of the next round if another writer interfered.
    return { kind: "again", snapshot: end.snapshot ?? (await lookAgain(batch, snapshot)), writes: writes + 1 };
  }
}

function lookAgain({ target }: Batch, otherwise: Snapshot): Promise<Snapshot> {
  return target.observe({ fresh: true }).catch(() => otherwise);
}

/** Ends the jobs whose sources have changed. A job that has already written in this run goes on with what it wrote. */
async function refuseChanged(batch: Batch, writers: readonly Drafted[], snapshot: Snapshot): Promise<boolean> {
  const refusals = await Promise.all(
    writers.map(async (writer) => {
      const { wrote, job } = writer.track;
      const error: unknown = wrote ? undefined : await job.confirm?.().catch((reason: unknown) => reason);
      return { writer, error };
    }),
  );
  const changed = refusals.filter(({ error }) => error !== undefined);
  for (const { writer, error } of changed) refuse(batch, [writer], { snapshot, error });
  return changed.length > 0;
}

/** One write for every job of the batch. Undefined when it failed and every writer has its answer. */
async function write(batch: Batch, writers: readonly Drafted[], snapshot: Snapshot): Promise<Receipt | undefined> {
  const { vacated } = batch.door;
  try {
    const receipt = await batch.target.write(
      snapshot,
      writers.flatMap(({ edits }) => edits),
    );
    if (receipt.yielded) return receipt;
    commit(writers, { before: snapshot, receipt, vacated });
    keepUndoable(batch, writers, snapshot);
    if (batch.target.capabilities.writeDeploys) startFollowing(batch, receipt);
    return receipt;
  } catch (error) {
    if (!isAmbiguous(error)) {
      refuse(batch, writers, { snapshot, error });
      return undefined;
    }
    commit(writers, { before: snapshot, receipt: undefined, vacated });
    for (const { track } of writers) track.unconfirmed = firstProblem(error);
    finishTracks(
      batch,
      writers.map(({ track }) => track),
      { snapshot, failure: undefined },
    );
    return undefined;
  }
}

/** A write that changed nothing leaves the deployment that is under way. */
function startFollowing(batch: Batch, { deploymentId, changed }: Receipt): void {
  if (!changed && batch.following !== undefined) return;
  batch.following = { deploymentId };
  if (deploymentId !== undefined) batch.door.own.add(deploymentId);
}

/** A write that was repeated is undone to what was there before the last attempt. */
function keepUndoable({ undoable }: Batch, writers: readonly Drafted[], before: Snapshot): void {
  const again = new Set(writers.map(({ track }) => track));
  const others = undoable.filter(({ draft }) => !again.has(draft.track));
  undoable.splice(0, undoable.length, ...others, ...writers.map((draft) => ({ draft, before })));
}

/** Before a deployment starts, and while one is followed: admits the jobs that have arrived meanwhile, and looks again. */
async function joinLate(batch: Batch, snapshot: Snapshot): Promise<Snapshot | undefined> {
  const { door } = batch;
  if (!door.isCalled()) return undefined;
  await door.gather();
  join(batch, door.late());
  return lookAgain(batch, snapshot);
}

/** If a write does not deploy by itself: one deployment, once no more jobs come that would share it. */
async function order(batch: Batch, { snapshot, clock }: Round): Promise<Step> {
  const isSharing = isShared(batch, snapshot);
  const position = isSharing ? await batch.target.position?.().catch(() => undefined) : undefined;
  if (!keepOrders(batch, () => leaveToOthers(batch, { snapshot, position }))) return { kind: "end", snapshot };
  if (isSharing) await clock.sleep(patienceMs, batch.door.call());
  const joined = await joinLate(batch, snapshot);
  if (joined !== undefined) return { kind: "again", snapshot: joined, writes: 0 };
  return { kind: "end", snapshot, problem: await deployOrders(batch, clock) };
}

interface WaitInput extends Omit<Round, "writes"> {
  readonly deploymentId: string;
}

/** Waits for somebody else's deployment, which a write would cancel. When it does not end in time, the writers are refused. */
async function waitForOther(
  batch: Batch,
  writers: readonly Drafted[],
  { snapshot, clock, deploymentId }: WaitInput,
): Promise<Snapshot> {
  const report = (status: string) =>
    writers.forEach(({ track }) => track.job.report(`waiting before the write: ${status}`));
  const { target } = batch;
  const timeoutMs = longestWait(batch);
  const began = clock.now();
  const isFree = ({ busyWith }: Snapshot) => busyWith !== deploymentId;
  try {
    const end = await settle({ target, deploymentId, timeoutMs, report }, clock);
    const now = end.state === "timeout" ? undefined : await lookAfterEnd(target, isFree, clock);
    if (now !== undefined && isFree(now)) return now;
    const waitedMs = now === undefined ? timeoutMs : clock.now() - began;
    refuse(batch, writers, { snapshot, error: describeBusy(snapshot, { deploymentId, waitedMs }) });
  } catch (error) {
    // Each job gets its own answer: one that has written in an earlier round keeps its ledger.
    refuse(batch, writers, { snapshot, error });
  }
  return snapshot;
}

function describeBusy(
  { targetName }: Snapshot,
  { deploymentId, waitedMs }: { deploymentId: string; waitedMs: number },
): SecretSyncError {
  return new SecretSyncError({
    code: "destination.busy",
    message: `deployment ${deploymentId} of ${targetName} is still under way after ${Math.round(waitedMs / 1000)} seconds, and nothing was written; run up again later`,
  });
}

function describeContest(snapshot: Snapshot): Problem {
  return {
    code: "write.contested",
    message: `another writer keeps replacing the variables of ${snapshot.targetName}, which may be an interrupted earlier run that is still at work; find out who else writes there, then run up again`,
  };
}
