// Command line, IO side: a child process with a time limit, which outlives the runner and is ended gently, then for good.

import { type ChildProcess, spawn } from "node:child_process";
import { type FileHandle, mkdtemp, open, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../clock.js";
import { SecretSyncError } from "../../errors.js";
import { isFolder } from "../folders.js";
import { listTree } from "./process-tree.js";

export interface ProcessOrder {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly limit: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between Ctrl-C and killing what is left. */
  readonly grace: number;
}

export interface ProcessEnd {
  /** -1: a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** It had to be ended, because its time was up or on request. */
  readonly cut?: "limit" | "signal" | undefined;
}

/**
 * The process has its own group, so that a terminal's Ctrl-C does not reach it; and its output goes to unnamed files: if the runner were
 * killed, a pipe would end an update with it.
 *
 * @throws SecretSyncError `watch.temporary`, `cli.missing`, `program.missing`
 */
export async function runProcess(order: ProcessOrder): Promise<ProcessEnd> {
  const [stdout, stderr] = [await openUnnamed(), await openUnnamed()];
  const ended = new AbortController();
  try {
    const stdio = ["ignore", stdout.fd, stderr.fd] as const;
    const child = await start(order, stdio);
    const exit = new Promise<number>((end, fail) => {
      child.on("error", fail);
      child.on("close", (status) => end(status ?? -1));
    }).finally(() => ended.abort());
    // Without the handler, a missing command would end the runner during the wait for the cut.
    exit.catch(() => undefined);
    const cut = await waitForCut(order, ended.signal);
    if (cut !== undefined && child.pid !== undefined)
      await endTree(child.pid, { grace: order.grace, ended: ended.signal });
    const code = await exit.catch(async (error: NodeJS.ErrnoException) => {
      throw await cannotStart(order, error.code);
    });
    // Its output may be cut off, so none of it can be trusted.
    if (code !== 0 && (await isFull())) throw cannotUse("ENOSPC");
    return { code, stdout: await readWhole(stdout), stderr: await readWhole(stderr), cut };
  } finally {
    await stdout.close();
    await stderr.close();
  }
}

/** Node reports some reasons at once, such as a file in place of the folder, and the others later. */
async function start(order: ProcessOrder, stdio: readonly ["ignore", number, number]): Promise<ChildProcess> {
  const { command, args, cwd, env } = order;
  try {
    return spawn(command, [...args], { cwd, env, stdio: [...stdio], detached: true, windowsHide: true });
  } catch (error) {
    throw await cannotStart(order, (error as NodeJS.ErrnoException).code);
  }
}

/** An upgrade of the CLI, or a checkout of the program, may be under way. */
async function cannotStart({ command, cwd }: ProcessOrder, reason = "refused"): Promise<SecretSyncError> {
  if (!(await isFolder(cwd))) {
    const message = `there is no folder ${cwd}; correct the path of the program, or mount or check out what belongs there`;
    return new SecretSyncError({ code: "program.missing", message });
  }
  const why = reason === "ENOENT" ? `${command} is not on the PATH` : reason;
  const cure = "install it, or extend PATH (https://www.pulumi.com/docs/install/)";
  const message = `the Pulumi CLI cannot be started: ${why}; ${cure}`;
  return new SecretSyncError({ code: "cli.missing", message });
}

/** Why it has to be ended; undefined when it ends by itself. */
async function waitForCut({ limit, signal }: ProcessOrder, ended: AbortSignal): Promise<ProcessEnd["cut"]> {
  await systemClock.sleep(limit, signal === undefined ? ended : AbortSignal.any([ended, signal]));
  if (ended.aborted) return undefined;
  return signal?.aborted === true ? "signal" : "limit";
}

/** The CLI treats the first Ctrl-C as a request to end in order, and releases its lock. */
async function endTree(pid: number, { grace, ended }: { grace: number; ended: AbortSignal }): Promise<void> {
  // Plugins of the CLI have their own process groups and survive when it is killed, so they are looked up first.
  send(pid, "SIGINT");
  await systemClock.sleep(grace, ended);
  if (ended.aborted) return endGroup(pid, grace);
  for (const one of await listTree(pid)) send(one, "SIGKILL");
}

/** A wrapper of the CLI, such as a version manager puts on the PATH, ends before the CLI does. */
async function endGroup(leader: number, grace: number): Promise<void> {
  send(-leader, "SIGINT");
  for (let waited = 0; waited < grace && send(-leader, 0); waited += groupPause) await systemClock.sleep(groupPause);
  send(-leader, "SIGKILL");
}

const groupPause = 50;

/** @returns whether there is such a process; the negative number of a leader is its group */
export function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // It is gone already.
    return false;
  }
}

/** Unlinked before anything is written, so that nothing is left on disk, however the processes end. */
async function openUnnamed(): Promise<FileHandle> {
  try {
    const folder = await mkdtemp(path.join(tmpdir(), "pulumi-secret-sync-"));
    try {
      return await open(path.join(folder, "output"), "wx+", 0o600);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    throw cannotUse((error as NodeJS.ErrnoException).code);
  }
}

async function isFull(): Promise<boolean> {
  return statfs(tmpdir()).then(
    ({ bavail }) => bavail === 0,
    () => false,
  );
}

function cannotUse(reason = "refused"): SecretSyncError {
  return new SecretSyncError({
    code: "watch.temporary",
    message: `the temporary folder ${tmpdir()} cannot be used (${reason}); make it, make room in it, or set TMPDIR to another`,
  });
}

/** Reads from the beginning: the position is shared with the process that wrote. */
async function readWhole(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
  return buffer.subarray(0, bytesRead).toString();
}
