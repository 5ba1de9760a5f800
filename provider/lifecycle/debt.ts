// Provider process: deployments of this run that nobody waits for, because the syncs that were to come did not, or turned out to be
// unchanged. The last one sees to it: a run must not end well before anybody knows how its deployments have.

import { listProblems, type Problem, SecretSyncError } from "../errors.js";
import type { Survey } from "../reconciler/memory.js";
import type { World } from "../reconciler/world.js";
import { openRow } from "./row.js";

/** An unchanged sync after which no other one of its target comes. @throws SecretSyncError how the deployment has failed */
export async function settleBehind({ urn, survey }: { urn: string; survey: Survey }, world: World): Promise<void> {
  const targetId = survey.snapshot?.targetId;
  if (targetId === undefined || !world.queue.isOwed(targetId)) return;
  const { isComing, isDeclared } = world.arrivals.outlook(targetId, 0);
  if (isComing || isDeclared) return;
  const row = openRow(urn, world);
  await row.while(async () => {
    const problems = await world.queue.settleOwed(row.report, targetId);
    if (problems.length > 0) throw new SecretSyncError(problems);
  });
  await row.end("live");
}

interface Step {
  readonly urn: string;
  /** Live status while waiting. */
  readonly report: (status: string) => void;
}

/** The last step of a run, whatever its own target is. @returns how deployments have failed */
export async function settleRest({ urn, report }: Step, world: World): Promise<readonly Problem[]> {
  return world.arrivals.isLast(urn) ? world.queue.settleOwed(report) : [];
}

/** A check that is refused ends the run as a step does that fails. @returns how deployments have failed */
export async function settleAfterRefusal(urn: string, world: World): Promise<readonly Problem[]> {
  world.arrivals.fail(urn);
  const row = openRow(urn, world);
  const problems = await settleRest({ urn, report: row.report }, world);
  await row.end("refused");
  return problems;
}

/**
 * Whatever fails is the last of a run, but for the steps that are under way, and what others have left is told with it.
 *
 * @throws SecretSyncError
 */
export async function settleRestAfter<T>(operation: () => Promise<T>, step: Step, world: World): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    world.arrivals.fail(step.urn);
    const rest = await settleRest(step, world);
    throw rest.length === 0 ? error : new SecretSyncError([...listProblems(error), ...rest]);
  }
}
