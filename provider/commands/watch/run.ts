// Command line: one unattended run of one stack. Looks first, and writes only what it has seen change.

import type { Problem } from "../../errors.js";
import { listShownProblems } from "../cli-words.js";
import { type Deployment, readSyncs, type SyncOnRecord } from "../deployment.js";
import type { StackCli } from "./cli.js";
import { automaticSyncs, decideRun, firstRunsToConfirm, previewTargets } from "./decision.js";
import { changingSteps, type CliAnswer, problemsIn } from "./preview.js";
import type { Cause } from "./schedule.js";
import type { Urn } from "./urn.js";

/** What was written for one sync. No value, and no name of a key. */
export interface SyncChange {
  readonly sync: string;
  /** Counts of keys, in words: `1 added, 2 changed`. */
  readonly did: string;
  /** How many keys the sync owns now. */
  readonly keys: number;
}

/**
 * `synced`: something was written. `unchanged`: a preview found nothing to do. `waiting`: a person has to run `pulumi up`.
 * `locked`: somebody else is updating the stack. `stopped`: the runner was told to stop before anything was written.
 */
export type RunResult = "synced" | "unchanged" | "waiting" | "failed" | "locked" | "stopped";

export interface Outcome {
  readonly result: RunResult;
  readonly changes: readonly SyncChange[];
  readonly waiting: readonly string[];
  readonly problems: readonly Problem[];
}

export interface RunOrder {
  readonly cli: StackCli;
  readonly causes: readonly Cause[];
  /** Asked right before a write: an update is not begun by a runner that is about to end. */
  readonly isStopping: () => boolean;
  /** Told the automatic syncs before their sources are read, so that no later change is missed. */
  readonly onSyncs?: (syncs: readonly SyncOnRecord[]) => Promise<void>;
}

const nothing = { changes: [], waiting: [], problems: [] };

/**
 * Change and drift are found by a preview, which reads sources and targets with the provider's own code and credentials: a second
 * reader here could disagree with the one that writes. Asking vendors for change tokens first would spare nothing: every look has to
 * observe the target anyway, because drift has no token. The write is `up` on exactly the syncs that the preview named, so that an
 * unattended run changes secrets and never the rest of the user's infrastructure.
 */
export async function runStack(order: RunOrder): Promise<Outcome> {
  try {
    return await lookAndWrite(order);
  } catch (error) {
    // A Ctrl-C reaches a short read of state, too.
    if (order.isStopping()) return { ...nothing, result: "stopped" };
    return { ...nothing, result: "failed", problems: listShownProblems(error, process.env) };
  }
}

async function lookAndWrite({ cli, causes, isStopping, onSyncs }: RunOrder): Promise<Outcome> {
  const exported = await cli.export();
  const isNew = isNeverUpdated(exported);
  const syncs = automaticSyncs(readSyncs(exported));
  await onSyncs?.(syncs);
  const toConfirm = firstRunsToConfirm(syncs);
  if (toConfirm.length > 0) return { ...nothing, result: "waiting", waiting: toConfirm };
  if (syncs.length === 0 && !isNew) return { ...nothing, result: "unchanged" };

  const seen = await cli.preview(isNew ? [] : previewTargets(syncs, exported));
  if (seen.code !== 0) return { ...nothing, ...failure(seen, "preview") };
  const { targets, waiting } = decideRun(changingSteps(seen));
  if (targets.length === 0) return { ...nothing, result: waiting.length > 0 ? "waiting" : "unchanged", waiting };
  if (isStopping()) return { ...nothing, result: "stopped" };

  const done = await cli.up(targets, `pulumi-secret-sync watch: ${causes.join(", ")}`);
  if (done.code !== 0) return { ...nothing, ...failure(done, "up"), waiting };
  const after = automaticSyncs(readSyncs(await cli.export()));
  if (isNew) await onSyncs?.(after);
  const changes = listChanges(after, targets);
  return { ...nothing, result: waiting.length > 0 ? "waiting" : "synced", changes, waiting };
}

/** A stack that was only initialised: the program is all there is to look at. */
function isNeverUpdated(exported: Deployment): boolean {
  return (exported.deployment?.resources ?? []).length === 0;
}

function failure(answer: CliAnswer, command: "preview" | "up"): Pick<Outcome, "result" | "problems"> {
  const problems = problemsIn(answer, command);
  return { result: problems.some(({ code }) => code === "stack.locked") ? "locked" : "failed", problems };
}

function listChanges(after: readonly SyncOnRecord[], targets: readonly Urn[]): SyncChange[] {
  const written = after.filter(({ urn }) => targets.includes(urn));
  return written.map(({ resource, outputs }) => ({
    sync: resource,
    did: outputs.lastSyncMessage,
    keys: outputs.managedKeys.length,
  }));
}
