// Provider process: why a sync with nothing to write is updated, and what that does. A deployment costs time, and on some platforms money.

import { changesToWrite, type Plan } from "../../core/plan.js";
import type { Survey } from "../../reconciler/memory.js";
import type { World } from "../../reconciler/world.js";
import { owesDeployment, type SyncState } from "../state/state.js";

interface HealInput {
  readonly urn: string;
  readonly survey: Survey;
  /** What the last run left. */
  readonly state: SyncState;
  readonly facts: { readonly moved: boolean; readonly lastRunSucceeded: boolean };
  readonly plan: Plan;
}

/** Said in the preview, and in an update without one. A plan that writes speaks for itself. */
export async function sayHealed({ urn, survey, state, facts, plan }: HealInput, world: World): Promise<void> {
  if (survey.snapshot === undefined || facts.moved || changesToWrite(plan).length > 0) return;
  // A sync that has been disabled since still owes what it owed before.
  const isOpen = !facts.lastRunSucceeded || state.syncStatus === "disabled";
  const isOwed = isOpen && owesDeployment(state) && survey.target.deployment.order !== undefined;
  if (facts.lastRunSucceeded && !isOwed) return;
  const text = isOwed
    ? "what an earlier run wrote was not seen to go live: one more deployment is started, and nothing is written"
    : "the last run did not end well: state takes note of what is there now, and nothing is written";
  if (world.memory.isNews(urn, text)) await world.reporter.say(urn, "info", text);
}
