// Pure: what a run of one stack gets, and what its look has shown.

import type { Deployment, SyncOnRecord } from "../deployment.js";
import type { StackCli } from "../pulumi/cli.js";
import type { FileStates } from "./file-settling.js";
import type { HoldFile } from "./hold-file.js";
import type { HoldRules, Memory } from "./holds.js";
import type { Look } from "./look.js";
import type { Cause } from "./schedule.js";
import type { LockWitness } from "../pulumi/stack-lock.js";
import type { Urn } from "../pulumi/urn.js";

export interface RunOrder {
  readonly causes: readonly Cause[];
  /** Syncs that failed recently and are left out. */
  readonly resting: readonly Urn[];
}

export interface RunContext {
  readonly cli: StackCli;
  /** Aborted when the runner is asked to stop: a look ends at once, an update is waited for, and no further one begins. */
  readonly ending: AbortSignal;
  /** Milliseconds that a look may take; an update may take that plus the time of its deployments. */
  readonly limit: number;
  readonly rules: HoldRules;
  readonly isDryRun: boolean;
  /** A monotonic clock, and a wait that `ending` cuts short. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly witness: () => LockWitness;
  /** Called with the automatic syncs before their sources are read, so that no later change is missed. */
  readonly onSyncs: (syncs: readonly SyncOnRecord[]) => Promise<void>;
  /** Called before a write begins. */
  readonly onUpdate: () => void;
  /** Size, time and inode of the files that each sync reads. */
  readonly readFiles: (syncs: readonly SyncOnRecord[]) => Promise<FileStates>;
  /** Keeps what holds syncs back across restarts. */
  readonly holds?: Pick<HoldFile, "read" | "write"> | undefined;
  /** When an app was last written, by any stack. */
  readonly writes: { readonly at: (targetId: string) => number | undefined; readonly note: (targetId: string) => void };
}

/** A run, and what is remembered from run to run. */
export interface Run extends RunContext {
  readonly memory: () => Memory;
  readonly remember: (memory: Memory) => Promise<void>;
}

/** A look, and what it means. */
export interface Seen extends Look {
  readonly exported: Deployment;
  readonly syncs: readonly SyncOnRecord[];
  readonly isNew: boolean;
  readonly causes: readonly Cause[];
  readonly resting: ReadonlySet<Urn>;
  readonly files: FileStates;
  readonly endedAt: number;
  readonly targets: readonly Urn[];
  readonly left: readonly Urn[];
  readonly waiting: readonly string[];
}
