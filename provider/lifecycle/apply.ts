// Provider process: create and update are one path. The job goes to the target's queue; its outcome becomes state.

import type { Ledger } from "../core/entry.js";
import { deriveRevisionSalt } from "../core/fingerprint.js";
import { adoptedKeys, ledgerKeys } from "../core/ledger.js";
import { summarize } from "../core/render.js";
import { SecretSyncError } from "../errors.js";
import type { Credentials } from "../destinations/destination.js";
import { carryOutImport } from "../reconciler/importing.js";
import type { Job, Outcome } from "../reconciler/job.js";
import type { Survey } from "../reconciler/memory.js";
import type { Former } from "../reconciler/origins.js";
import type { World } from "../reconciler/world.js";
import type { Destination, SyncOptions } from "../../schema/index.js";
import { settleImport } from "./adopt.js";
import { slugify } from "./arguments.js";
import { settleRest, settleRestAfter } from "./debt.js";
import type { SyncInputs } from "./inputs.js";
import { makeRules, readOnDestroy, recallRun } from "./last-run.js";
import { PartialFailure } from "./partial-failure.js";
import { findPredecessor, recallDisabled } from "./predecessor.js";
import { reportRun } from "./report.js";
import { openRow } from "./row.js";
import { rekeyState } from "./salt.js";
import { owesDeployment, readState, recordState, type SyncState, toState, writeState } from "./state.js";
import type { KeptConnection, SyncRecord } from "./sync-record.js";
import { limitWaits } from "./timeouts.js";
import type { Properties } from "./wire.js";

/** Brings the target to what check found to be wanted. @returns the id and the complete outputs. */
export async function applySync(
  inputs: SyncInputs,
  olds: SyncState | undefined,
  world: World,
): Promise<{ id: string; outs: Properties }> {
  const { urn } = inputs;
  if (!inputs.isEnabled) {
    return stateOfDisabled(inputs, olds ?? recallDisabled(inputs, world), urn);
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
  const { before, outcome } = await row.while(() => settleRestAfter(write, step, world));
  if (outcome.problem !== undefined) world.arrivals.fail(urn);
  const rest = await settleRest(step, world);
  const { isFirst } = recallRun(before);
  await reportRun(outcome, { urn, survey, isFirst, hasWaited: row.hasWaited() }, world);
  const state = makeState({ inputs, before, outcome, survey }, world);
  const id = findId(inputs, state);
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

/** To the delete of what is replaced, which follows: everything is taken over, or this is what the new one has begun with. */
function tellSuccession({ urn, before, state }: Succession, { memory }: World): void {
  if (before === undefined) memory.keepRecorded(urn, { outputs: recordState(state) });
  else memory.handOver(urn, before.targetId);
}

/** An earlier call has told that there is a resource to replace, and may have told half of it. */
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

/** A new sync may turn out to be the replacement of one that wrote what it meets at the target. */
async function reconcile(input: ApplyInput, world: World): Promise<Reconciled> {
  const { survey, urn } = input;
  const job = makeJob(input, world);
  if (input.before !== undefined) return { before: input.before, outcome: await world.queue.enqueue(job) };
  let before: SyncState | undefined;
  const recall = async () => {
    before = await findPredecessor({ urn, survey, targetId: await survey.target.resolve() }, world);
    return before && makeJob({ ...input, before }, world);
  };
  const outcome = await world.queue.enqueue({ ...job, recall });
  return { before, outcome };
}

interface ApplyInput {
  readonly before: SyncState | undefined;
  readonly survey: Survey;
  readonly urn: string;
  /** How long it may wait; undefined where the destination's own limit counts. */
  readonly timeoutMs: number | undefined;
  /** Live status while waiting. */
  readonly report: (status: string) => void;
}

function makeJob({ before, survey, urn, timeoutMs, report }: ApplyInput, world: World): Job {
  const { desired, owner, options, environment, importing } = survey;
  const target = limitWaits(survey.target, timeoutMs);
  const lastRun = recallRun(before);
  return {
    owner,
    target,
    desired,
    ledger: lastRun.ledger,
    removed: lastRun.removed,
    rules: makeRules({ options, environment, lastRun, imported: importing?.decision }),
    // What stands at the target was written down with the salt of the record, whatever this run's is.
    salt: before?.record.salt ?? deriveRevisionSalt(survey.salt),
    owesDeployment: before !== undefined && owesDeployment(before),
    claims: () => world.memory.claimsOfOthers(urn),
    formers: () => listFormers(urn, world),
    withdraw: () => world.memory.judgeClaim(urn, false),
    confirm: async () => {
      for (const { source, secrets, credentials } of survey.sources)
        await world.confirmSource(source, secrets, credentials);
    },
    report,
  };
}

/** What an import has found and no update has followed is nobody's yet. */
function listFormers(urn: string, { memory }: World): Former[] {
  return memory.recordedOthers(urn).flatMap(({ outputs }) => {
    const state = outputs && readState(outputs);
    if (state === undefined || state.record.imported === true) return [];
    const { targetId, record } = state;
    return [{ targetId, salt: record.salt, ledger: record.ledger }];
  });
}

interface StateInput {
  readonly inputs: SyncInputs;
  readonly before: SyncState | undefined;
  readonly outcome: Outcome;
  readonly survey: Survey;
}

function makeState({ inputs, before, outcome, survey }: StateInput, world: World): SyncState {
  const { snapshot, ledger, status, wrote, problem } = outcome;
  const now = new Date(world.clock.now()).toISOString();
  // A write counts whether or not it went live: `version` and the least time between two deployments go by it.
  const syncedNow = wrote || (problem === undefined && before?.lastSyncedAt === undefined);
  return toState({
    syncStatus: status,
    lastSyncedAt: syncedNow ? now : before?.lastSyncedAt,
    lastSyncMessage: describeRun(outcome, survey),
    lastDeploymentId: outcome.deploymentId ?? before?.lastDeploymentId,
    version: (before?.version ?? 0) + (wrote ? 1 : 0),
    managedKeys: ledgerKeys(ledger),
    adoptedKeys: adoptedKeys(ledger),
    origins: survey.desired.origins,
    targetId: snapshot.targetId,
    targetName: snapshot.targetName,
    targetUrl: snapshot.targetUrl,
    drift: [],
    __left: outcome.isLeft === true ? true : undefined,
    record: {
      ...makeRecord(inputs, {
        salt: before?.record.salt,
        ledger,
        address: survey.target.addressOf(snapshot.targetId),
        options: survey.options,
        credentials: survey.credentials,
        deleteTimeoutMs: survey.timeouts.delete,
      }),
      ...(problem === undefined ? {} : rememberFirst({ before, survey })),
      ...rememberOpenEnds(outcome),
    },
  });
}

/** Until a first run has succeeded, what it may take over must outlive it: its import is not made again. */
function rememberFirst({
  before,
  survey,
}: Pick<StateInput, "before" | "survey">): Pick<SyncRecord, "agreed" | "isFirst"> {
  const agreed = survey.importing?.decision.agreed ?? before?.record.agreed;
  return { agreed, isFirst: recallRun(before).isFirst ? true : undefined };
}

/** What is stored and was not seen live. */
function rememberOpenEnds({ removed, position }: Outcome): Pick<SyncRecord, "removed" | "leftAt"> {
  return { removed: removed.length === 0 ? undefined : removed, leftAt: position };
}

function describeRun({ problem, plan, status }: Outcome, survey: Survey): string {
  if (problem !== undefined) return problem.message;
  const live = status === "written-not-live" ? ["stored, not seen live yet"] : [];
  return [...describeImport(survey), summarize(plan, "done"), ...live].join(", ");
}

function describeImport({ importing }: Survey): string[] {
  const count = importing?.decision.imports.length ?? 0;
  return count === 0 ? [] : [`${count} imported into the source`];
}

interface Recorded {
  /** Of revisions, where it was kept before. */
  readonly salt: string | undefined;
  readonly ledger: Ledger;
  readonly address: Destination;
  readonly options: SyncOptions;
  /** Left out where nothing will be asked of the destination without the program. */
  readonly credentials?: Credentials | undefined;
  readonly deleteTimeoutMs?: number | undefined;
}

function makeRecord(inputs: SyncInputs, recorded: Recorded): SyncRecord {
  const { salt, ledger, address, options, credentials, deleteTimeoutMs } = recorded;
  return {
    salt: salt ?? deriveRevisionSalt(inputs.salt ?? ""),
    inputs: inputs.digest,
    naming: inputs.naming,
    ledger,
    address,
    isEnabled: inputs.isEnabled,
    onDestroy: readOnDestroy(options),
    connection: credentials && keepConnection(credentials),
    deleteTimeoutMs,
  };
}

function keepConnection({ app, fields, baseUrl }: Credentials): KeptConnection {
  const credentials = Object.fromEntries([...fields].map(([field, value]) => [field, value.reveal()]));
  return { app, credentials, baseUrl };
}

/** A disabled sync keeps what it owns and touches nothing; the new inputs are recorded. */
function stateOfDisabled(
  inputs: SyncInputs,
  before: SyncState | undefined,
  urn: string,
): { id: string; outs: Properties } {
  const record: SyncRecord = {
    ...makeRecord(inputs, {
      salt: before?.record.salt,
      ledger: before?.record.ledger ?? {},
      address: before?.record.address ?? (inputs.destination as Destination),
      options: inputs.options,
    }),
    isEnabled: false,
    ...(before === undefined ? {} : inherit(before)),
  };
  const state: SyncState = {
    ...before,
    syncStatus: "disabled",
    lastSyncMessage: "disabled: nothing is read, written or removed",
    version: before?.version ?? 0,
    managedKeys: before?.managedKeys ?? [],
    targetId: before?.targetId ?? "",
    drift: [],
    record,
  };
  return { id: findId(inputs, state), outs: writeState(state, urn) };
}

/** What the next run that is enabled has to know of the last one that was, or of an import. */
function inherit(before: SyncState): Partial<SyncRecord> {
  const { removed, naming, isFirst, agreed, imported } = before.record;
  return { removed, naming, isFirst, agreed, imported, isOwed: owesDeployment(before) ? true : undefined };
}

/** Of the resource's name: the one of the arguments may be a secret, and an id is none. */
function findId({ resourceName }: SyncInputs, state: SyncState): string {
  return [state.record.address.type, state.targetId, slugify(resourceName)].filter((part) => part !== "").join("/");
}

/** Check and write happen in one process; if the values are not here, guessing is out of the question. */
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
