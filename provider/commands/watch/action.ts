// Command line, IO side: the unattended runner: opens the stacks, keeps each running, listens, and shuts down in order.

import { systemClock } from "../../clock.js";
import { isSecretSyncError, renderProblems } from "../../errors.js";
import { printable } from "../../printable.js";
import { webhookSecretVariable } from "../../withheld-variables.js";
import { listShownProblems } from "../cli-words.js";
import type { StackChoice } from "../stack.js";
import { monotonicClock } from "./clock.js";
import { judgeLive, judgeReady } from "./health.js";
import { keepStack, type KeptStack } from "./kept-stack.js";
import { listenForHealth, listenForWebhooks } from "./listener.js";
import { openNotifier } from "./notifier.js";
import type { RunResult } from "./outcome.js";
import { openWatched, type WatchedStack } from "./program.js";
import { readExitCode, renderJson, renderLine, renderProblemLines, type Report } from "./report.js";
import { readSettings, type WatchOptions, type WatchSettings } from "./settings.js";
import type { Signals } from "./stopping.js";
import { startSupervision, takeSupervisor, type Supervisor } from "./supervision.js";
import { createTurns } from "./turns.js";
import { concerns, type Notice } from "./webhook.js";

/** What is to be closed at the end, last opened first. */
type Closers = Array<() => Promise<void> | void>;

interface WatchOrder {
  readonly programs: readonly string[];
  readonly options: WatchOptions;
  readonly signals: Signals;
}

/** @returns the exit code */
export async function watchStacks({ programs, options, signals }: WatchOrder): Promise<number> {
  const closing: Closers = [signals.close];
  try {
    const settings = readSettings({ programs, options }, process.env);
    // The CLI and all that it starts inherit the environment, but only the runner has to verify deliveries.
    Reflect.deleteProperty(process.env, webhookSecretVariable);
    return await keepRunning({ settings, closing, signals, supervisor: takeSupervisor(process.env) });
  } catch (error) {
    process.stderr.write(`error: ${renderProblems(listShownProblems(error, process.env))}\n`);
    return failureCode(error);
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

function failureCode(error: unknown): number {
  const code = isSecretSyncError(error) ? error.code : "";
  if (code === "argument.invalid") return 2;
  return code === "watch.held" ? 4 : 1;
}

interface Runner {
  readonly settings: WatchSettings;
  readonly closing: Closers;
  readonly signals: Signals;
  readonly supervisor: Supervisor | undefined;
}

/** A stack, and its program when it could be opened. */
interface Opening {
  readonly choice: StackChoice;
  readonly opened: WatchedStack | undefined;
}

/** A stack that cannot be opened does not end the others, and is retried. One that another runner holds is the caller's mistake. */
async function openAll({ settings, closing, signals }: Runner): Promise<Opening[]> {
  const stacks: Opening[] = [];
  const errors: unknown[] = [];
  for (const choice of settings.stacks) {
    if (signals.ending.aborted) break;
    try {
      const opened = await openWatched({ choice, limit: settings.limit, ending: signals.ending });
      closing.push(opened.lock.release);
      stacks.push({ choice, opened });
    } catch (error) {
      if (isSecretSyncError(error) && error.code === "watch.held") throw error;
      errors.push(error);
      stacks.push({ choice, opened: undefined });
    }
  }
  if (errors.length === settings.stacks.length && !signals.ending.aborted) throw errors[0];
  return stacks;
}

async function keepRunning(runner: Runner): Promise<number> {
  const { settings, closing, signals, supervisor } = runner;
  const stacks = await openAll(runner);
  if (signals.ending.aborted) return 0;
  const kept: KeptStack[] = [];
  const results: RunResult[] = [];
  // First, so that a port in use ends the runner before anything has begun.
  await listen(kept, runner);
  const notifier = openNotifier(settings.notify, say);
  const written = new Map<string, number>();
  const keeping = {
    settings,
    ending: signals.ending,
    inTurn: createTurns({ places: settings.parallel, clock: monotonicClock, patience: turnPatience }),
    writes: {
      at: (targetId: string) => written.get(targetId),
      note: (targetId: string) => void written.set(targetId, monotonicClock.now()),
    },
    say,
  };
  for (const { choice, opened } of stacks) {
    const onEnd: Parameters<typeof keepStack>[0]["onEnd"] = async (report, loop) => {
      results.push(report.outcome.result);
      print(report, settings);
      await notifier.tell(report, loop.health());
    };
    const stack = await keepStack({ ...keeping, choice, opened, onEnd });
    closing.push(stack.close);
    kept.push(stack);
  }
  signals.serve({
    busy: () => kept.filter((stack) => stack.isUpdating()).map(({ label }) => label),
    onStop: () => kept.forEach(({ loop }) => loop.stop()),
    onReload: () => kept.forEach((stack) => stack.reload()),
    onRunNow: () => kept.forEach(({ loop }) => loop.note("signal")),
  });
  const isLive = () => judgeLive(...judged(kept, settings)).fine;
  closing.push(startSupervision({ supervisor, isLive, ending: signals.ending, say }));
  await Promise.all(kept.map(({ loop }) => loop.done));
  return settings.once ? readExitCode(results) : 0;
}

/** A preview takes seconds; what takes longer waits for a vendor. */
const turnPatience = 60_000;

/** How much longer than a look an update may take: half an hour for each of several deployments, one after the other. */
const longestDeployments = 4 * 60 * 60_000;

function judged(kept: readonly KeptStack[], { timing, limit }: WatchSettings) {
  const times = { now: monotonicClock.now(), wall: systemClock.now() };
  const input = { ...times, interval: timing.interval, longestRun: 3 * limit + longestDeployments };
  return [kept.map(({ loop }) => loop.health()), input] as const;
}

async function listen(kept: readonly KeptStack[], { settings, closing }: Runner): Promise<void> {
  const { webhook, health } = settings;
  if (webhook !== undefined) {
    const onNotice = (notice: Notice) => {
      const rung = kept.filter(({ infisical }) => infisical().some((source) => concerns(notice, source)));
      rung.forEach(({ loop }) => loop.note("webhook"));
    };
    const order = { secret: webhook.secret, now: () => systemClock.now(), onNotice };
    closing.push((await listenForWebhooks(webhook.address, order)).close);
  }
  if (health !== undefined) {
    // With the port, not with the first request: by then the packages on disk may have changed.
    const { openMetrics } = await import("./metrics.js");
    const metrics = openMetrics();
    const ready = () => judgeReady(...judged(kept, settings));
    const pages = {
      "/health": ready,
      "/ready": ready,
      "/live": () => judgeLive(...judged(kept, settings)),
      "/metrics": async () => ({
        fine: true,
        body: await metrics.render(...judged(kept, settings)),
        type: metrics.type,
      }),
    };
    closing.push((await listenForHealth(health, pages)).close);
  }
}

function print(report: Report, { json }: WatchSettings): void {
  process.stdout.write(`${json ? renderJson(report) : renderLine(report)}\n`);
  for (const line of renderProblemLines(report)) say(line);
}

function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
