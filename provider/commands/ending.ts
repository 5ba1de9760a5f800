// Command line, IO side: a signal ends a command that only looks, and everything that the command has started.

import { constants } from "node:os";
import { systemClock } from "../clock.js";
import { send } from "./pulumi/process.js";
import { listOwnDescendants } from "./pulumi/process-tree.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** GitHub sends the next signal seven seconds after the first; by then a preview has been ended, gently or for good. */
const mostWaited = 7_000;

/**
 * The CLI has its own process group for a preview, so that neither a terminal nor whoever ends this process reaches it. The first
 * signal ends it in order, another one at once; the exit code is 128 plus the signal.
 */
export async function endOnSignal(look: (ending: AbortSignal) => Promise<void>): Promise<void> {
  const end = new AbortController();
  let first: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (first !== undefined) return leave(signal);
    first = signal;
    end.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  const looking = look(end.signal);
  try {
    await unlessEnded(looking, end.signal);
  } catch (error) {
    if (first === undefined) throw error;
    await Promise.race([looking.catch(() => undefined), systemClock.sleep(mostWaited)]);
    leave(first);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** Without an await, nothing can be started between the list and the end. */
function leave(signal: NodeJS.Signals): never {
  for (const pid of listOwnDescendants()) send(pid, "SIGKILL");
  process.exit(128 + constants.signals[signal]);
}

/** Work that cannot be aborted is abandoned. It only looks, and its process ends with this one. */
async function unlessEnded<T>(work: Promise<T>, ending: AbortSignal | undefined): Promise<T> {
  if (ending === undefined) return work;
  const listening = new AbortController();
  const ended = new Promise<never>((_, fail) => {
    const stop = () => fail(ending.reason as Error);
    if (ending.aborted) stop();
    ending.addEventListener("abort", stop, { signal: listening.signal });
  });
  return Promise.race([work, ended]).finally(() => listening.abort());
}
