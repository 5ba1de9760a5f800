// Pure: how a run ended, for its stack and for each of its syncs.

import type { VendorUses } from "../../vendor-calls.js";
import type { Hold } from "./holds.js";
import type { RunProblem } from "../pulumi/preview.js";
import { readName, type Urn } from "../pulumi/urn.js";

/** What was written for one sync. No value, and no name of a key. */
export interface SyncChange {
  readonly sync: string;
  /** Counts of keys, in words: `1 added, 2 changed`. */
  readonly did: string;
  /** How many keys the sync owns now. */
  readonly keys: number;
  /** How many of them somebody else had changed or removed. */
  readonly repaired?: number;
}

/**
 * `synced`: something was written. `unchanged`: a preview found nothing to do. `planned`: something would be written without `--dry-run`.
 * `held`: something is to be written, but not now. `waiting`: a person has to run `pulumi up`. `locked`: somebody else is updating the
 * stack. `stopped`: the runner was asked to stop before anything was written.
 */
export type RunResult = "synced" | "unchanged" | "planned" | "held" | "waiting" | "failed" | "locked" | "stopped";

/** One sync of a run. `resting`: it failed recently and was left out. */
export interface SyncResult {
  readonly urn: Urn;
  readonly sync: string;
  readonly result: "synced" | "unchanged" | "planned" | "held" | "waiting" | "failed" | "resting";
}

export interface Outcome {
  /** The worst of the stack and of its syncs. */
  readonly result: RunResult;
  /** The whole stack, not only some of its syncs, could not be looked at or written. */
  readonly isWhole: boolean;
  readonly syncs: readonly SyncResult[];
  readonly changes: readonly SyncChange[];
  readonly waiting: readonly string[];
  readonly holds: readonly Hold[];
  readonly problems: readonly RunProblem[];
  /** Calls to vendors. */
  readonly vendors?: VendorUses | undefined;
  /** When something that was put off is due, on the monotonic clock. */
  readonly again?: number | undefined;
}

export const emptyOutcome = { isWhole: false, syncs: [], changes: [], waiting: [], holds: [], problems: [] } as const;

/** Nothing could be done for the stack. */
export function failWhole(problems: readonly RunProblem[]): Outcome {
  const result = problems.some(({ code }) => code === "stack.locked" || code === "stack.lock_stale")
    ? "locked"
    : "failed";
  return { ...emptyOutcome, result, isWhole: true, problems };
}

export interface SyncFacts {
  readonly urns: readonly Urn[];
  readonly resting: ReadonlySet<Urn>;
  readonly failed: ReadonlySet<Urn>;
  readonly held: ReadonlySet<Urn>;
  readonly waiting: ReadonlySet<Urn>;
  readonly planned: ReadonlySet<Urn>;
  readonly written: ReadonlySet<Urn>;
}

/** The worst that is known of each sync. */
export function judgeSyncs(facts: SyncFacts): SyncResult[] {
  const ranks = [
    ["failed", facts.failed],
    ["resting", facts.resting],
    ["waiting", facts.waiting],
    ["held", facts.held],
    ["synced", facts.written],
    ["planned", facts.planned],
  ] as const;
  return [...new Set(facts.urns)].map((urn) => ({
    urn,
    sync: readName(urn),
    result: ranks.find(([, urns]) => urns.has(urn))?.[0] ?? "unchanged",
  }));
}

/** A resting sync has failed before, and nothing has shown that it has recovered. */
export function worstOf(syncs: readonly SyncResult[], { waits }: { waits: boolean }): RunResult {
  const has = (result: SyncResult["result"]) => syncs.some((one) => one.result === result);
  if (has("failed") || has("resting")) return "failed";
  if (waits) return "waiting";
  return (["held", "synced", "planned"] as const).find(has) ?? "unchanged";
}
