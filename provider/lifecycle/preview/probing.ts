// Provider process: asks the destination, in a preview, whether it would accept the planned write.

import { listEdits } from "../../core/edits.js";
import type { Desired } from "../../core/desired.js";
import type { Ledger } from "../../core/entry.js";
import type { Plan } from "../../core/plan.js";
import type { Problem } from "../../errors.js";
import { redact } from "../../redacted.js";
import type { Snapshot, Target } from "../../destinations/destination.js";
import type { World } from "../../reconciler/world.js";

export interface ProbeInput {
  readonly urn: string;
  readonly target: Target;
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  readonly desired: Desired;
  readonly ledger: Ledger;
}

/** Why the write would fail, as far as the destination says; anything else is reported as a warning. */
export async function probeWrite(probing: ProbeInput, world: World): Promise<readonly Problem[]> {
  const { urn, target, snapshot, plan, ledger } = probing;
  const desired = withStandIns(probing.desired);
  const edits = listEdits(plan, { desired, ledger, place: (key) => target.place(key) });
  const { problems, warnings } = await target.probe(snapshot, { plan, edits });
  if (warnings.length > 0) await world.reporter.say(urn, "warning", warnings);
  return problems;
}

const standIn = redact("unknown");

/** A placeholder takes the place of a value that only the update will know. */
function withStandIns(desired: Desired): Desired {
  return { ...desired, values: new Map(desired.keys.map((key) => [key, desired.values.get(key) ?? standIn])) };
}
