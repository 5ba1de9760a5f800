// Provider process: create and update are one path. The job goes to the target's queue; its outcome becomes state.

import { deriveRevisionSalt } from "../core/fingerprint.js";
import { isIn } from "../core/ledger.js";
import { SecretSyncError } from "../errors.js";
import { carryOutImport } from "../reconciler/imports/importing.js";
import type { Job, Outcome } from "../reconciler/batch/job.js";
import type { Survey } from "../reconciler/memory.js";
import type { World } from "../reconciler/world.js";
import { settleImport } from "./state/settled-import.js";
import { isStillOwed } from "./deployments/carried.js";
import { settleRest, settleRestAfter } from "./deployments/debt.js";
import { claimRecorded, listFormers } from "./state/formers.js";
import type { SyncInputs } from "./state/inputs.js";
import { makeRules, recallRun } from "./state/last-run.js";
import { disabledState, findId, nextState } from "./state/next-state.js";
import { PartialFailure } from "./engine/partial-failure.js";
import { findPredecessor, findReturned, lookAround, recallDisabled } from "./replacement/predecessor.js";
import { reportRun } from "./preview/report.js";
import { openRow } from "./engine/row.js";
import { rekeyState } from "./state/salt.js";
import { recordState, type SyncState, writeState } from "./state/state.js";
import { limitWaits } from "./arguments/timeouts.js";
import type { Properties } from "./engine/wire.js";

/** Brings the target to what check found to be desired. @returns the id and the complete outputs. */
export async function applySync(
  inputs: SyncInputs,
  olds: SyncState | undefined,
  world: World,
): Promise<{ id: string; outs: Properties }> {
  const { urn } = inputs;
  if (!inputs.isEnabled) {
    const state = disabledState(inputs, olds ?? recallDisabled(inputs, world));
    return { id: findId(inputs, state), outs: writeState(state, urn) };
  }
  const survey = world.memory.recall(urn);
  if (world.memory.isFrozen(urn)) throw unfinished(inputs);
  if (survey === undefined) throw lostValues(inputs);
  const row = openRow(urn, world);
  const { create, update } = survey.timeouts;
  const timeoutMs = inputs.timeoutMs ?? (olds === undefined ? create : update);
  const step = { urn, report: row.report };
  const write = async () => {
    const { importing } = survey;
    if (importing !== undefined) await world.queue.holdWhile(() => carryOutImport(importing, world));
    const before =
      olds === undefined
        ? await recallFormer(urn, survey, world)
        : settleImport(rekeyState(olds, survey.salt), survey.desired);
    return reconcile({ before, survey, urn, timeoutMs, report: row.report }, world);
  };
  const attempt = () =>
    write().catch((error: unknown) => {
      world.memory.limitClaim(urn, isIn(olds?.record.ledger ?? {}));
      throw error;
    });
  const { before, outcome } = await row.while(() => settleRestAfter(attempt, step, world));
  world.memory.limitClaim(urn, isIn(outcome.ledger));
  if (outcome.problem !== undefined) world.arrivals.fail(urn);
  const rest = await settleRest(step, world);
  const { isFirst } = recallRun(before);
  await reportRun(outcome, { urn, survey, isFirst, hasWaited: row.hasWaited() }, world);
  const state = nextState({ inputs, recorded: olds, before, outcome, survey, now: world.clock.now() });
  const id = findId(inputs, state);
  world.memory.keepOwned({ targetId: state.targetId, salt: state.record.salt, ledger: state.record.ledger });
  if (olds === undefined) tellSuccession({ urn, before, state }, world);
  if (outcome.problem !== undefined || rest.length > 0) {
    const failure = new SecretSyncError([outcome.problem ?? [], ...rest].flat());
    await row.fail(failure);
    throw new PartialFailure({
      id,
      properties: { ...writeState(state, urn), __provider: inputs.provider },
      problems: failure.problems,
    });
  }
  return { id, outs: writeState(state, urn) };
}

interface Succession {
  readonly urn: string;
  readonly before: SyncState | undefined;
  readonly state: SyncState;
}

/** For the delete of the replaced resource, which follows: everything is taken over, or this is what the new one began with. */
function tellSuccession({ urn, before, state }: Succession, { memory }: World): void {
  if (before !== undefined) return memory.handOver(urn, before.targetId);
  // What it has left at another target waits for its removal, and another sync may take it over meanwhile.
  const { pending = [], ...replaced } = memory.recorded(urn);
  memory.keepRecorded(urn, { outputs: recordState(state), pending: [...pending, replaced] });
}

/** An earlier call may have shown that there is a resource to replace, and perhaps only half of it. */
async function recallFormer(urn: string, survey: Survey, world: World): Promise<SyncState | undefined> {
  const { inputs, outputs } = world.memory.recorded(urn);
  if (inputs === undefined && outputs === undefined) return undefined;
  const targetId = await survey.target.resolve().catch(() => undefined);
  return findPredecessor({ urn, survey, targetId }, world);
}

interface Reconciled {
  readonly before: SyncState | undefined;
  readonly outcome: Outcome;
}

/** A new sync may turn out to replace the one that wrote what it meets at the target. */
async function reconcile(input: ApplyInput, world: World): Promise<Reconciled> {
  const { survey, urn } = input;
  const job = await makeJob(input, world);
  if (input.before !== undefined) {
    const recall = async () => void (await lookAround(survey.stack, world));
    return { before: input.before, outcome: await world.queue.enqueue({ ...job, recall }) };
  }
  let before: SyncState | undefined;
  const recall = async () => {
    before = await findReturned({ urn, survey, targetId: await survey.target.resolve() }, world);
    return before && makeJob({ ...input, before }, world);
  };
  const outcome = await world.queue.enqueue({ ...job, isNew: true, recall });
  return { before, outcome };
}

interface ApplyInput {
  readonly before: SyncState | undefined;
  readonly survey: Survey;
  readonly urn: string;
  /** How long it may wait; undefined if the destination's own limit applies. */
  readonly timeoutMs: number | undefined;
  /** Live status while waiting. */
  readonly report: (status: string) => void;
}

async function makeJob({ before, survey, urn, timeoutMs, report }: ApplyInput, world: World): Promise<Job> {
  const { desired, owner, options, environment, importing } = survey;
  const isOwed = async () => before !== undefined && isStillOwed(before, survey.target);
  const target = limitWaits(survey.target, timeoutMs);
  const lastRun = recallRun(before);
  const rules = makeRules({ options, environment, lastRun, imported: importing?.decision });
  return {
    owner,
    target,
    desired,
    ledger: lastRun.ledger,
    removed: lastRun.removed,
    rules,
    // What is at the target was recorded with the salt of the record, whatever this run's is.
    salt: before?.record.salt ?? deriveRevisionSalt(survey.salt),
    owesDeployment: await world.queue.holdWhile(isOwed),
    claims: () => [
      ...world.memory.claimsOfOthers(urn),
      ...claimRecorded(
        { urn, survey, lastRun, targetId: world.memory.targetOf(urn), overwrite: rules.overwrite },
        world,
      ),
    ],
    formers: () => listFormers(urn, world),
    withdraw: (ledger) => world.memory.limitClaim(urn, isIn(ledger)),
    confirm: async () => {
      for (const { source, secrets, credentials } of survey.sources)
        await world.confirmSource(source, secrets, credentials);
    },
    report,
  };
}

/** Check and write happen in one process; if the values are missing, nothing may be guessed. */
function lostValues({ name }: SyncInputs): SecretSyncError {
  return new SecretSyncError({
    code: "values.lost",
    message: `the provider process no longer holds the values of ${name}, and nothing was written; run up again`,
  });
}

/** The engine updates whatever ended half-way, whether or not there is a difference. */
function unfinished({ name }: SyncInputs): SecretSyncError {
  return new SecretSyncError({
    code: "ignored.computed",
    message: `the last run of ${name} ended half-way, and ignoreChanges keeps this one from ending it; take "*" out of ignoreChanges for one up`,
  });
}
