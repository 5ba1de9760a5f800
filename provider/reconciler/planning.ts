// Pure: what a run would do to one target, and every reason why it must not: the core's and the destination's own. The preview and
// the loop both call it, so they have the same answer.

import { decide, type Decision, type Rules } from "../core/decision.js";
import type { Desired } from "../core/desired.js";
import { type Ledger, type LiveEntry, type Place, placeName } from "../core/entry.js";
import type { Claim } from "../core/claims.js";
import type { CompareValues } from "../core/plan.js";
import type { Snapshot, Target } from "../destinations/destination.js";

export interface PlanInput {
  readonly target: Target;
  readonly desired: Desired;
  readonly ledger: Ledger;
  /** Undefined while the target is not known yet. */
  readonly snapshot: Snapshot | undefined;
  readonly live: readonly LiveEntry[];
  readonly rules: Rules;
  /** What the other syncs of this run claim at the target. */
  readonly claims: readonly Claim[];
  /** Places that an earlier run removed and that may still run; undefined when nothing is healed any more. */
  readonly removed: readonly Place[] | undefined;
}

/** The plan of one sync, and what forbids it. */
export function planSync({ target, snapshot, removed, ...given }: PlanInput): Decision {
  const unfinished = snapshot === undefined || removed === undefined ? none : findUnfinished(target, snapshot, removed);
  const decision = decide({
    ...given,
    slots: target.slots,
    existing: snapshot?.slots,
    keyGrammar: target.capabilities.keyGrammar,
    coveringSlot: target.capabilities.coveringSlot,
    mayBeLost: target.mayBeLost,
    isUnreadable: target.isUnreadable,
    compare: compareWith(given.desired, { target, snapshot }),
    ...unfinished,
  });
  const { plan } = decision;
  const problems = [...decision.problems, ...((snapshot && target.doubt?.(snapshot, plan)) ?? [])];
  if (given.rules.destroy !== undefined) return { ...decision, problems };
  const { desired, claims } = given;
  const contended = target.contend?.(desired, claims, snapshot) ?? [];
  return { ...decision, problems: [...problems, ...contended, ...target.inspect(desired, snapshot, plan)] };
}

/** Compares values, and lets out only the answer. */
function compareWith(
  { values }: Desired,
  { target, snapshot }: Pick<PlanInput, "target" | "snapshot">,
): CompareValues | undefined {
  if (snapshot === undefined) return undefined;
  return ({ key }, { slot }) => {
    const value = values.get(key);
    return value === undefined ? undefined : target.compare(snapshot, { slot, key }, value);
  };
}

export interface Unfinished {
  /** Places whose stored value never went live. */
  readonly notLive: ReadonlySet<string> | undefined;
  /** A removed key still runs. */
  readonly lingers: boolean;
}

const none: Unfinished = { notLive: undefined, lingers: false };

/**
 * What is stored but does not run, no matter who wrote it or whether anybody waited. A deployment under way may still change that. If
 * a write does not deploy, healing is a deployment and writes nothing.
 */
export function findUnfinished(
  { capabilities }: Target,
  { busyWith, notLive }: Snapshot,
  removed: readonly Place[],
): Unfinished {
  if (!capabilities.writeDeploys || busyWith !== undefined || notLive === undefined) return none;
  return { notLive, lingers: removed.some((place) => notLive.has(placeName(place))) };
}
