// Pure: what one sync asks of the loop, and what it gets back.

import type { Rules } from "../../core/decision.js";
import type { Desired } from "../../core/desired.js";
import type { Ledger, Place } from "../../core/entry.js";
import type { Claim } from "../../core/claims.js";
import type { Plan } from "../../core/plan.js";
import type { Problem } from "../../errors.js";
import type { Former } from "../origins.js";
import type { Snapshot, Target } from "../../destinations/destination.js";

/** What one sync wants of its target: `reconcile(desired)`, or `reconcile(nothing)` when the sync is removed. */
export interface Job {
  /** Name of the sync, for messages. */
  readonly owner: string;
  readonly target: Target;
  readonly desired: Desired;
  readonly ledger: Ledger;
  /** Places that an earlier run removed, but that were not seen to be gone from what runs. */
  readonly removed: readonly Place[];
  readonly rules: Rules;
  /** Of revisions. */
  readonly salt: string;
  /** If a write does not deploy by itself: the deployment that an earlier write asked for is still owed. */
  readonly owesDeployment: boolean;
  /** What the other syncs of this run claim at the same target; called when the plan is made. */
  readonly claims: () => readonly Claim[];
  /** The engine calls it new. */
  readonly isNew?: boolean | undefined;
  /**
   * Asks state about entries that the sync meets and no sync of this run wants. If the resource that a new sync replaces wrote them, the
   * job goes on from there; any other learns whose they were, see `formers`.
   */
  readonly recall?: (() => Promise<Job | undefined>) | undefined;
  /** What other syncs of the stack owned before this run, as far as that is known: a key that it adopts may be theirs. */
  readonly formers?: (() => readonly Former[]) | undefined;
  /** Called with what it owns when its write is refused or has to be undone: it takes nothing else from others. */
  readonly withdraw?: ((ledger: Ledger) => void) | undefined;
  /** Checks that the sources still give what was planned from; a destroy has none. @throws SecretSyncError `source.changed` */
  readonly confirm?: (() => Promise<void>) | undefined;
  /** Live status while waiting. */
  readonly report: (status: string) => void;
}

/** How a job ended. Problems from before the first write are thrown instead. */
export interface Outcome {
  readonly ledger: Ledger;
  /** The first plan: what this run did. */
  readonly plan: Plan;
  readonly wrote: boolean;
  readonly snapshot: Snapshot;
  readonly deploymentId: string | undefined;
  /** Places that were removed and still run. */
  readonly removed: readonly Place[];
  /** `written-not-live`: stored but not seen live, with a problem or for lack of a wait. `failed`: stored in part, or perhaps not at all. */
  readonly status: "succeeded" | "written-not-live" | "failed";
  readonly problem: Problem | undefined;
  /** What a person should know about keys that were written, without being a problem. */
  readonly notes?: readonly string[];
  /** Stored, and another sync of this run waits for the deployment. */
  readonly isLeft?: boolean;
  /** The newest deployment at that moment, if no look shows what runs: the one that carries this write starts after it. */
  readonly position?: string | undefined;
}
