// Command line, IO side: notifies systemd that the runner is up, works and ends, if systemd wants that (`Type=notify`, `WatchdogSec=`).
// https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html

import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What systemd wants of this process. */
export interface Supervisor {
  readonly socket: string;
  /** Milliseconds within which it expects a sign of life. */
  readonly period?: number | undefined;
}

const variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;

/**
 * Takes it out of the environment, which every process that the runner starts inherits: one that knows the protocol, such as podman,
 * would speak for the runner and name another main process.
 */
export function takeSupervisor(env: Record<string, string | undefined>): Supervisor | undefined {
  const [socket, microseconds, pid] = variables.map((name) => env[name]);
  for (const name of variables) Reflect.deleteProperty(env, name);
  if (!socket) return undefined;
  const period = Number(microseconds) / 1000;
  // It may be meant for another process, such as a unit that started this one.
  const isForUs = pid === undefined || Number(pid) === process.pid;
  return { socket, period: isForUs && period > 0 ? period : undefined };
}

export interface SupervisionOrder {
  readonly supervisor: Supervisor | undefined;
  /** Whether to send a sign of life: systemd restarts a stuck runner that falls silent. */
  readonly isLive: () => boolean;
  /** Aborted when the runner begins to end, which may take as long as an update. */
  readonly ending: AbortSignal;
  readonly say: (line: string) => void;
}

/** @returns a function that ends it, once systemd has been notified of the end */
export function startSupervision({ supervisor, isLive, ending, say }: SupervisionOrder): () => Promise<void> {
  if (supervisor === undefined) return () => Promise.resolve();
  const tell = openLine(supervisor.socket, say);
  const stop = () => void tell("STOPPING=1");
  void tell("READY=1");
  // An earlier signal does not fire again.
  if (ending.aborted) stop();
  ending.addEventListener("abort", stop, { once: true });
  const timer = startPulse(supervisor.period, async () => {
    if (isLive()) await tell("WATCHDOG=1");
  });
  return async () => {
    clearInterval(timer);
    ending.removeEventListener("abort", stop);
    if (!ending.aborted) stop();
    await tell();
  };
}

/** Three times per period, and never more than one at a time. */
function startPulse(period: number | undefined, beat: () => Promise<void>): NodeJS.Timeout | undefined {
  if (period === undefined) return undefined;
  let isBeating = false;
  const pulse = async () => {
    if (isBeating) return;
    isBeating = true;
    await beat();
    isBeating = false;
  };
  return setInterval(() => void pulse(), Math.min(period / 3, longestPause)).unref();
}

/** A timer of more than 24 days fires at once. */
const longestPause = 60 * 60_000;

/** Milliseconds: systemd-notify waits until its message has been read. */
const patience = 5_000;

const run = promisify(execFile);

/**
 * Node cannot open datagram sockets of this kind, so a program of systemd sends one message after the other.
 *
 * @returns a function that sends a message, or only waits for earlier ones
 */
function openLine(socket: string, say: (line: string) => void): (message?: string) => Promise<void> {
  let last = Promise.resolve();
  let isTold = false;
  const send = async (message: string) => {
    try {
      const env = { ...process.env, NOTIFY_SOCKET: socket };
      await run("systemd-notify", [message], { env, timeout: patience });
    } catch (error) {
      if (!isTold) say(`systemd cannot be notified of ${message}: ${explain(error as NodeJS.ErrnoException)}`);
      isTold = true;
    }
  };
  return (message) => {
    if (message !== undefined) last = last.then(() => send(message));
    return last;
  };
}

function explain({ code }: NodeJS.ErrnoException): string {
  return code === "ENOENT" ? "systemd-notify is not installed" : "systemd-notify failed";
}
