// Provider process: deployments of this run that nobody waits for, because the syncs that were to come did not, or turned out to be
// unchanged. The last one sees to it: a run must not end well before anybody knows how its deployments have.

import { type Problem, SecretSyncError } from "../errors.js";
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
    const [problem] = await world.queue.settleOwed(row.report, targetId);
    if (problem !== undefined) throw new SecretSyncError(problem);
  });
  await row.end("live");
}

interface Step {
  readonly urn: string;
  /** Live status while waiting. */
  readonly report: (status: string) => void;
}

/** The last step of a run, whatever its own target is. @returns how a deployment has failed */
export async function settleRest({ urn, report }: Step, world: World): Promise<Problem | undefined> {
  if (!world.arrivals.isLast(urn)) return undefined;
  const [problem] = await world.queue.settleOwed(report);
  return problem;
}
