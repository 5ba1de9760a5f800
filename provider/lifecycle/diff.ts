// Provider process: says whether there is something to do. The rule is pure; the ledger decides what drifted.

import { announcePlan } from "../core/announcement.js";
import { decide, type Decision } from "../core/decision.js";
import { ledgerAt } from "../core/ownership.js";
import { type Change, changesToWrite, driftOf, type Plan } from "../core/plan.js";
import { SecretSyncError } from "../errors.js";
import { idOf } from "../destinations/address.js";
import type { Snapshot } from "../destinations/destination.js";
import { findUnfinished } from "../engine/batch.js";
import type { Survey } from "../engine/memory.js";
import type { World } from "../engine/world.js";
import { destination as destinationSchema, syncOptions as optionsSchema } from "../../schema/index.js";
import { inputsMark } from "./inputs.js";
import { probeWrite } from "./probing.js";
import { rulesOf } from "./rules.js";
import {
  agreementOf,
  hasUnknown,
  isFirstRun,
  isUntouched,
  type Properties,
  readState,
  type SyncState,
} from "./wire.js";

export interface DiffResult {
  readonly changes?: boolean | undefined;
  readonly replaces?: string[];
}

/** What the rule looks at. */
export interface Facts {
  readonly moved: boolean;
  readonly inputsDiffer: boolean;
  /** The plan against the true ledger and the live target has something to write or to forget. */
  readonly planActs: boolean;
  /** The recorded input `live` surely differs from the new one, so the engine sees an update by itself. */
  readonly liveTells: boolean;
  readonly lastRunSucceeded: boolean;
}

/**
 * The whole rule. `undefined` lets the engine compare recorded with new inputs and print what differs; it must not be used
 * where they may be equal, because the engine would do nothing. `true` is always an update, and prints all inputs.
 * In both cases our own message names the keys that drifted.
 *
 * | moved | inputs differ | plan acts | live tells | last run succeeded | result              |
 * | ----- | ------------- | --------- | ---------- | ------------------ | ------------------- |
 * | yes   |               |           |            |                    | replace             |
 * | no    | yes           |           |            |                    | undefined: per key  |
 * | no    | no            | yes       | yes        |                    | undefined: drift    |
 * | no    | no            | yes       | no         |                    | true: drift         |
 * | no    | no            | no        |            | no                 | true: heal          |
 * | no    | no            | no        |            | yes                | false               |
 */
export function decideDiff({ moved, inputsDiffer, planActs, liveTells, lastRunSucceeded }: Facts): DiffResult {
  if (moved) return { changes: undefined, replaces: ["destination"] };
  if (inputsDiffer || (planActs && liveTells)) return { changes: undefined };
  return { changes: planActs || !lastRunSucceeded };
}

/** Compares a SecretSync's new inputs and what check saw with the outputs of the last run. */
export async function diffSync(olds: Properties, news: Properties, world: World): Promise<DiffResult> {
  const state = readState(olds);
  if (state === undefined) return { changes: undefined };
  const urn = String(news["__urn"]);
  const inputsDiffer = hasUnknown(news) || inputsMark(news) !== state.record.inputs;
  const survey = world.memory.recall(urn);
  if (news["isEnabled"] === false) return { changes: inputsDiffer ? undefined : false };
  // Without a survey this is the engine asking after a refresh, which has already written down what drifted.
  if (survey === undefined) return decideDiff(recallFacts(news, state, inputsDiffer));
  const moved = hasMoved(news, state, survey.snapshot?.targetId);
  const decision = moved ? undefined : replan(survey, { state, news, urn, world });
  if (decision && decision.problems.length > 0) throw new SecretSyncError(decision.problems);
  const { plan, moves } = decision ?? undecided;
  await refuseUnwritable(decision ?? undecided, { urn, survey, state, world });
  await announce({ plan, moves }, { urn, survey, state, world });
  const actions = acting(plan);
  const drifted = new Set(driftOf(plan));
  // Only a token that changed at a place which the line `live` covers surely changes that line.
  const covered = actions.every((change) => drifted.has(change) && ledgerAt(survey.presumed, change) !== undefined);
  const liveTells = covered && news["live"] !== state.record.live;
  // Where entries stand now has to be written down, also where nothing is written at the target.
  const planActs = actions.length + moves.length > 0;
  return decideDiff({ moved, inputsDiffer, planActs, liveTells, lastRunSucceeded: isDone(state, survey.snapshot) });
}

function recallFacts(news: Properties, state: SyncState, inputsDiffer: boolean): Facts {
  const planActs = state.drift.length > 0;
  return { moved: hasMoved(news, state), inputsDiffer, planActs, liveTells: false, lastRunSucceeded: isDone(state) };
}

/** A target that moves, or was not looked at. */
const undecided: Pick<Decision, "plan" | "moves" | "ledger"> = { plan: [], moves: [], ledger: {} };

interface Telling {
  readonly urn: string;
  readonly survey: Survey;
  readonly state: SyncState;
  readonly world: World;
}

/** Only the true plan knows of drift, and so of a write that a pinned app, a token or the platform will not let happen. */
async function refuseUnwritable(
  { plan, ledger }: Pick<Decision, "plan" | "ledger">,
  { urn, survey, world }: Telling,
): Promise<void> {
  const { snapshot, target, desired, isPreview } = survey;
  if (snapshot === undefined || changesToWrite(plan).length === 0) return;
  const probing = { urn, target, snapshot, plan, desired, ledger };
  const problems = snapshot.obstacles.length > 0 || !isPreview ? snapshot.obstacles : await probeWrite(probing, world);
  if (problems.length > 0) throw new SecretSyncError(problems);
}

/** Without a look at the target only its id tells; an id that is not known yet belongs to a target that does not exist yet. */
function hasMoved(news: Properties, state: SyncState, seen?: string): boolean {
  if (isUntouched(state)) return false;
  if (seen !== undefined) return seen !== state.targetId;
  const destination = destinationSchema.safeParse(news["destination"]);
  const id = destination.success ? idOf(destination.data) : undefined;
  return id !== undefined && id !== state.targetId;
}

/** Whether what was stored went live is seen by a look, whatever the last run had to leave open. */
function isDone({ syncStatus }: SyncState, seen?: Snapshot): boolean {
  const isSeen = syncStatus === "written-not-live" && seen?.notLive !== undefined;
  return isSeen || syncStatus === "succeeded" || syncStatus === "disabled";
}

/** What the run would write or forget. Inputs being equal, somebody else caused all of it. */
function acting(plan: Plan): Change[] {
  return [...changesToWrite(plan), ...plan.filter((change) => change.action === "forget")];
}

interface Replanning {
  readonly state: SyncState;
  readonly news: Properties;
  readonly urn: string;
  readonly world: World;
}

/** The plan of check once more, now with the true ledger. */
function replan(
  { desired, target, snapshot, environment, importing }: Survey,
  { state, news, urn, world }: Replanning,
): Decision | undefined {
  if (snapshot === undefined) return undefined;
  const options = optionsSchema.parse(news["syncOptions"] ?? {});
  return decide({
    desired,
    ledger: state.record.ledger,
    live: target.read(snapshot, state.record.salt, state.record.ledger),
    rules: rulesOf(options, {
      environment,
      isFirstRun: isFirstRun(state),
      namedBefore: state.record.naming,
      imported: importing?.decision ?? agreementOf(state),
    }),
    slots: target.slots,
    existing: snapshot.slots,
    claims: world.memory.claimsOfOthers(urn),
    keyGrammar: target.capabilities.keyGrammar,
    ...findUnfinished(target, snapshot, state.record.removed ?? []),
  });
}

/** One message per resource: the whole plan by name. Drift makes it a warning. */
async function announce(
  { plan, moves }: Pick<Decision, "plan" | "moves">,
  { urn, survey, state, world }: Telling,
): Promise<void> {
  // Of a sync that was disabled until now a preview has told its first run already, in check.
  if (survey.isPreview && isUntouched(state)) return;
  const { wipeHint } = survey.target.capabilities;
  const target = survey.snapshot?.targetName ?? survey.owner;
  const text = announcePlan(plan, { target, isFirst: false, moves, wipeHint });
  if (text !== undefined) await world.reporter.say(urn, driftOf(plan).length > 0 ? "warning" : "info", text);
}
