// Command line, IO side: notifies a program or an address of what has begun to fail, waits for a person, or has recovered.

import { spawn } from "node:child_process";
import { systemClock } from "../../clock.js";
import { printableJson } from "../../printable.js";
import { send } from "../pulumi/process.js";
import { listTree } from "../pulumi/process-tree.js";
import { findNotices, type StackNotice, type Told } from "./notices.js";
import type { StackHealth } from "./health.js";
import type { Report } from "./report.js";

export interface Notifier {
  tell(report: Report, health: StackHealth): Promise<void>;
}

/** A hanging receiver delays the runner no longer than this. */
const patience = 10_000;

/** The part of it between asking a program to end and killing it. */
const grace = 2_000;

/** @param say called when a notice could not be delivered, which does not fail a run */
export function openNotifier(to: string | undefined, say: (line: string) => void): Notifier {
  const told = new Map<string, Told>();
  return {
    tell: async (report, health) => {
      if (to === undefined) return;
      const found = findNotices(told.get(report.stack) ?? new Map(), report.outcome, health);
      told.set(report.stack, found.told);
      for (const notice of found.notices) {
        const body = printableJson({ ...notice, run: report.run, time: new Date(report.endedAt).toISOString() });
        await (isAddress(to) ? post(to, body) : hand(to, body)).catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          say(`${report.stack}: the notice "${describe(notice)}" was not delivered (${reason})`);
        });
      }
    },
  };
}

function describe({ event, syncs }: StackNotice): string {
  return [event, ...syncs].join(" ");
}

function isAddress(to: string): boolean {
  return /^https?:\/\//i.test(to);
}

async function post(to: string, body: string): Promise<void> {
  const answer = await fetch(to, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(patience),
  }).catch(() => undefined);
  // The address may hold a token, so neither it nor an error that may quote it is repeated.
  if (answer === undefined) throw new Error("its address does not answer");
  if (!answer.ok) throw new Error(`it was answered with status ${answer.status}`);
}

/** Without a shell; the notice is on its standard input. */
async function hand(program: string, body: string): Promise<void> {
  const child = spawn(program, [], { stdio: ["pipe", "ignore", "inherit"] });
  const gone = new AbortController();
  const ended = new Promise<number | null>((end, fail) => {
    child.on("error", fail);
    child.on("exit", end);
  }).finally(() => gone.abort());
  // Without the handler, a missing program would end the runner during the wait.
  ended.catch(() => undefined);
  child.stdin.on("error", () => undefined);
  child.stdin.end(`${body}\n`);
  await systemClock.sleep(patience - grace, gone.signal);
  if (!gone.signal.aborted && child.pid !== undefined) await endTree(child.pid, gone.signal);
  // Not even SIGKILL ends a program that waits for a disk or a mount, and the stack has to go on.
  if (!gone.signal.aborted) throw new Error(`${program} did not end in ${patience / 1000} seconds, and was killed`);
  const code = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${code ?? "a signal"}`);
}

/** A script may hang in a child process, which would survive if only the script were ended. */
async function endTree(pid: number, gone: AbortSignal): Promise<void> {
  for (const one of await listTree(pid)) send(one, "SIGTERM");
  await systemClock.sleep(grace, gone);
  if (gone.aborted) return;
  for (const one of await listTree(pid)) send(one, "SIGKILL");
}
