// IO side: one child process from start to end, without a shell, bounded in time and output. It knows nothing of secrets.

import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { type Family, watchFamily } from "./process-family.js";
import { readSystemCode } from "./system-error.js";

export interface CommandRequest {
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** The largest standard output that is taken. */
  readonly maxBytes: number;
}

/** How a command ended. Output is only meant for parsing and masking, never for a message as it is. */
export interface CommandOutcome {
  /** `held`: it ended, and something that it had started kept its output open until the time was over. */
  readonly ending: "exited" | "killed" | "timeout" | "held" | "too-large" | "not-started";
  /** The exit code, the signal, or the system's error code. */
  readonly detail: string;
  readonly stdout: Buffer;
  /** The end of the standard error, cut at a line. */
  readonly stderr: string;
}

/** Between SIGTERM and SIGKILL. */
const graceMilliseconds = 2000;
/** How much of the standard error is kept, so that masking sees whole lines before the message takes the last of them. */
const maxStderr = 16 * 1024;

/** Running commands. A command in its own group receives no Ctrl-C, so it is ended with this process. */
const running = new Set<Family>();
process.on("exit", () => {
  for (const family of running) family.signal("SIGKILL");
});

/** Runs a command and waits until it has ended and both its outputs are closed. */
export function runCommand(request: CommandRequest): Promise<CommandOutcome> {
  return new Promise((resolve) => {
    const child = start(request);
    if (typeof child === "string") {
      resolve({ ending: "not-started", detail: child, stdout: Buffer.alloc(0), stderr: "" });
      return;
    }
    const family = child.pid === undefined ? undefined : watchFamily(child.pid);
    let stopped: (() => void) | undefined;
    let kill: NodeJS.Timeout | undefined;
    const stop = (ending: CommandOutcome["ending"], detail = "") => {
      if (stopped !== undefined) return;
      stopped = () => finish(ending, detail);
      family?.signal("SIGTERM");
      kill = setTimeout(() => {
        family?.signal("SIGKILL");
        // A process that cannot be found may hold the pipes for ever.
        stopped?.();
      }, graceMilliseconds);
    };
    const timer = setTimeout(() => {
      if (child.exitCode !== null) stop("held", `exit code ${child.exitCode}`);
      else if (child.signalCode !== null) stop("held", child.signalCode);
      else stop("timeout");
    }, request.timeoutSeconds * 1000);
    const stdout = collect(child.stdout, request.maxBytes, () => stop("too-large"));
    const stderr = collectEnd(child.stderr);
    const finish = (ending: CommandOutcome["ending"], detail: string) => {
      clearTimeout(timer);
      clearTimeout(kill);
      if (family !== undefined) running.delete(family);
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      child.unref();
      resolve({ ending, detail, stdout: Buffer.concat(stdout), stderr: stderr() });
    };
    if (family !== undefined) running.add(family);
    child.on("error", (error) => finish("not-started", readSystemCode(error)));
    child.once("close", (code, signal) => {
      // The others may outlive their leader if it heeded the signal and they did not.
      if (stopped !== undefined) family?.signal("SIGKILL");
      if (stopped !== undefined) stopped();
      else if (code === null) finish("killed", signal ?? "unknown signal");
      else finish("exited", String(code));
    });
  });
}

function start({ command, directory, environment }: CommandRequest) {
  const [program = "", ...parameters] = command;
  try {
    return spawn(program, parameters, {
      cwd: directory,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      shell: false,
      windowsHide: true,
      // Its own process group, so that a timeout also ends what the command started. Windows has no groups.
      detached: process.platform !== "win32",
    });
  } catch (error) {
    // For example a NUL character in an argument; the message would quote the argument.
    return readSystemCode(error);
  }
}

/** Keeps at most so many bytes: a command that ignores the signal may print on until it is killed. */
function collect(stream: Readable, maxBytes: number, onExcess: () => void): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) onExcess();
    else chunks.push(chunk);
  });
  return chunks;
}

function collectEnd(stream: Readable): () => string {
  let kept = Buffer.alloc(0);
  let cut = false;
  stream.on("data", (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]);
    cut ||= kept.length > maxStderr;
    kept = kept.subarray(-maxStderr);
  });
  // Half a secret at the cut would not be recognised by masking.
  return () => (cut ? kept.toString().replace(/^[^\n]*\n?/, "") : kept.toString());
}
