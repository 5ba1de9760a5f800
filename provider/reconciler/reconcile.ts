// Provider process: the only loop. observe, plan, apply once, settle, observe; it ends when the plan is empty.

import type { Clock } from "../clock.js";
import { isAmbiguous, type Problem, listProblems, SecretSyncError } from "../errors.js";
import type { Receipt, Snapshot } from "../destinations/destination.js";
import {
  type Batch,
  commit,
  concludeHalted,
  draftAll,
  type Drafted,
  finish,
  join,
  longestWait,
  openBatch,
  refuse,
  type Results,
  type Track,
  unsettled,
} from "./batch.js";
import { followEarlier, followWrite } from "./going-live.js";
import type { Job } from "./job.js";
import { putBack } from "./restoration.js";
import { settle } from "./settle.js";

/** A concurrent writer that drops our keys is answered by writing again, but not for ever. */
const mostWrites = 4;

/** What a round of the loop came to. */
type Step =
  | { readonly kind: "again"; readonly snapshot: Snapshot; readonly writes: number }
  /** `problem` concerns the jobs that wait for a deployment. */
  | { readonly kind: "end"; readonly snapshot: Snapshot; readonly problem?: Problem | undefined };

interface Round {
  readonly snapshot: Snapshot;
  /** Writes so far. */
  readonly writes: number;
  readonly clock: Clock;
  readonly late: () => readonly Job[];
}

/**
 * Reconciles jobs of one target and one set of credentials with as few writes as can be: normally one. `late` gives jobs that arrived
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
    const writers = draftAll(batch, snapshot).filter(({ edits }) => edits.length > 0);
    const round = { snapshot, writes, clock, late };
    const step = writers.length === 0 ? await closeRound(batch, round) : await writeRound(batch, writers, round);
    if (step.kind === "end") return finish(batch, step.snapshot, step.problem);
    ({ snapshot, writes } = step);
  }
}

/** Nothing is left to write. Jobs that arrived late join, and a deployment that may bring what is ours is followed. */
async function closeRound(batch: Batch, { snapshot, writes, clock, late }: Round): Promise<Step> {
  const joined = await joinLate(batch, snapshot, late);
  if (joined !== undefined) return { kind: "again", snapshot: joined, writes: 0 };
  const earlier = await followEarlier(batch, snapshot, clock);
  if (earlier?.snapshot !== undefined) return { kind: "again", snapshot: earlier.snapshot, writes };
  const problem = earlier === undefined ? await deployOrders(batch, clock) : earlier.problem;
  return { kind: "end", snapshot, problem };
}

/** One write, or the wait that has to come before it. */
async function writeRound(batch: Batch, writers: readonly Drafted[], round: Round): Promise<Step> {
  const { snapshot, clock } = round;
  if (snapshot.obstacles.length > 0 || round.writes >= mostWrites) {
    const error = new SecretSyncError(round.writes >= mostWrites ? describeContest(snapshot) : snapshot.obstacles);
    refuse(batch, writers, { snapshot, error });
    return { kind: "end", snapshot };
  }
  if (snapshot.busyWith !== undefined) {
    const later = await waitForOther(batch, { snapshot, writers, clock });
    return later === undefined ? { kind: "end", snapshot } : { kind: "again", snapshot: later, writes: round.writes };
  }
  const receipt = await write(batch, writers, snapshot);
  if (receipt === undefined) return { kind: "end", snapshot };
  if (receipt.halt !== undefined) concludeHalted(batch, writers, { halt: receipt.halt, snapshot: receipt.snapshot });
  batch.doubt = receipt.problem;
  if (batch.doubt !== undefined) return { kind: "end", snapshot: receipt.snapshot };
  const end = receipt.yielded ? {} : await followWrite(batch, receipt.deploymentId, clock);
  if (end.problem !== undefined) {
    const restoring = { writers, failure: end.problem, before: snapshot, clock };
    return { kind: "end", snapshot: receipt.snapshot, problem: await putBack(batch, restoring) };
  }
  // The look after the write is the verification, and the first look of the next round if another writer interfered.
  const now = end.snapshot ?? (await batch.target.observe({ fresh: true }).catch(() => receipt.snapshot));
  return { kind: "again", snapshot: now, writes: round.writes + 1 };
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
      batch.unconfirmed = listProblems(error)[0];
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
    return (await followWrite(batch, deploymentId, clock)).problem;
  } catch (error) {
    const [problem] = listProblems(error);
    const what = isAmbiguous(error)
      ? "it is not known whether their deployment was started"
      : "no deployment was started";
    return problem && { ...problem, message: `the variables are written, but ${what}: ${problem.message}` };
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
  return unsettled(batch).filter(
    ({ job, wrote }) => job.target.deployment.order !== undefined && (wrote || job.owesDeployment),
  );
}

interface WaitInput {
  readonly snapshot: Snapshot;
  readonly writers: readonly Drafted[];
  readonly clock: Clock;
}

/** A deployment of somebody else ends first: a write during it would cancel it. Undefined when it did not end in time. */
async function waitForOther(batch: Batch, { snapshot, writers, clock }: WaitInput): Promise<Snapshot | undefined> {
  const deploymentId = snapshot.busyWith ?? "";
  const report = (status: string) =>
    writers.forEach(({ track }) => track.job.report(`waiting before the write: ${status}`));
  const timeoutMs = longestWait(batch);
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
  });
}

function describeContest(snapshot: Snapshot): Problem {
  return {
    code: "write.contested",
    message: `another writer keeps replacing the variables of ${snapshot.targetName}, which may be an interrupted earlier run that is still at work; find out who else writes there, then run up again`,
  };
}
