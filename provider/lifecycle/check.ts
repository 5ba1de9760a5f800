// Provider process: makes the plan. Parses, surveys, decides, reports every problem at once, and returns inputs without values.

import { type Problem, listProblems } from "../errors.js";
import { findId } from "../destinations/address.js";
import type { World } from "../reconciler/world.js";
import { urnAtOtherHost } from "../type-tokens.js";
import { explainMissing } from "./preview/address.js";
import { answerCheck, type CheckResult } from "./engine/answer.js";
import { hasUnknownSecrets, readArguments, type SyncArguments } from "./arguments/arguments.js";
import { writeInputs } from "./state/checked.js";
import { settleAfterRefusal } from "./deployments/debt.js";
import {
  frozenReplacement,
  hasIgnored,
  isFrozen,
  isMeantFrozen,
  refuseIgnored,
  repeatInputs,
} from "./state/ignored.js";
import { ownedKeys, readInputs, type SyncInputs } from "./state/inputs.js";
import { look } from "./preview/look.js";
import { refuseOtherHost } from "./replacement/other-host.js";
import { lookUp, recallInputs } from "./replacement/predecessor.js";
import { keepRecorded } from "./state/recorded.js";
import { findSalt } from "./state/salt.js";
import { openProgram, readAliases, readDeclared, readSent, readStack, type SentSync } from "./arguments/sent.js";
import { tieSources } from "./arguments/tied-sources.js";
import { warnOfUnknownImport } from "./preview/unknown-import.js";
import { areRecorded, type Properties, readUrn } from "./engine/wire.js";

/** Checks a SecretSync. `olds` are the inputs of the last run, empty for a new one. */
export async function checkSentSync(olds: Properties, given: Properties, world: World): Promise<CheckResult> {
  const news = openProgram(given);
  const urn = readUrn(news);
  world.arrivals.tell(urn, { declared: readDeclared(news), isUncertain: hasIgnored(news) });
  const checked = await checkOpened(olds, news, world);
  if (checked.failures.length === 0) return checked;
  const { inputs, failures } = checked;
  return { inputs, failures: [...failures, ...answerCheck(inputs, await settleAfterRefusal(urn, world)).failures] };
}

async function checkOpened(olds: Properties, news: Properties, world: World): Promise<CheckResult> {
  if (isFrozen(olds, news)) return freezeSync(olds, world);
  if (areRecorded(olds)) keepRecorded(readUrn(news), { inputs: olds }, world);
  const refused = areRecorded(olds) ? [] : await refuseReplacement(news, world);
  if (refused.length > 0) return answerCheck(repeatInputs(news), refused);
  const ignored = refuseIgnored(olds, news);
  if (ignored.length > 0) return answerCheck(repeatInputs(news), ignored);
  const { sent, problems } = tieSources(readSent(news));
  if (problems.length > 0) return answerCheck(repeatInputs(news), problems);
  const checked = await checkSync(readInputs(olds), sent, world);
  // No write follows that would observe the target of a new sync, so a failing check reports everything that is wrong now.
  const isCutShort = checked.failures.length > 0 && sent.isDryRun === undefined && readInputs(olds).keys === undefined;
  return isCutShort ? checkSync(readInputs(olds), { ...sent, isDryRun: true }, world) : checked;
}

/** Why what the engine calls new must not be made, if it replaces another resource. The write would be too late: a deletion may come first. */
async function refuseReplacement(news: Properties, world: World): Promise<readonly Problem[]> {
  const { memory } = world;
  const [urn, isMeant] = [readUrn(news), isMeantFrozen(news)];
  const aliases = [...readAliases(news), urnAtOtherHost(urn)].filter((one) => one !== undefined);
  memory.keepAliases(urn, aliases);
  if ([urn, ...aliases].some((one) => memory.isFrozen(one))) return [frozenReplacement];
  if (isMeant) await lookUp(urn, readStack(news), world);
  const recorded = memory.recorded(urn);
  if (isMeant && recorded.inputs !== undefined) return [frozenReplacement];
  return refuseOtherHost(urn, recorded);
}

/** The whole sync stays as it is recorded, with what it owns. */
async function freezeSync(olds: Properties, world: World): Promise<CheckResult> {
  const inputs = readInputs(olds);
  const { urn, name } = inputs;
  if (inputs.targetId !== undefined)
    world.memory.hold(urn, { targetId: inputs.targetId, owner: name, keys: ownedKeys(inputs) });
  world.memory.freeze(urn);
  // It goes on with all that it owns, even if the engine deletes what it has replaced.
  world.memory.handOver(urn, inputs.targetId);
  world.arrivals.arrive(urn, { stage: "resting" });
  const text = `sync ${name} is frozen by ignoreChanges: nothing is read, written or removed`;
  await world.reporter.say(urn, "info", text);
  return answerCheck(repeatInputs(olds), []);
}

/** A disabled sync goes on from what it has recorded, even if it is replaced. */
async function checkDisabled(
  args: SyncArguments,
  { recorded, sent }: { recorded: SyncInputs; sent: SentSync },
  world: World,
): Promise<CheckResult> {
  const { urn, name, problems } = args;
  if (!args.isPreview && recorded.salt === undefined) await lookUp(urn, args.stack, world);
  const olds = recorded.salt === undefined ? (recallInputs(args, world) ?? recorded) : recorded;
  const run = findSalt(olds.salt, { isEnabled: false, seed: sent.seed });
  holdOwned(args, olds, world);
  // A disabled sync removes nothing, not even if the engine deletes what it replaces.
  world.memory.handOver(urn, olds.targetId ?? (args.destination && findId(args.destination)));
  world.arrivals.arrive(urn, { stage: "resting" });
  await world.reporter.say(urn, "info", `sync ${name} is disabled: nothing is read, written or removed`);
  const refused = recorded.salt === undefined ? refuseOtherHost(urn, world.memory.recorded(urn)) : [];
  return answerCheck(writeInputs({ args, sent, olds, run, keys: "as before" }), [...problems, ...refused]);
}

async function checkSync(olds: SyncInputs, sent: SentSync, world: World): Promise<CheckResult> {
  const args = readArguments(sent);
  if (!args.isEnabled) return checkDisabled(args, { recorded: olds, sent }, world);
  const run = findSalt(olds.salt, { seed: sent.seed });
  const problems = [...args.problems];
  holdOwned(args, olds, world);
  const { sources, destination, options } = args;
  try {
    if (
      sources === undefined ||
      destination === undefined ||
      options === undefined ||
      hasUnknownSecrets(sent, sources)
    ) {
      await warnOfUnknownImport(args, olds, world);
      problems.push(...(await probeParts(args, olds, world)));
      return answerCheck(writeInputs({ args, sent, olds, run, keys: unseen(args) }), problems);
    }
    if (!args.isAddressed) await warnOfUnknownImport(args, olds, world);
    const target = await world.openTarget(destination, world.findCredentials(destination, args.credentials));
    const { desired, targetId, live, ...rest } = await look(
      { args, olds, salt: run.salt, sources, target, options },
      world,
    );
    problems.push(...rest.problems);
    const keys = desired ?? unseen(args);
    const inputs = writeInputs({ args, sent, olds, run, keys, live, targetId });
    return answerCheck(inputs, problems);
  } catch (error) {
    return answerCheck(writeInputs({ args, sent, olds, run, keys: unseen(args) }), [
      ...problems,
      ...listProblems(error),
    ]);
  }
}

/** Called before any wait: a prune of another sync may be decided meanwhile. */
function holdOwned({ urn, name }: SyncArguments, olds: SyncInputs, world: World): void {
  if (olds.targetId === undefined) return;
  world.memory.hold(urn, { targetId: olds.targetId, owner: name, keys: ownedKeys(olds) });
}

/** Without all parts there is no plan, but what can be read is read, so that its problems are reported in the same pass. */
async function probeParts(args: SyncArguments, olds: SyncInputs, world: World): Promise<Problem[]> {
  const reads = args.readable.map(({ source, secrets, credentials }) => world.readSource(source, secrets, credentials));
  const [problems, ...results] = await Promise.all([
    probeTarget(args, olds, world),
    ...reads.map((read) => read.then(() => [], listProblems)),
  ]);
  return [...problems, ...results.flat()];
}

async function probeTarget(args: SyncArguments, olds: SyncInputs, world: World): Promise<Problem[]> {
  const { destination, credentials, settledAt: notBefore } = args;
  if (destination === undefined || !args.isAddressed) return [];
  try {
    const target = await world.openTarget(destination, world.findCredentials(destination, credentials));
    const problems = await target.observe({ fresh: false, notBefore }).then(() => [], listProblems);
    return await explainMissing(problems, { args, olds, target });
  } catch (error) {
    return [...listProblems(error)];
  }
}

/** Stands for keys that could not be looked up. The engine accepts an unknown only in a preview; an update has failed already. */
function unseen({ isPreview }: SyncArguments): "unknown" | "as before" {
  return isPreview === true ? "unknown" : "as before";
}
