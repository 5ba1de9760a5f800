// Command line, IO side: tells systemd that the runner is up and goes on, where systemd asks for it (`Type=notify`, `WatchdogSec=`).
// https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html

import { execFile } from "node:child_process";

export interface SupervisionOrder {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether to say so: a runner that is stuck is started again by systemd when it falls silent. */
  readonly isLive: () => boolean;
  /** Sends one message. Node opens no datagram sockets of this kind, so a program of systemd does. */
  readonly send?: (message: string) => void;
}

/** @returns a function that ends it */
export function startSupervision({ env, isLive, send = sendNotify }: SupervisionOrder): () => void {
  if (!env["NOTIFY_SOCKET"]) return () => undefined;
  send("READY=1");
  const period = Number(env["WATCHDOG_USEC"]) / 1000;
  // It may be meant for another process, as of a unit that started this one.
  const isForUs = env["WATCHDOG_PID"] === undefined || Number(env["WATCHDOG_PID"]) === process.pid;
  const timer = period > 0 && isForUs ? setInterval(() => isLive() && send("WATCHDOG=1"), period / 3) : undefined;
  timer?.unref();
  return () => {
    clearInterval(timer);
    send("STOPPING=1");
  };
}

function sendNotify(message: string): void {
  // Where systemd-notify is missing, the unit cannot be of this type, and systemd says so itself.
  execFile("systemd-notify", [message], () => undefined);
}
