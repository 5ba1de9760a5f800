// Pure: what `status --json` prints. Fields are added and never renamed; an absent text is null.

import type { BoundDisplayNames } from "../../destinations/display-names.js";
import { findCarrier } from "../carried.js";
import { hidden, type SyncOnRecord } from "../deployment.js";
import { type DestroyPlan, planDestroy } from "../destroy.js";

export interface StatusReport {
  /** Raised when a field changes its meaning. */
  readonly format: 1;
  readonly stack: string;
  readonly syncs: readonly SyncReport[];
}

export interface SyncReport {
  /** The resource's name in the program. */
  readonly resource: string;
  readonly urn: string;
  /** The sync's own name, a slug. */
  readonly name: string;
  readonly target: {
    /** The destination's `type`; null when the arguments are secret or of a newer version. */
    readonly type: string | null;
    readonly platform: string | null;
    /** As the platform calls it; in state of an earlier version, as the arguments do. */
    readonly name: string | null;
    /** The vendor's id; null before the first run. */
    readonly id: string | null;
    readonly url: string | null;
  };
  /** Names of the keys that the sync owns at the destination. */
  readonly keys: readonly string[];
  /** What a destroy would do with each of them. */
  readonly destroy: DestroyPlan;
  /** `succeeded`, `written-not-live`, `failed` or `disabled`; another word if a newer version wrote it. */
  readonly status: string;
  readonly message: string;
  /** `written-not-live` only: the resource whose later deployment, seen live, carried what this one has stored; else null. */
  readonly carriedBy: string | null;
  /** The last write, live or not, ISO 8601. */
  readonly lastSyncedAt: string | null;
  readonly deploymentId: string | null;
  /** Number of writes. */
  readonly version: number;
  /** What the last `pulumi refresh` found different from what was written, one line per key. Empty does not rule out later changes. */
  readonly drift: readonly string[];
  /** Fields of the state that this version does not understand; they are reported as empty. */
  readonly unread: readonly string[];
}

/** What is known of a sync besides its record. */
export interface SyncContext {
  readonly displayNames: BoundDisplayNames | undefined;
  /** All syncs of the stack. */
  readonly syncs: readonly SyncOnRecord[];
}

export function reportSync(sync: SyncOnRecord, { displayNames, syncs }: SyncContext): SyncReport {
  const { inputs, outputs, unread } = sync;
  const { destination } = inputs;
  return {
    resource: sync.resource,
    urn: sync.urn,
    name: inputs.name,
    target: {
      type: destination.type === "untold" ? null : destination.type,
      platform: displayNames?.platform ?? null,
      name: outputs.targetName ?? (displayNames?.name === hidden ? null : (displayNames?.name ?? null)),
      id: outputs.targetId || null,
      url: outputs.targetUrl ?? null,
    },
    keys: outputs.managedKeys,
    destroy: planDestroy({
      keys: outputs.managedKeys,
      adopted: outputs.adoptedKeys,
      left: outputs.leftKeys,
      onDestroy: inputs.syncOptions?.onDestroy,
      isEnabled: outputs.syncStatus !== "disabled",
    }),
    status: outputs.syncStatus,
    message: outputs.lastSyncMessage,
    carriedBy: nameCarrier(sync, syncs),
    lastSyncedAt: outputs.lastSyncedAt ?? null,
    deploymentId: outputs.lastDeploymentId ?? null,
    version: outputs.version,
    drift: outputs.drift,
    unread,
  };
}

function nameCarrier(sync: SyncOnRecord, syncs: readonly SyncOnRecord[]): string | null {
  return findCarrier(sync, syncs)?.resource ?? null;
}

/** Whether the last run ended well. */
export function isWell({ status, carriedBy }: Pick<SyncReport, "status" | "carriedBy">): boolean {
  return ["succeeded", "disabled"].includes(status) || carriedBy !== null;
}

/** What `--check` tests. Unreadable drift is not the same as none. */
export function needsAttention(sync: SyncReport): boolean {
  return !isWell(sync) || sync.drift.length > 0 || sync.unread.includes("drift");
}
