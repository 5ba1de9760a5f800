// Command line, IO side: one stack of the runner over its whole life: opened, retried if it could not be, its files watched.

import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { systemClock } from "../../clock.js";
import type { InfisicalSource } from "../../../schema/index.js";
import { listShownProblems } from "../cli-words.js";
import type { SyncOnRecord } from "../deployment.js";
import type { StackChoice } from "../stack.js";
import { monotonicClock } from "./clock.js";
import { type FileWatch, openFileWatch } from "./files.js";
import { type Loop, type LoopOrder, startLoop } from "./loop.js";
import { emptyOutcome, failWhole, type Outcome } from "./outcome.js";
import { openWatched, type WatchedStack } from "./program.js";
import type { Report } from "./report.js";
import { openRuns } from "./run.js";
import type { RunContext, RunOrder } from "./run-context.js";
import type { WatchSettings } from "./settings.js";
import type { LockWitness } from "../pulumi/stack-lock.js";

export interface KeptStack {
  readonly label: string;
  readonly loop: Loop;
  /** What its syncs read, as seen by its last run. */
  readonly infisical: () => readonly InfisicalSource[];
  readonly isUpdating: () => boolean;
  /** The next run reads the project and the stack again. */
  readonly reload: () => void;
  readonly close: () => Promise<void>;
}

export interface KeepOrder {
  readonly choice: StackChoice;
  /** Undefined: it could not be opened yet, and each run tries again. */
  readonly opened: WatchedStack | undefined;
  readonly settings: WatchSettings;
  readonly ending: AbortSignal;
  readonly inTurn: LoopOrder["inTurn"];
  readonly writes: RunContext["writes"];
  readonly onEnd: (report: Report, loop: Loop) => Promise<void> | void;
  readonly say: (line: string) => void;
}

/** Starts the loop of one stack; with `--once` it ends after its first run, and no file is watched. */
export async function keepStack(order: KeepOrder): Promise<KeptStack> {
  const { choice, settings } = order;
  const label = order.opened?.label ?? `${choice.directory}#${choice.stack ?? ""}`;
  const held: Held = { infisical: [], isUpdating: false, isStale: false, opened: order.opened, runs: undefined };
  const onBlind = (folder: string, reason: string) =>
    order.say(`${label}: ${folder} cannot be watched (${reason}); its files are looked at every 10 seconds instead`);
  held.files = settings.once ? undefined : await openFileWatch({ onChange: () => loop.note("file"), onBlind });
  const loop: Loop = startLoop({
    stack: label,
    clock: monotonicClock,
    wall: () => systemClock.now(),
    random: Math.random,
    timing: settings.timing,
    inTurn: order.inTurn,
    newId: randomUUID,
    run: (run) => runHeld({ held, order, run }),
    onEnd: async (report) => {
      await order.onEnd(report, loop);
      if (settings.once) loop.stop();
    },
  });
  return {
    label,
    loop,
    infisical: () => held.infisical,
    isUpdating: () => held.isUpdating,
    reload: () => {
      held.isStale = true;
      loop.note("signal");
    },
    close: async () => {
      await held.files?.close();
      await held.opened?.lock.release();
    },
  };
}

/** What changes while the stack is kept. */
interface Held {
  files?: FileWatch | undefined;
  infisical: readonly InfisicalSource[];
  isUpdating: boolean;
  isStale: boolean;
  opened: WatchedStack | undefined;
  runs: ((order: RunOrder) => Promise<Outcome>) | undefined;
}

interface HeldRun {
  readonly held: Held;
  readonly order: KeepOrder;
  readonly run: RunOrder;
}

async function runHeld({ held, order, run }: HeldRun): Promise<Outcome> {
  const { choice, settings, ending } = order;
  try {
    if (held.opened === undefined || held.isStale) {
      held.opened = await openWatched({ choice, limit: settings.limit, ending, lock: held.opened?.lock });
      // A person who has fixed something says so with SIGHUP.
      if (held.isStale) await held.opened.holds.forget();
      held.isStale = false;
      held.runs = undefined;
    }
    held.runs ??= openRuns(describeRuns(held, held.opened, order));
    const outcome = await held.runs(run);
    return { ...outcome, vendors: await held.opened.calls.take() };
  } catch (error) {
    if (ending.aborted) return { ...emptyOutcome, result: "stopped" };
    return failWhole(listShownProblems(error, process.env));
  } finally {
    held.isUpdating = false;
  }
}

function describeRuns(held: Held, { cli, filesOf, readFiles, holds }: WatchedStack, order: KeepOrder): RunContext {
  const { settings, ending, writes } = order;
  return {
    cli,
    ending,
    limit: settings.limit,
    rules: settings.rules,
    isDryRun: settings.isDryRun,
    now: () => monotonicClock.now(),
    sleep: (ms) => monotonicClock.sleep(ms, ending),
    witness,
    readFiles,
    holds,
    writes,
    onUpdate: () => {
      held.isUpdating = true;
    },
    onSyncs: async (syncs: readonly SyncOnRecord[]) => {
      held.infisical = syncs.flatMap(({ inputs }) => inputs.source).filter((source) => source.type === "infisical");
      await held.files?.watch(filesOf(syncs));
    },
  };
}

function witness(): LockWitness {
  return { now: systemClock.now(), host: hostname(), isAlive };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not allowed to signal it: it is alive, but somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
