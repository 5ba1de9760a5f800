// Command line, IO side: the unattended runner: opens the stacks, keeps each running, listens, and ends in order.

import { systemClock } from "../../clock.js";
import { isSecretSyncError, renderProblems } from "../../errors.js";
import type { InfisicalSource } from "../../../schema/index.js";
import { listShownProblems } from "../cli-words.js";
import type { SyncOnRecord } from "../deployment.js";
import { openFileWatch } from "./files.js";
import { listenForHealth, listenForWebhooks } from "./listener.js";
import { createTurns, type Loop, type LoopOrder, startLoop } from "./loop.js";
import { openWatched, type WatchedStack } from "./program.js";
import { readExitCode, judgeHealth, renderJson, renderLine, renderProblemLines, type Report } from "./report.js";
import { type RunResult, runStack } from "./run.js";
import { readSettings, type WatchOptions, type WatchSettings } from "./settings.js";
import { onStopSignal, type StopSignal } from "./stopping.js";
import { concerns, type Notice } from "./webhook.js";

/** What is to be closed at the end, last opened first. */
type Closers = Array<() => Promise<void>>;

/** @returns the exit code */
export async function watchStacks(given: { programs: readonly string[]; options: WatchOptions }): Promise<number> {
  const closing: Closers = [];
  // Whoever reads the lines may go away; that is no reason to drop an update half-way.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  try {
    const settings = readSettings(given, process.env);
    const stacks = await openAll(settings, closing);
    return await keepRunning(stacks, { settings, closing });
  } catch (error) {
    process.stderr.write(`error: ${renderProblems(listShownProblems(error, process.env))}\n`);
    return failureCode(error);
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

async function openAll(settings: WatchSettings, closing: Closers): Promise<WatchedStack[]> {
  const stacks: WatchedStack[] = [];
  for (const choice of settings.stacks) {
    const stack = await openWatched(choice);
    closing.push(stack.lock.release);
    stacks.push(stack);
  }
  return stacks;
}

function failureCode(error: unknown): number {
  const code = isSecretSyncError(error) ? error.code : "";
  if (code === "argument.invalid") return 2;
  return code === "watch.held" ? 4 : 1;
}

interface CommandOptions {
  readonly settings: WatchSettings;
  readonly closing: Closers;
}

/** A loop, and what its syncs read, as its last run has seen them. */
interface Kept {
  readonly loop: Loop;
  readonly infisical: () => readonly InfisicalSource[];
}

async function keepRunning(stacks: readonly WatchedStack[], { settings, closing }: CommandOptions): Promise<number> {
  const kept: Kept[] = [];
  const results: RunResult[] = [];
  const stopping = onStopSignal({
    onStop: () => kept.forEach(({ loop }) => loop.stop()),
    busy: () => kept.flatMap(({ loop }) => (loop.health().isRunning ? [loop.health().stack] : [])),
  });
  closing.push(async () => stopping.end());
  const onEnd = (report: Report) => {
    results.push(report.outcome.result);
    print(report, settings);
  };
  const keeping = { settings, closing, stopping, onEnd, inTurn: createTurns(settings.parallel) };
  // First of all: a port that is taken ends the runner before anything has begun.
  await listen(kept, { settings, closing });
  for (const stack of stacks) kept.push(await keep(stack, keeping));
  await Promise.all(kept.map(({ loop }) => loop.done));
  return settings.once ? readExitCode(results) : 0;
}

interface KeepInput extends CommandOptions {
  readonly stopping: StopSignal;
  readonly onEnd: (report: Report) => void;
  readonly inTurn: LoopOrder["inTurn"];
}

/** Starts the loop of one stack; with `--once` it ends itself after its first run, and no file is watched. */
async function keep({ label, cli, filesOf }: WatchedStack, keeping: KeepInput): Promise<Kept> {
  const { settings, closing, stopping, onEnd, inTurn } = keeping;
  let infisical: readonly InfisicalSource[] = [];
  const files = settings.once ? undefined : await openFileWatch(() => loop.note("file"));
  if (files) closing.push(files.close);
  const follow = async (syncs: readonly SyncOnRecord[]) => {
    infisical = syncs.flatMap(({ inputs }) => inputs.source).filter((source) => source.type === "infisical");
    await files?.watch(filesOf(syncs));
  };
  const loop: Loop = startLoop({
    stack: label,
    clock: systemClock,
    random: Math.random,
    timing: settings.timing,
    inTurn,
    run: (causes) => runStack({ cli, causes, isStopping: stopping.isStopping, onSyncs: follow }),
    onEnd: (report) => {
      onEnd(report);
      if (settings.once) loop.stop();
    },
  });
  if (stopping.isStopping()) loop.stop();
  return { loop, infisical: () => infisical };
}

async function listen(kept: readonly Kept[], { settings, closing }: CommandOptions): Promise<void> {
  const { webhook, health, timing } = settings;
  if (webhook !== undefined) {
    const onNotice = (notice: Notice) => {
      const rung = kept.filter(({ infisical }) => infisical().some((source) => concerns(notice, source)));
      rung.forEach(({ loop }) => loop.note("webhook"));
    };
    const order = { secret: webhook.secret, now: () => systemClock.now(), onNotice };
    closing.push((await listenForWebhooks(webhook.address, order)).close);
  }
  if (health !== undefined) {
    const judge = () => {
      const stacks = kept.map(({ loop }) => loop.health());
      return judgeHealth(stacks, { now: systemClock.now(), interval: timing.interval });
    };
    closing.push((await listenForHealth(health, judge)).close);
  }
}

function print(report: Report, { json }: WatchSettings): void {
  process.stdout.write(`${json ? renderJson(report) : renderLine(report)}\n`);
  for (const line of renderProblemLines(report)) process.stderr.write(`${line}\n`);
}
