// Provider process: what the run would do to the target and to a source, every reason why it must not, and what to tell beforehand.

import { announcePlan } from "../core/announcement.js";
import { decide, type Decision, type Naming, type Rules } from "../core/decision.js";
import { buildDesired, type Desired } from "../core/desired.js";
import type { Ledger } from "../core/entry.js";
import { explainConflict, renderImports } from "../core/imports.js";
import { changesToWrite, type Plan } from "../core/plan.js";
import { findIdleOverrides } from "../core/preflight.js";
import { nameSome } from "../core/policy.js";
import { type Problem, problemsOf } from "../errors.js";
import type { Snapshot, Target } from "../destinations/destination.js";
import type { Importing } from "../engine/import-order.js";
import { planImport, rehearseImport } from "../engine/importing.js";
import { type Surveyed, takeSurvey } from "../engine/survey.js";
import type { World } from "../engine/world.js";
import { explainAddress, explainMissing, isMissing } from "./address.js";
import type { SyncArguments } from "./arguments.js";
import { presumeLedger, type Presumed, summarizeLive } from "./presumption.js";
import { probeWrite } from "./probing.js";
import { importPriorityOf, rulesOf } from "./rules.js";
import type { Properties } from "./wire.js";

export interface Looking {
  readonly args: SyncArguments;
  readonly olds: Properties;
  readonly salt: string;
  readonly sources: NonNullable<SyncArguments["sources"]>;
  readonly options: NonNullable<SyncArguments["options"]>;
  readonly target: Target;
}

export interface Forecast {
  /** Undefined when a source could not be read. */
  readonly desired: Desired | undefined;
  readonly problems: readonly Problem[];
  readonly live?: string;
  readonly targetId?: string | undefined;
}

/** Reads the sources, looks at the target, and decides. What the write needs stays in memory. */
export async function forecast(looking: Looking, world: World): Promise<Forecast> {
  const { args, olds } = looking;
  const looked = await survey(looking, world);
  const surveyed = { ...looked, problems: await explainMissing(looked.problems, looking) };
  const { snapshot, live } = surveyed;
  if (surveyed.desired === undefined) return { desired: undefined, problems: surveyed.problems };
  const presumed = await presumeLedger({
    olds,
    snapshot,
    live,
    desired: surveyed.desired.entries,
    openTarget: (before) => world.openTarget(before, world.findAuthority(before, args.authority)),
  });
  if (presumed.moved) await warnOfOtherTarget(looking, snapshot, world);
  const targetId = await resolveQuietly(looking, surveyed);
  const seen = { surveyed, desired: surveyed.desired, presumed, targetId };
  const importing = planFirstImport(looking, seen, world);
  if (Array.isArray(importing)) return { desired: surveyed.desired, problems: [...surveyed.problems, ...importing] };
  const outlook = judge(looking, { ...seen, importing }, world);
  const problems = [...surveyed.problems, ...outlook.problems];
  if (problems.length === 0) problems.push(...(await mayWrite(looking, outlook, world)));
  if (problems.length === 0) await tell(looking, outlook, world);
  const summary = snapshot === undefined ? {} : { live: summarizeLive(presumed.ledger) };
  return { desired: outlook.desired, problems, targetId, ...summary };
}

/** Before anything moves there: nothing in the program says that it should. */
async function warnOfOtherTarget(looking: Looking, now: Snapshot | undefined, world: World) {
  const text = await explainAddress(looking, now);
  if (text !== undefined) await world.reporter.say(looking.args.urn, "warning", text);
}

/** A new sync is observed once in the update, right before its write; the preview has to look now, and so has an import. */
function survey({ args, olds, salt, sources, target, options }: Looking, world: World): Promise<Surveyed> {
  const looksLater = !args.isPreview && olds["keys"] === undefined && importPriorityOf(options) === undefined;
  return takeSurvey(
    {
      sources,
      target,
      observe: args.isAddressed && !looksLater,
      notBefore: args.settledAt,
      keySchema: options.keySchema,
      environment: args.environment,
      salt,
    },
    world,
  );
}

/** A target that cannot be resolved was told already by the survey, or will be by the write. */
async function resolveQuietly(
  { args, target }: Looking,
  { snapshot, problems }: Surveyed,
): Promise<string | undefined> {
  if (!args.isAddressed || snapshot !== undefined || problems.some(isMissing)) return snapshot?.targetId;
  return target.resolve().catch(() => undefined);
}

interface Seen {
  readonly surveyed: Surveyed;
  readonly desired: Desired;
  readonly presumed: Presumed;
  readonly targetId: string | undefined;
}

/** The first run at a target decides about an import; a target that does not exist yet holds nothing to import. */
function planFirstImport(looking: Looking, seen: Seen, world: World): Importing | Problem[] | undefined {
  const { args, salt, sources, options, target } = looking;
  const { snapshot, values } = seen.surveyed;
  const priority = importPriorityOf(options);
  if (priority === undefined || snapshot === undefined || !isFirstRun(looking, seen)) return undefined;
  claim(looking, seen, world);
  const { keySchema } = options;
  const claims = world.memory.claimsOfOthers(args.urn);
  const { environment } = args;
  try {
    return planImport({ priority, sources, values, target, snapshot, salt, keySchema, environment, claims }, world);
  } catch (error) {
    return [...problemsOf(error)];
  }
}

function isFirstRun({ olds }: Looking, { presumed }: Pick<Seen, "presumed">): boolean {
  return olds["keys"] === undefined || presumed.moved;
}

function claim({ args }: Looking, { targetId, desired }: Pick<Seen, "targetId" | "desired">, world: World): void {
  if (targetId !== undefined) world.memory.claim(args.urn, { targetId, owner: args.name, places: desired.entries });
}

interface Outlook extends Pick<Decision, "plan" | "problems"> {
  /** With what is imported. */
  readonly desired: Desired;
  readonly snapshot: Snapshot | undefined;
  readonly importing: Importing | undefined;
  readonly ledger: Ledger;
}

function judge(looking: Looking, seen: Seen & { importing: Importing | undefined }, world: World): Outlook {
  const { args, olds, target, options } = looking;
  const { surveyed, presumed, targetId, importing } = seen;
  const { snapshot, live } = surveyed;
  const desired = importing === undefined ? seen.desired : extend(looking, { surveyed, importing });
  const { name: owner, environment, isPreview } = args;
  const about = { owner, environment, isPreview, presumed: presumed.ledger };
  world.memory.keep(args.urn, { ...about, desired, target, snapshot, importing });
  const rules: Rules = rulesOf(options, {
    environment,
    isFirstRun: isFirstRun(looking, seen),
    namedBefore: olds["__naming"] as Naming | undefined,
    imported: importing?.decision,
  });
  claim(looking, { targetId, desired }, world);
  const { plan, problems } = decide({
    desired,
    ledger: presumed.ledger,
    live,
    rules,
    slots: target.slots,
    existing: snapshot?.slots,
    claims: targetId === undefined ? [] : world.memory.claimsOfOthers(args.urn),
    keyGrammar: target.capabilities.keyGrammar,
    notLive: undefined,
  });
  const all = [...problems, ...target.inspect(desired, snapshot, plan), ...explainImport(importing, plan)];
  return { desired, snapshot, importing, ledger: presumed.ledger, plan, problems: all };
}

function extend(
  { args, options, salt, target }: Looking,
  { surveyed, importing }: { surveyed: Surveyed; importing: Importing },
): Desired {
  return buildDesired({
    sources: surveyed.values,
    imported: { index: importing.index, values: importing.decision.values },
    keySchema: options.keySchema,
    environment: args.environment,
    salt,
    place: (key) => target.place(key),
  });
}

/** Why a conflict could not be solved by the import that was asked for. */
function explainImport(importing: Importing | undefined, plan: Plan): Problem[] {
  const conflicting = new Set(plan.filter(({ action }) => action === "conflict").map(({ key }) => key));
  return (importing?.decision.left ?? [])
    .filter(({ key }) => conflicting.has(key))
    .map((left) => ({ code: "import.conflict", message: explainConflict(left) }));
}

/** A pinned app, or a write that the platform would refuse, is told before anything is written. */
async function mayWrite(
  { args, olds, target }: Looking,
  { snapshot, plan, importing, desired, ledger }: Outlook,
  world: World,
): Promise<readonly Problem[]> {
  if (snapshot === undefined || changesToWrite(plan).length === 0) return [];
  if (snapshot.obstacles.length > 0) return snapshot.obstacles;
  if (!args.isPreview) return [];
  const rehearsal = importing === undefined ? Promise.resolve() : rehearseImport(importing, world);
  const refusals = rehearsal.then(() => [], problemsOf);
  // Of an existing sync diff asks, which knows the ledger and so the very edits.
  const probing = { urn: args.urn, target, snapshot, plan, desired, ledger };
  const probe = olds["keys"] === undefined ? probeWrite(probing, world) : Promise.resolve([]);
  return (await Promise.all([probe, refusals])).flat();
}

/** The whole plan of a new sync; idle overrides and advice of every one. A sync that moves is checked once more, as a new one. */
async function tell({ args, olds, target }: Looking, outlook: Outlook, world: World): Promise<void> {
  const { desired, snapshot, plan, importing } = outlook;
  const idle = findIdleOverrides(target.overrides, desired);
  if (idle.length > 0)
    await world.reporter.say(
      args.urn,
      "warning",
      `destination.variables names keys that no source gives: ${nameSome(idle)}`,
    );
  const advice = snapshot ? (target.advise?.(desired, snapshot, plan) ?? []) : [];
  if (advice.length > 0) await world.reporter.say(args.urn, "warning", advice.join("\n"));
  // Of an existing sync diff tells, which knows the ledger. An update has not looked at the target of a new one yet.
  if (olds["keys"] !== undefined || !args.isPreview) return;
  const imports = importing === undefined ? [] : renderImports(importing.decision, describeSource(importing));
  const text = announcePlan(plan, { target: snapshot?.targetName ?? "the target", isFirst: true, imports });
  if (text !== undefined) await world.reporter.say(args.urn, "info", text);
}

function describeSource({ into: { source } }: Importing): string {
  const name = "path" in source && source.path !== undefined ? ` ${JSON.stringify(source.path)}` : "";
  return `${source.type} source${name}`;
}
