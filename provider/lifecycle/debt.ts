// Provider process: a deployment of this run that nobody waits for, because the syncs that were to come turned out to be unchanged. The last
// of them sees to it: a run must not end well before anybody knows how its deployment has.

import { nothing } from "../core/desired.js";
import { SecretSyncError } from "../errors.js";
import { isCarrier } from "../reconciler/leaving.js";
import type { Job } from "../reconciler/job.js";
import type { Survey } from "../reconciler/memory.js";
import type { World } from "../reconciler/world.js";
import { makeRules, recallRun } from "./last-run.js";
import { openRow } from "./row.js";
import { limitWaits } from "./timeouts.js";

/** @throws SecretSyncError how the deployment has failed */
export async function settleDebt({ urn, survey }: { urn: string; survey: Survey }, world: World): Promise<void> {
  const { target, snapshot, owner, salt, timeouts } = survey;
  if (snapshot === undefined || !isCarrier(target) || !world.queue.isOwed(target, snapshot.targetId)) return;
  const row = openRow(urn, world);
  const job: Job = {
    owner,
    target: limitWaits(target, timeouts.update),
    // It writes nothing, whatever has drifted since the look.
    desired: nothing,
    ledger: {},
    removed: [],
    rules: makeRules({ options: {}, environment: "", lastRun: recallRun(undefined) }),
    salt,
    owesDeployment: false,
    claims: () => [],
    report: row.report,
  };
  await row.while(async () => {
    const { problem } = await world.queue.enqueue(job);
    if (problem !== undefined) throw new SecretSyncError(problem);
  });
  await row.end("live");
}
