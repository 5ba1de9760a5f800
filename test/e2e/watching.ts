// The unattended runner as its users start it, in a process group of its own as a shell would give it one.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { expect } from "vitest";
import type { World } from "./harness.js";

/** One line of `--json`. */
export interface Line {
  readonly stack: string;
  readonly cause: readonly string[];
  readonly result: string;
  readonly changes: ReadonlyArray<{ readonly sync: string; readonly did: string; readonly keys: number }>;
  readonly waiting?: readonly string[];
  readonly code?: string;
  readonly severity: string;
  readonly run: string;
  readonly message: string;
  readonly syncs: ReadonlyArray<{ readonly sync: string; readonly result: string }>;
  readonly holds?: ReadonlyArray<{ readonly sync: string; readonly kind: string; readonly reason: string }>;
  readonly problems?: ReadonlyArray<{
    readonly code: string;
    readonly message: string;
    readonly sync?: string;
    readonly retryable: boolean;
  }>;
  readonly attempt: number;
  readonly next: string;
  readonly durationMs: number;
}

export interface Watching {
  readonly pid: number;
  /** The next line of standard output that has not been taken yet. */
  next(): Promise<Line>;
  /** The next line with this result; those before it have to be without a finding, or of the kind that is passed over. */
  until(result: string, passed?: string): Promise<Line>;
  /** Waits for a text on standard error. */
  says(text: string): Promise<void>;
  stderr(): string;
  /** How many lines it has written, taken or not. */
  lines(): number;
  /** The exit code, when it has ended. */
  readonly ended: Promise<number>;
  /** SIGTERM to the runner alone, or another signal to its whole group as a terminal's Ctrl-C. */
  end(signal?: NodeJS.Signals): Promise<number>;
  interrupt(): void;
  /** Nobody reads its lines any more. */
  hangUp(): void;
}

/** The command line as it is built. */
export const runnerProgram = resolve(__dirname, "../../dist/provider/commands/main.js");

/** Starts `watch --json`; whatever it prints must hold no canary. */
export function startWatch(world: World, args: readonly string[] = []): Watching {
  const child = spawn(process.execPath, [runnerProgram, "watch", "--json", ...args], {
    cwd: world.directory,
    env: world.environment,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const text = { stdout: "", stderr: "" };
  let taken = 0;
  let isOver = false;
  child.stdout.on("data", (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text.stderr += chunk.toString()));
  const ended = new Promise<number>((end) => {
    child.on("close", (code) => {
      isOver = true;
      end(code ?? -1);
    });
  }).then((code) => {
    for (const canary of world.canaries) expect(text.stdout + text.stderr).not.toContain(canary);
    return code;
  });
  const next = async (): Promise<Line> => {
    const lines = () => text.stdout.split("\n").slice(0, -1);
    await eventually(() => lines().length > taken || isOver, `a line of the runner, which said ${text.stderr}`);
    const line = lines()[taken];
    if (line === undefined) throw new Error(`the runner has ended: ${text.stderr}`);
    taken += 1;
    return JSON.parse(line) as Line;
  };
  const until = async (result: string, passed = "unchanged"): Promise<Line> => {
    const line = await next();
    if (line.result === result) return line;
    expect(["unchanged", passed], text.stderr).toContain(line.result);
    return until(result, passed);
  };
  return {
    pid: child.pid ?? -1,
    next,
    until,
    says: (part) => eventually(() => text.stderr.includes(part), `"${part}" on standard error`),
    stderr: () => text.stderr,
    lines: () => text.stdout.split("\n").length - 1,
    ended,
    end: (signal = "SIGTERM") => {
      child.kill(signal);
      return ended;
    },
    hangUp: () => child.stdout.destroy(),
    interrupt: () => process.kill(-(child.pid ?? 0), "SIGINT"),
  };
}

/** Polls for a state of the world that no event tells. */
export async function eventually(isSo: () => boolean, what: string, seconds = 90): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await new Promise((again) => setTimeout(again, 50));
  }
}

/** One that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
