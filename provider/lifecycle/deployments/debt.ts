// Provider process: deployments of this run that no sync waits for, because those that were expected did not come, or turned out to be
// unchanged. The last sync waits for them: a run must not succeed before it is known whether its deployments have.

import { listProblems, type Problem, SecretSyncError } from "../../errors.js";
import type { Survey } from "../../reconciler/memory.js";
import type { World } from "../../reconciler/world.js";
import { openRow } from "../engine/row.js";

/** For an unchanged sync that is the last of its target. @throws SecretSyncError how the deployment failed */
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

/** For the last step of a run, whatever its own target is. @returns how deployments failed */
export async function settleRest({ urn, report }: Step, world: World): Promise<readonly Problem[]> {
  return world.arrivals.isLast(urn) ? world.queue.settleOwed(report) : [];
}

/** A refused check ends the run just as a failed step does. @returns how deployments failed */
export async function settleAfterRefusal(urn: string, world: World): Promise<readonly Problem[]> {
  world.arrivals.fail(urn);
  const row = openRow(urn, world);
  const problems = await settleRest({ urn, report: row.report }, world);
  await row.end("refused");
  return problems;
}

/**
 * A failing operation is the last of a run, apart from the steps that are under way, and reports what others have left.
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
