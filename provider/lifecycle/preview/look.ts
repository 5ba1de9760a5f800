// Provider process: what `check` does with complete arguments: reads the sources, observes the target, and plans a new sync.

import { meetsUnclaimed } from "../../core/claims.js";
import type { Decision } from "../../core/decision.js";
import { buildDesired, type Desired, nameOrigins } from "../../core/desired.js";
import { type Place, placeName } from "../../core/entry.js";
import { mayAdopt } from "../../core/plan.js";
import { type Problem, listProblems, SecretSyncError } from "../../errors.js";
import type { Target } from "../../destinations/destination.js";
import type { ImportInput } from "../../reconciler/imports/import-order.js";
import { planImport } from "../../reconciler/imports/importing.js";
import { isCarrier } from "../../reconciler/batch/waiting.js";
import type { Survey } from "../../reconciler/memory.js";
import { type Surveyed, takeSurvey } from "../../reconciler/survey.js";
import type { World } from "../../reconciler/world.js";
import { explainAddress, explainMissing, isMissing } from "./address.js";
import type { SyncArguments } from "../arguments/arguments.js";
import { ownedKeys, type SyncInputs } from "../state/inputs.js";
import { readPriority, recallRun } from "../state/last-run.js";
import { describeLive } from "./live.js";
import { type Follower, findPredecessor, findReturned, lookUp, recallPredecessor } from "../replacement/predecessor.js";
import { announce, confirmPlan, type PreviewInput, previewInformed } from "./preview.js";
import { readState, type SyncState } from "../state/state.js";
import { areRecorded } from "../engine/wire.js";

export interface LookInput {
  readonly args: SyncArguments;
  readonly olds: SyncInputs;
  readonly salt: string;
  readonly sources: NonNullable<SyncArguments["sources"]>;
  readonly options: NonNullable<SyncArguments["options"]>;
  readonly target: Target;
}

export interface Looked {
  /** Undefined when a source could not be read. */
  readonly desired: Desired | undefined;
  readonly problems: readonly Problem[];
  /** The line about the owned entries that inputs keep. */
  readonly live?: string | undefined;
  readonly targetId?: string | undefined;
}

/** What diff and the write need stays in memory. */
export async function look(input: LookInput, world: World): Promise<Looked> {
  const { args, olds } = input;
  const [seen] = await Promise.all([survey(input, world), warnOfExposure(input, world)]);
  const problems = await explainMissing(seen.problems, input);
  if (seen.desired === undefined) return { desired: undefined, problems };
  const targetId = await findTargetId(input, seen);
  const claim = ({ entries: places }: Desired, owned?: ReadonlySet<string>) => {
    if (targetId === undefined) return;
    const barred = listBarred(places, { ...input, owned });
    world.memory.claim(args.urn, { targetId, owner: args.name, places, barred });
  };
  claim(seen.desired);
  await warnOfOtherTarget(input, seen, world);
  const live = await describeLive(input, seen, world);
  const withdraw = () => world.memory.limitClaim(args.urn, (place) => live?.places.has(placeName(place)) === true);
  try {
    const importing = (await isContinued(input, targetId, world)) ? undefined : planFirstImport(input, seen, world);
    const desired = importing === undefined ? seen.desired : addImported(input, seen, importing);
    claim(desired, live?.places);
    const kept = keep(input, { desired, snapshot: seen.snapshot, importing, live: live?.places }, world);
    const follower = { urn: args.urn, survey: kept, targetId };
    // Wrong arguments end this run, too: then no plan is announced.
    const known = [...args.problems, ...problems];
    if (isNew(olds)) problems.push(...(await previewNew(follower, { input, seen, problems: known }, world)));
    const isRefused = args.problems.length > 0 || problems.length > 0;
    // A refused check is reported as failed when it ends.
    world.arrivals.arrive(args.urn, { targetId, stage: findStage(input) });
    if (isRefused) withdraw();
    return { desired, problems, targetId, live: live?.line };
  } catch (error) {
    withdraw();
    return { desired: seen.desired, problems: [...problems, ...listProblems(error)], targetId, live: live?.line };
  }
}

/** A new sync acts; for any other, `diff` decides. */
function findStage({ olds, target }: LookInput): "resting" | "coming" | "checked" {
  if (!isCarrier(target)) return "resting";
  return isNew(olds) ? "coming" : "checked";
}

/** Until its plan is made, a sync may take from others what its arguments say, and what it owned before. */
function listBarred(places: readonly Place[], { options, olds, owned }: Barring): Place[] {
  const overwrites = isNew(olds) && options.initialSyncBehavior === "overwrite-destination";
  const keys = new Set(ownedKeys(olds));
  const owns = (place: Place) => (owned === undefined ? keys.has(place.key) : owned.has(placeName(place)));
  return places.filter((place) => !overwrites && !owns(place) && !mayAdopt(options.adoptExisting ?? false, place.key));
}

interface Barring extends LookInput {
  /** Names of the places that it owned, once known. */
  readonly owned: ReadonlySet<string> | undefined;
}

/** Runs beside the look, so that nothing waits for it. */
async function warnOfExposure({ args, sources }: LookInput, world: World): Promise<void> {
  if (!args.isPreview) return;
  const found = await Promise.all(sources.map(({ source }) => world.adviseOnSource(source)));
  const warnings = found.filter((text) => text !== undefined);
  if (warnings.length > 0) await world.reporter.say(args.urn, "warning", warnings);
}

/** A sync without keys in its inputs has never observed its target: it is new, or was disabled from the start. */
function isNew({ keys }: SyncInputs): boolean {
  return keys === undefined;
}

/** Whether a first run follows that of a replaced sync, which has already done what may be done once. */
async function isContinued({ args, olds }: LookInput, targetId: string | undefined, world: World): Promise<boolean> {
  const behavior = args.options?.initialSyncBehavior;
  if (!isNew(olds) || behavior === undefined) return false;
  await lookUp(args.urn, args.stack, world);
  const { outputs } = world.memory.recorded(args.urn);
  return targetId !== undefined && outputs !== undefined && readState(outputs)?.targetId === targetId;
}

/** An update observes the target of a new sync once, right before its write; a preview or an import has to look now. */
function survey({ args, olds, salt, sources, target, options }: LookInput, world: World): Promise<Surveyed> {
  const looksLater = args.isPreview !== true && isNew(olds) && readPriority(options) === undefined;
  const observe = args.isAddressed && !looksLater;
  const { environment, settledAt: notBefore } = args;
  const { keySchema, emptyValues } = options;
  return takeSurvey({ sources, target, observe, notBefore, keySchema, emptyValues, environment, salt }, world);
}

/** If the target cannot be resolved, the survey has reported it, or the write will. */
async function findTargetId(
  { args, target }: LookInput,
  { snapshot, problems }: Surveyed,
): Promise<string | undefined> {
  if (!args.isAddressed || snapshot !== undefined || problems.some(isMissing)) return snapshot?.targetId;
  return target.resolve().catch(() => undefined);
}

/** Checked before anything moves there, because nothing in the program says that it should. */
async function warnOfOtherTarget(input: LookInput, { snapshot }: Surveyed, world: World): Promise<void> {
  if (snapshot === undefined) return;
  const text = await explainAddress(input, snapshot);
  if (text !== undefined) await world.reporter.say(input.args.urn, "warning", text);
}

/** The first run at a target decides about an import; a target that does not exist yet has nothing to import. */
function planFirstImport(input: LookInput, { snapshot, values }: Surveyed, world: World): ImportInput | undefined {
  const { args, olds, salt, sources, options, target } = input;
  const priority = readPriority(options);
  // What was imported by its id has had no run of its own.
  if (priority === undefined || snapshot === undefined || !(isNew(olds) || olds.isImported)) return undefined;
  const claims = world.memory.claimsOfOthers(args.urn);
  const { keySchema } = options;
  const { environment } = args;
  return planImport({ priority, sources, values, target, snapshot, salt, keySchema, environment, claims }, world);
}

function addImported(
  { args: { environment }, options: { keySchema, emptyValues }, salt, target }: LookInput,
  { values: sources }: Surveyed,
  { index, decision: { values } }: ImportInput,
): Desired {
  const place = (key: string) => target.place(key);
  return buildDesired({ sources, imported: { index, values }, keySchema, emptyValues, environment, salt, place });
}

function keep(
  { args, options, salt, sources, target }: LookInput,
  seen: Pick<Survey, "desired" | "snapshot" | "importing" | "live">,
  world: World,
): Survey {
  const { name: owner, credentials, environment, isPreview, urn, stack, timeouts } = args;
  const names = sources.map(({ source }) => world.nameSource(source));
  const nameSource = nameOrigins(seen.desired, names);
  const kept: Survey = {
    owner,
    credentials,
    environment,
    isPreview,
    options,
    salt,
    stack,
    target,
    nameSource,
    sources,
    timeouts,
    ...seen,
  };
  world.memory.keep(urn, kept);
  return kept;
}

interface NewSync {
  readonly input: LookInput;
  readonly seen: Surveyed;
  readonly problems: readonly Problem[];
}

/** @returns what forbids the plan of a new sync. An update has not observed its target yet, and has nothing to report. */
async function previewNew(
  follower: Follower,
  { input, seen, problems }: NewSync,
  world: World,
): Promise<readonly Problem[]> {
  const { urn, survey: kept } = follower;
  const predecessor = recallPredecessor(follower, world);
  let planned = await planNew(follower, { seen, predecessor }, world);
  const find = predecessor === undefined ? chooseSearch(follower, { input, seen }, world) : undefined;
  if (find !== undefined) planned = await planNew(follower, { seen, predecessor: await find(follower, world) }, world);
  const { decision } = planned;
  if (decision.problems.length > 0) return decision.problems;
  const tell = async (isPreview: boolean) => {
    const refusals = await confirmPlan(decision, { input: planned.input, isPreview }, world);
    if (isPreview && refusals.length === 0 && problems.length === 0)
      await announce(decision, { urn, survey: kept, isFirst: recallPredecessor(follower, world) === undefined }, world);
    return refusals;
  };
  if (kept.isPreview !== undefined) return tell(kept.isPreview);
  world.memory.postpone(urn, async (isPreview) => {
    const found = isPreview ? (await lookAhead(input, world)).problems : await tell(false);
    if (found.length > 0) throw new SecretSyncError(found);
  });
  return [];
}

/** Either the replaced resource was checked before, or the entries at the target may be what it wrote. */
function chooseSearch(
  { urn }: Follower,
  { input: { olds }, seen: { live } }: Pick<NewSync, "input" | "seen">,
  { memory }: World,
): typeof findPredecessor | undefined {
  if (areRecorded(olds.recorded)) return undefined;
  if (meetsUnclaimed(live, memory.claimsOfOthers(urn))) return findReturned;
  return memory.recorded(urn).inputs === undefined ? undefined : findPredecessor;
}

/** The look that an update puts off until its write. Nothing has been written in a preview, so any look of this run will do. */
function lookAhead(input: LookInput, world: World): Promise<Looked> {
  return look({ ...input, args: { ...input.args, isPreview: true, settledAt: undefined } }, world);
}

interface PlanInput {
  readonly seen: Surveyed;
  readonly predecessor: SyncState | undefined;
}

interface Planned {
  readonly input: PreviewInput;
  readonly decision: Decision;
}

async function planNew(
  { urn, survey: kept }: Follower,
  { seen, predecessor }: PlanInput,
  world: World,
): Promise<Planned> {
  const { snapshot, target } = kept;
  const record = predecessor?.record;
  const live =
    record === undefined || snapshot === undefined ? seen.live : target.read(snapshot, record.salt, record.ledger);
  const input = { urn, survey: kept, lastRun: recallRun(predecessor), live };
  return { input, decision: await previewInformed(input, world) };
}
