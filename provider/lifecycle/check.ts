// Provider process: where the plan is made. Parses, surveys, decides, reports every problem at once, and returns inputs without values.

import { decide, type Decision, type Naming, type Rules } from "../core/decision.js";
import { changesToWrite, type Plan } from "../core/plan.js";
import { saltOf } from "../core/fingerprint.js";
import { findIdleOverrides } from "../core/preflight.js";
import { nameSome } from "../core/policy.js";
import { renderPlan } from "../core/render.js";
import { type Problem, problemsOf, renderProblems } from "../errors.js";
import type { Target } from "../destinations/destination.js";
import { type Surveyed, takeSurvey } from "../engine/survey.js";
import type { World } from "../engine/world.js";
import { checkSecretTexts, hasUnknownSecrets, readArguments, type SyncArguments } from "./arguments.js";
import { checkedInputs } from "./inputs.js";
import { presumeLedger, type Presumed, summarizeLive } from "./presumption.js";
import { rulesOf } from "./rules.js";
import type { Properties } from "./wire.js";

export interface CheckResult {
  readonly inputs: Properties;
  readonly failures: Array<{ property: string; reason: string }>;
}

/** Checks a SecretSync. `olds` are the inputs of the last run, empty for a new one. */
export async function checkSync(olds: Properties, news: Properties, world: World): Promise<CheckResult> {
  const args = readArguments(news);
  const salt = typeof olds["salt"] === "string" ? olds["salt"] : saltOf(args.urn);
  const problems = [...args.problems, ...checkSecretTexts(news)];
  holdOwned(args, olds, world);
  if (!args.isEnabled) {
    await world.reporter.say(args.urn, "info", `sync ${args.name} is disabled: nothing is read, written or removed`);
    return answer(checkedInputs({ args, news, olds, salt, keys: "as before" }), problems);
  }
  const { sources, destination, options } = args;
  try {
    if (
      sources === undefined ||
      destination === undefined ||
      options === undefined ||
      hasUnknownSecrets(news, sources)
    ) {
      problems.push(...(await probeParts(args, world)));
      return answer(checkedInputs({ args, news, olds, salt, keys: unseen(args) }), problems);
    }
    const target = await world.openTarget(destination, world.findAuthority(destination, args.authority));
    const seen = await lookAround({ args, olds, salt, sources, target, options }, world);
    problems.push(...seen.problems);
    const { targetId, live } = seen;
    const keys = seen.surveyed.desired ?? unseen(args);
    const inputs = checkedInputs({ args, news, olds, salt, keys, live, targetId });
    return answer(inputs, problems);
  } catch (error) {
    return answer(checkedInputs({ args, news, olds, salt, keys: unseen(args) }), [...problems, ...problemsOf(error)]);
  }
}

/** Before anything is waited for: a sweep of another sync may be decided meanwhile. */
function holdOwned({ urn, name }: SyncArguments, olds: Properties, world: World): void {
  const targetId = olds["__targetId"];
  if (typeof targetId !== "string") return;
  const keys = [...Object.keys(olds["keys"] ?? {}), ...((olds["retained"] ?? []) as string[])];
  world.memory.hold(urn, { targetId, owner: name, keys });
}

/** Without every part there is no plan, but what can be read is read: its problems are told in the same pass. */
async function probeParts(args: SyncArguments, world: World): Promise<Problem[]> {
  const { destination } = args;
  const look = async () => {
    if (destination === undefined || !args.isAddressed) return;
    const target = await world.openTarget(destination, world.findAuthority(destination, args.authority));
    await target.observe({ fresh: false, notBefore: args.settledAt });
  };
  const reads = args.readable.map(({ source, secrets, authority }) => world.readSource(source, secrets, authority));
  const results = await Promise.allSettled([look(), ...reads]);
  return results.flatMap((result) => (result.status === "rejected" ? problemsOf(result.reason) : []));
}

interface Looking {
  readonly args: SyncArguments;
  readonly olds: Properties;
  readonly salt: string;
  readonly sources: NonNullable<SyncArguments["sources"]>;
  readonly options: NonNullable<SyncArguments["options"]>;
  readonly target: Target;
}

interface Seen {
  readonly surveyed: Surveyed;
  readonly problems: readonly Problem[];
  readonly live?: string;
  readonly targetId?: string | undefined;
}

async function lookAround(looking: Looking, world: World): Promise<Seen> {
  const { args, olds, salt, sources, target, options } = looking;
  const isNew = olds["keys"] === undefined;
  // A new sync is observed once in the update, right before its write; the preview has to look now.
  const observe = args.isAddressed && (args.isPreview || !isNew);
  const surveyed = await takeSurvey(
    {
      sources,
      target,
      observe,
      notBefore: args.settledAt,
      keySchema: options.keySchema,
      environment: args.environment,
      salt,
    },
    world,
  );
  const { desired, snapshot, live } = surveyed;
  if (desired === undefined) return { surveyed, problems: surveyed.problems };
  const presumed = await presumeLedger({
    olds,
    snapshot,
    live,
    openTarget: (before) => world.openTarget(before, world.findAuthority(before, args.authority)),
  });
  const { name: owner, environment, isPreview } = args;
  const about = { owner, environment, isPreview, presumed: presumed.ledger };
  world.memory.keep(args.urn, { ...about, desired, target, snapshot, live });
  const namedBefore = olds["__naming"] as Naming | undefined;
  const rules = rulesOf(options, { environment: args.environment, isFirstRun: isNew || presumed.moved, namedBefore });
  const targetId = args.isAddressed ? (snapshot?.targetId ?? (await resolveQuietly(target))) : undefined;
  const decision = judge(looking, { surveyed, presumed, rules, targetId }, world);
  const problems = [...surveyed.problems, ...decision.problems, ...target.inspect(desired, snapshot, decision.plan)];
  if (problems.length === 0) problems.push(...(await mayWrite(looking, { surveyed, plan: decision.plan })));
  if (problems.length === 0) await tell(looking, { surveyed, plan: decision.plan, isNew }, world);
  return { surveyed, problems, targetId, ...(snapshot === undefined ? {} : { live: summarizeLive(presumed.ledger) }) };
}

interface Judging {
  readonly surveyed: Surveyed;
  readonly presumed: Presumed;
  readonly rules: Rules;
  readonly targetId: string | undefined;
}

function judge({ args, target }: Looking, { surveyed, presumed, rules, targetId }: Judging, world: World): Decision {
  const { desired } = surveyed;
  if (desired === undefined) return { plan: [], problems: [] };
  if (targetId !== undefined) world.memory.claim(args.urn, { targetId, owner: args.name, places: desired.entries });
  const claims = targetId === undefined ? [] : world.memory.claimsOfOthers(args.urn);
  const request = {
    desired,
    ledger: presumed.ledger,
    live: surveyed.live,
    rules,
    slots: target.slots,
    claims,
    keyGrammar: target.capabilities.keyGrammar,
  };
  return decide({ ...request, heal: false });
}

/** A target that cannot be resolved was told already by the survey, or will be by the write. */
async function resolveQuietly(target: Target): Promise<string | undefined> {
  return target.resolve().catch(() => undefined);
}

/** A pinned app or a token that may only read is told before anything is written, where a write is to be expected. */
async function mayWrite(
  { args, target }: Looking,
  { surveyed, plan }: { surveyed: Surveyed; plan: Plan },
): Promise<readonly Problem[]> {
  const { snapshot } = surveyed;
  if (snapshot === undefined || changesToWrite(plan).length === 0) return [];
  if (snapshot.obstacles.length > 0) return snapshot.obstacles;
  return args.isPreview ? target.probe(snapshot) : [];
}

/** What the engine's own diff cannot show of a new sync: adoptions, sweeps, idle overrides. */
async function tell(
  { args, target }: Looking,
  { surveyed, plan, isNew }: { surveyed: Surveyed; plan: Plan; isNew: boolean },
  world: World,
): Promise<void> {
  const { desired, snapshot } = surveyed;
  const idle = desired === undefined ? [] : findIdleOverrides(target.overrides, desired);
  if (idle.length > 0)
    await world.reporter.say(
      args.urn,
      "warning",
      `destination.variables names keys that no source gives: ${nameSome(idle)}`,
    );
  const advice = desired && snapshot ? (target.advise?.(desired, snapshot, plan) ?? []) : [];
  if (advice.length > 0) await world.reporter.say(args.urn, "warning", advice.join("\n"));
  const notable = plan.filter(
    (change) => change.action === "adopt" || (change.action === "delete" && change.because === "swept"),
  );
  if (!isNew || notable.length === 0) return;
  await world.reporter.say(
    args.urn,
    "info",
    [`first sync to ${snapshot?.targetName ?? "the target"}:`, ...renderPlan(notable).map((line) => `  ${line}`)].join(
      "\n",
    ),
  );
}

/** Keys that could not be looked up. The engine takes an unknown only in a preview; an update has failed already. */
function unseen({ isPreview }: SyncArguments): "unknown" | "as before" {
  return isPreview ? "unknown" : "as before";
}

/** One failure with an empty property: a named property would be printed with its value. */
function answer(inputs: Properties, problems: readonly Problem[]): CheckResult {
  if (problems.length === 0) return { inputs, failures: [] };
  const unique = [...new Map(problems.map((problem) => [`${problem.code} ${problem.message}`, problem])).values()];
  return { inputs, failures: [{ property: "", reason: renderProblems(unique) }] };
}
