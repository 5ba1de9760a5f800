// Provider process: says whether there is something to do. The rule is pure; the plan is made with the ledger of the last run.

import type { Decision } from "../core/decision.js";
import { type LiveEntry, placeName } from "../core/entry.js";
import { deriveRevisionSalt } from "../core/fingerprint.js";
import { ledgerKeys } from "../core/ledger.js";
import { type Change, changesToWrite, findDrift, isRecordOnly, type Plan } from "../core/plan.js";
import { nameSome } from "../core/policy.js";
import { type Problem, SecretSyncError } from "../errors.js";
import { findId } from "../destinations/address.js";
import { isCarrier } from "../reconciler/batch/waiting.js";
import type { Survey } from "../reconciler/memory.js";
import type { World } from "../reconciler/world.js";
import { wasCarried } from "./deployments/carried.js";
import { sayHealed } from "./deployments/healing.js";
import { readInputs, type SyncInputs } from "./state/inputs.js";
import { recallRun } from "./state/last-run.js";
import { settleBehind, settleRestAfter } from "./deployments/debt.js";
import { announce, confirmPlan, type PreviewInput, previewInformed, writes } from "./preview/preview.js";
import { settleImport } from "./state/settled-import.js";
import { keepRecorded } from "./state/recorded.js";
import { openRow } from "./engine/row.js";
import { rekeyState } from "./state/salt.js";
import { isUntouched, readState, type SyncState } from "./state/state.js";
import type { Properties } from "./engine/wire.js";

export interface DiffResult {
  readonly changes?: boolean | undefined;
  readonly replaces?: string[];
  /** What would be done, for a host that can name what differs; missing if nothing was planned. */
  readonly plan?: Plan;
}

/** What the rule looks at. */
export interface Facts {
  readonly moved: boolean;
  /** The inputs are not those of the last run that acted. */
  readonly inputsDiffer: boolean;
  /** They also differ from the recorded ones, so the engine sees an update by itself. */
  readonly inputsTell: boolean;
  /** The plan against the true ledger and the live target has something to write or to forget. */
  readonly planActs: boolean;
  /** The recorded input `live` surely differs from the new one, so the engine sees an update by itself. */
  readonly liveTells: boolean;
  readonly lastRunSucceeded: boolean;
}

/**
 * The whole rule. `undefined` lets the engine compare recorded with new inputs and print what differs; it must not be used
 * if they may be equal, because the engine would do nothing. `true` is always an update, and prints all inputs.
 * In both cases our own message names the keys that drifted. What is recorded differs from what the last run acted on if somebody
 * has edited state, or if the engine was told to ignore a change.
 *
 * | moved | inputs differ | inputs tell | plan acts | live tells | last run succeeded | result              |
 * | ----- | ------------- | ----------- | --------- | ---------- | ------------------ | ------------------- |
 * | yes   |               |             |           |            |                    | replace             |
 * | no    | yes           | yes         |           |            |                    | undefined: per key  |
 * | no    | yes           | no          |           |            |                    | true                |
 * | no    | no            |             | yes       | yes        |                    | undefined: drift    |
 * | no    | no            |             | yes       | no         |                    | true: drift         |
 * | no    | no            |             | no        |            | no                 | true: heal          |
 * | no    | no            |             | no        |            | yes                | false               |
 */
export function decideDiff(facts: Facts): DiffResult {
  const { moved, inputsDiffer, inputsTell, planActs, liveTells, lastRunSucceeded } = facts;
  if (moved) return { changes: undefined, replaces: ["destination"] };
  if (inputsDiffer) return { changes: inputsTell ? undefined : true };
  if (planActs && liveTells) return { changes: undefined };
  return { changes: planActs || !lastRunSucceeded };
}

/** Compares a SecretSync's new inputs and what check saw with the outputs of the last run. */
export async function diffSync(outputs: Properties, news: SyncInputs, world: World): Promise<DiffResult> {
  const { urn } = news;
  const { memory } = world;
  const olds = readState(outputs);
  if (olds !== undefined) holdOwned(olds, news, world);
  if (memory.isFrozen(urn)) return { changes: false };
  keepRecorded(urn, { outputs }, world);
  const { inputs } = memory.recorded(urn);
  const recorded = inputs && readInputs(inputs);
  const compare = () =>
    olds === undefined ? diffUnrecorded({ news, recorded }, world) : diffRecorded(olds, { news, recorded }, world);
  const row = openRow(urn, world);
  const result = await row.while(() => settleRestAfter(compare, { urn, report: row.report }, world));
  if ((result.replaces ?? []).length > 0) keepRecorded(urn, { hasMoved: true }, world);
  await announceArrival(result, urn, world);
  return result;
}

/** The ledger also has keys that the inputs lack: kept for another sync, or by the resource that this one replaced. */
function holdOwned({ targetId, record }: SyncState, { urn, name }: SyncInputs, { memory }: World): void {
  if (record.imported !== true) memory.hold(urn, { targetId, owner: name, keys: ledgerKeys(record.ledger) });
}

/** Others wait for what this sync will write; or it turns out to be the last, and has to wait for what they have written. */
async function announceArrival({ changes, replaces = [] }: DiffResult, urn: string, world: World): Promise<void> {
  const survey = world.memory.recall(urn);
  // A replaced sync is checked again, as a new one.
  if (survey === undefined || replaces.length > 0) return;
  const acts = changes !== false && isCarrier(survey.target);
  world.arrivals.arrive(urn, { stage: acts ? "coming" : "resting" });
  if (!acts) await settleBehind({ urn, survey }, world);
}

async function diffRecorded(olds: SyncState, { news, recorded }: Compared, world: World): Promise<DiffResult> {
  const { urn } = news;
  const survey = world.memory.recall(urn);
  const state = survey === undefined ? olds : settleImport(rekeyState(olds, survey.salt), survey.desired);
  const inputsDiffer = news.hasUnknown || news.digest !== state.record.inputs;
  const inputsTell = seesChange(news, recorded);
  if (!news.isEnabled) return { changes: inputsDiffer && (inputsTell ? undefined : true) };
  const moved = hasMoved(news, state, survey?.snapshot?.targetId);
  const lastRunSucceeded = await isDone(state, { survey, inputsDiffer });
  const facts = { moved, inputsDiffer, inputsTell, lastRunSucceeded };
  // Without a survey the engine calls after a refresh, which has already recorded what drifted.
  if (survey === undefined) return decideDiff({ ...facts, planActs: state.drift.length > 0, liveTells: false });
  const isRekeyed = state.record.salt !== olds.record.salt;
  if (isRekeyed && !isUntouched(olds)) await world.reporter.say(urn, "info", rekeyed);
  const { plan, moves, beside, handedOver } = moved ? undecided : await planExisting(urn, { survey, state }, world);
  // Where entries are now, and what identifies them, has to be recorded even if nothing is written at the target.
  const planActs = acting(plan).length + moves.length + beside + handedOver.size > 0;
  await saySame({ urn, survey, facts: { ...facts, planActs }, isRekeyed }, world);
  await sayHealed({ urn, survey, state, facts, plan }, world);
  return {
    ...decideDiff({ ...facts, planActs, liveTells: isCovered(plan, survey) && seesLive(news, recorded) }),
    plan,
  };
}

function seesLive(news: SyncInputs, recorded: SyncInputs | undefined): boolean {
  return recorded !== undefined && news.live !== recorded.live;
}

/** After a refresh the engine asks with the recorded inputs, and compares them with themselves. */
function seesChange(news: SyncInputs, recorded: SyncInputs | undefined): boolean {
  return recorded === undefined || recorded.digest !== news.digest;
}

/** Only an entry that changed at a place covered by the line `live` is sure to change that line. */
function isCovered(plan: Plan, { live }: Survey): boolean {
  const drifted = new Set(findDrift(plan));
  return acting(plan).every((change) => drifted.has(change) && live?.has(placeName(change)) === true);
}

interface Compared {
  readonly news: SyncInputs;
  readonly recorded: SyncInputs | undefined;
}

/** Outputs without a record, as an edit of state leaves them: the sync owns nothing that it can prove, and starts over. */
async function diffUnrecorded({ news, recorded }: Compared, world: World): Promise<DiffResult> {
  const { urn, name } = news;
  const survey = world.memory.recall(urn);
  if (survey?.snapshot !== undefined && news.isEnabled) {
    await world.reporter.say(urn, "warning", describeLoss(name));
    const live = survey.target.read(survey.snapshot, deriveRevisionSalt(survey.salt));
    await planFrom(urn, { survey, live, lastRun: recallRun(undefined), isFirst: true }, world);
  }
  return { changes: seesChange(news, recorded) ? undefined : true };
}

function describeLoss(name: string): string {
  return `state holds no record of what ${name} wrote, so every key that is there counts as somebody else's; take them over with syncOptions.adoptExisting, or import an earlier state`;
}

interface SameInput {
  readonly urn: string;
  readonly survey: Survey;
  readonly facts: Omit<Facts, "liveTells">;
  readonly isRekeyed: boolean;
}

/** Another source with the same values, another description: the plan shows an update, and its reader wants to know what it writes. */
async function saySame({ urn, survey, facts, isRekeyed }: SameInput, world: World): Promise<void> {
  const { moved, inputsDiffer, planActs, lastRunSucceeded } = facts;
  const { length } = survey.desired.keys;
  if (survey.snapshot === undefined || length === 0 || isRekeyed) return;
  if (!inputsDiffer || moved || planActs || !lastRunSucceeded) return;
  const text = `${length === 1 ? "the value is" : `all ${length} values are`} the same, nothing is written`;
  if (world.memory.isNews(urn, text)) await world.reporter.say(urn, "info", text);
}

const rekeyed =
  "state of an earlier version: the fingerprints of this sync get a secret key with this update; nothing is written for that";

/** For a target that moves, or was not observed. */
const undecided: Existing = { plan: [], moves: [], beside: 0, handedOver: new Set() };

interface Existing extends Pick<Decision, "plan" | "moves" | "handedOver"> {
  /** Entries of ours whose keys somebody else has changed elsewhere. */
  readonly beside: number;
}

/** @throws SecretSyncError with everything that forbids the plan */
async function planExisting(
  urn: string,
  { survey, state }: { survey: Survey; state: SyncState },
  world: World,
): Promise<Existing> {
  const { target, snapshot, isPreview } = survey;
  if (snapshot === undefined) return undecided;
  const live = target.read(snapshot, state.record.salt, state.record.ledger);
  // For a sync that was disabled until now, check has already announced its first run in the preview.
  const isTold = isPreview !== false && isUntouched(state);
  const lastRun = recallRun(state);
  const decision = await planFrom(urn, { survey, live, lastRun, isFirst: isTold ? undefined : false }, world);
  const beside = live.filter(({ moved }) => moved);
  if (beside.length > 0 && acting(decision.plan).length === 0) await sayBeside({ urn, survey, beside }, world);
  if (decision.handedOver.size > 0 && acting(decision.plan).length === 0) await sayHandedOver(urn, decision, world);
  return { ...decision, beside: beside.length };
}

/** Explains the update of a sync in which nothing was changed: a key that it kept until now belongs to another one. */
async function sayHandedOver(urn: string, { handedOver }: Decision, world: World): Promise<void> {
  const text = `${nameSome([...handedOver])}: now belongs to another sync of this program; only state changes, and nothing is written`;
  if (world.memory.isNews(urn, text)) await world.reporter.say(urn, "info", text);
}

interface BesideInput {
  readonly urn: string;
  readonly survey: Survey;
  readonly beside: readonly LiveEntry[];
}

/** Explains why a run without a change of ours is an update: what is not recorded now would hide the next change of ours. */
async function sayBeside({ urn, survey: { target }, beside }: BesideInput, world: World): Promise<void> {
  const keys = [...new Set(beside.map(({ key }) => key))];
  const [{ by } = {}] = beside;
  const who = by === undefined || keys.length > 1 ? "" : ` by ${by}`;
  const text = `${nameSome(keys)} changed at ${target.capabilities.platform} where this sync has no value${who}; its own values are unchanged, only state changes, and nothing is written`;
  if (world.memory.isNews(urn, text)) await world.reporter.say(urn, "info", text);
}

interface PlanFrom extends Omit<PreviewInput, "urn"> {
  /** Undefined if the plan was already announced. */
  readonly isFirst: boolean | undefined;
}

/** @throws SecretSyncError with everything that forbids the plan */
async function planFrom(urn: string, { isFirst, ...given }: PlanFrom, world: World): Promise<Decision> {
  const input = { urn, ...given };
  const decision = await previewInformed(input, world);
  refuse(decision.problems);
  if (isFirst === undefined) return decision;
  const tell = async (isPreview: boolean) => {
    refuse(await confirmPlan(decision, { input, isPreview }, world));
    await announce(decision, { urn, survey: given.survey, isFirst }, world);
  };
  const { isPreview } = given.survey;
  // A plan that writes nothing has no write that could show whether this is a preview, and nothing to ask.
  if (isPreview === undefined && writes(decision)) world.memory.postpone(urn, tell);
  else await tell(isPreview === true);
  return decision;
}

/** @throws SecretSyncError with all of them */
function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new SecretSyncError(problems);
}

/** Without a look at the target only its id can tell; an id that is not known yet belongs to a target that does not exist yet. */
function hasMoved({ destination }: SyncInputs, state: SyncState, seen?: string): boolean {
  if (isUntouched(state)) return false;
  if (seen !== undefined) return seen !== state.targetId;
  const id = destination === undefined ? undefined : findId(destination);
  return id !== undefined && id !== state.targetId;
}

/** A look shows whether what was stored went live, whatever the last run had to leave open. */
async function isDone(
  state: SyncState,
  { survey, inputsDiffer }: { survey: Survey | undefined; inputsDiffer: boolean },
): Promise<boolean> {
  const { syncStatus } = state;
  if (syncStatus !== "written-not-live") return syncStatus === "succeeded" || syncStatus === "disabled";
  if (survey === undefined) return false;
  const { snapshot, target } = survey;
  // A sync that waits for no deployment leaves one alone that is under way, unless an update forgets to look for its end.
  return snapshot?.notLive !== undefined || wasCarried(state, target, !inputsDiffer && !target.deployment.wait);
}

/** What the run would write, record or forget. If inputs are equal, somebody else caused all of it. */
function acting(plan: Plan): Change[] {
  return [...changesToWrite(plan), ...plan.filter((change) => change.action === "forget" || isRecordOnly(change))];
}
