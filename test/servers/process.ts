// Test side: a server of its own process: started, awaited, and ended by its id.

import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface RunningServer {
  readonly origin: string;
  stop(): Promise<void>;
}

/** A second or two; where everything has to be read from a disk that other work keeps busy, it took more than half a minute. */
const startMs = 180_000;

/** Starts a program and waits until `isReady` answers true. */
export async function startServer(
  command: readonly [string, ...string[]],
  { origin, isReady }: { origin: string; isReady: (origin: string) => Promise<boolean> },
): Promise<RunningServer> {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: "ignore" });
  const until = Date.now() + startMs;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    if (await isReady(origin).catch(() => false)) return { origin, stop: () => stop(child) };
    await sleep(100);
  }
  await stop(child);
  throw new Error(`${program} was not ready in ${startMs / 1000} seconds`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
  });
  child.kill();
  await ended;
}

export async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}
