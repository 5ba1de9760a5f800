// Provider process: the one plan of a resource before its write, every reason why it must not happen, and what to report about it.
// `check` calls it for a new sync, and `diff`, which has the ledger, for every other one.

import { announcePlan } from "../../core/announcement.js";
import type { Claim } from "../../core/claims.js";
import type { Decision, Rules } from "../../core/decision.js";
import { type LiveEntry, placeName } from "../../core/entry.js";
import { digest } from "../../core/fingerprint.js";
import { isIn } from "../../core/ledger.js";
import { explainConflict, renderImports } from "../../core/imports.js";
import { changesToWrite, findDrift, type Plan } from "../../core/plan.js";
import { nameSome } from "../../core/policy.js";
import { countKeys } from "../../core/render.js";
import { findIdleOverrides } from "../../core/preflight.js";
import { type Problem, listProblems } from "../../errors.js";
import type { ImportInput } from "../../reconciler/imports/import-order.js";
import { rehearseImport } from "../../reconciler/imports/importing.js";
import type { Survey } from "../../reconciler/memory.js";
import { planSync } from "../../reconciler/planning.js";
import type { World } from "../../reconciler/world.js";
import { claimRecorded, dependsOnOthers } from "../state/formers.js";
import { type LastRun, makeRules } from "../state/last-run.js";
import { lookAround } from "../replacement/predecessor.js";
import { probeWrite } from "./probing.js";

export interface PreviewInput {
  readonly urn: string;
  readonly survey: Survey;
  readonly lastRun: LastRun;
  /** The live entries as this sync sees them; none without a look. */
  readonly live: readonly LiveEntry[];
}

/** What a run would do, after a look into state if that matters to the plan. A plan with problems must not be written. */
export async function previewInformed(input: PreviewInput, world: World): Promise<Decision> {
  const { survey, lastRun } = input;
  const { options, environment, importing } = survey;
  const rules = makeRules({ options, environment, lastRun, imported: importing?.decision });
  const decision = previewSync({ ...input, rules }, world);
  if (!dependsOnOthers(decision, input.live)) return decision;
  await lookAround(survey.stack, world);
  const targetId = survey.snapshot?.targetId;
  // Others may have come meanwhile, so that it is planned again in any case.
  return previewSync(
    { ...input, rules },
    world,
    claimRecorded({ ...input, targetId, overwrite: rules.overwrite }, world),
  );
}

/** @param known what state says that others own */
function previewSync(input: PreviewInput & { rules: Rules }, world: World, known: readonly Claim[] = []): Decision {
  const { urn, survey, lastRun, live, rules } = input;
  const { target, desired, snapshot, importing } = survey;
  const decision = planSync({
    target,
    desired,
    snapshot,
    live,
    ledger: lastRun.ledger,
    rules,
    claims: [...world.memory.claimsOfOthers(urn), ...known],
    removed: lastRun.removed,
  });
  const problems = [...decision.problems, ...explainImport(importing, decision.plan)];
  if (problems.length === 0 && snapshot !== undefined && writes(decision)) problems.push(...snapshot.obstacles);
  // Without a look nothing speaks against it yet.
  if (problems.length > 0) world.memory.limitClaim(urn, isIn(lastRun.ledger));
  else if (snapshot !== undefined) world.memory.acceptClaim(urn, isIn(lastRun.ledger));
  return { ...decision, problems };
}

/** Whether a plan changes anything at the target: only then is there anything to ask before. */
export function writes({ plan }: Pick<Decision, "plan">): boolean {
  return changesToWrite(plan).length > 0;
}

/**
 * Asks the destination about a plan without problems, in a preview, and reports what forbids nothing. It needs to know whether this is a
 * preview, so a host that learns so only from the write comes here with the write.
 *
 * @returns why the write would fail
 */
export async function confirmPlan(
  decision: Decision,
  { input, isPreview }: { input: PreviewInput; isPreview: boolean },
  world: World,
): Promise<readonly Problem[]> {
  const refusals = isPreview ? await findRefusals(decision, input, world) : [];
  if (refusals.length === 0) await advise(decision.plan, input, world);
  return refusals;
}

/** Why the requested import could not solve a conflict. */
function explainImport(importing: ImportInput | undefined, plan: Plan): Problem[] {
  const conflicting = new Set(plan.filter(({ action }) => action === "conflict").map(({ key }) => key));
  return (importing?.decision.left ?? [])
    .filter(({ key }) => conflicting.has(key))
    .map((left) => ({ code: "import.conflict", message: explainConflict(left) }));
}

/** Reports a source that takes no import, or a write that the platform would refuse, before anything is written. */
async function findRefusals(
  { plan, ledger }: Decision,
  { urn, survey: { target, desired, snapshot, importing } }: PreviewInput,
  world: World,
): Promise<readonly Problem[]> {
  const isWritten = writes({ plan });
  if (snapshot === undefined || (!isWritten && importing === undefined)) return [];
  const rehearsal = importing === undefined ? Promise.resolve() : rehearseImport(importing, world);
  const probe = isWritten ? probeWrite({ urn, target, snapshot, plan, desired, ledger }, world) : [];
  return (await Promise.all([probe, rehearsal.then(() => [], listProblems)])).flat();
}

/** Reports what forbids nothing but should be known before a write. */
async function advise(plan: Plan, { urn, survey }: PreviewInput, world: World): Promise<void> {
  const { target, desired, snapshot } = survey;
  const idle = findIdleOverrides(target.overrides, desired);
  const lines = [
    ...(idle.length === 0 ? [] : [`destination.variables names keys that no source provides: ${nameSome(idle)}`]),
    ...warnOfPruned(plan),
    ...(snapshot === undefined ? [] : (target.advise?.(desired, snapshot, plan) ?? [])),
  ];
  if (lines.length > 0) await world.reporter.say(urn, "warning", lines);
}

/** Nothing else removes what others have made, so nobody should have to look for it among the rest of a plan. */
function warnOfPruned(plan: Plan): string[] {
  const pruned = plan.filter((change) => change.action === "delete" && change.because === "pruned");
  if (pruned.length === 0) return [];
  return [
    `overwrite-destination removes ${countKeys(pruned.length)} that this sync did not write:`,
    ...pruned.map((change) => `  ${placeName(change)}`),
  ];
}

export interface AnnounceInput {
  readonly urn: string;
  readonly survey: Survey;
  readonly isFirst: boolean;
  /** Reported after the write. */
  readonly isDone?: boolean;
}

/** One message per resource, sent once in a process: the whole plan by name. Drift makes it a warning. */
export async function announce(
  { plan, moves }: Pick<Decision, "plan" | "moves">,
  { urn, survey, isFirst, isDone = false }: AnnounceInput,
  world: World,
): Promise<void> {
  const { importing, snapshot, owner, target, desired, nameSource } = survey;
  const { skipped } = desired;
  const { wipeHint, platform } = target.capabilities;
  const imports =
    importing === undefined ? [] : renderImports(importing.decision, { origin: describeSource(importing), isDone });
  const name = snapshot?.targetName ?? (isFirst ? "the target" : owner);
  const text = announcePlan(plan, {
    target: name,
    platform,
    isFirst,
    isDone,
    nameSource,
    moves,
    imports,
    skipped,
    wipeHint,
  });
  if (text !== undefined && world.memory.isNews(urn, digest(plan)))
    await world.reporter.say(urn, findDrift(plan).length > 0 ? "warning" : "info", text.split("\n"));
}

function describeSource({ into: { source } }: ImportInput): string {
  const name = "path" in source && source.path !== undefined ? ` ${JSON.stringify(source.path)}` : "";
  return `${source.type} source${name}`;
}
