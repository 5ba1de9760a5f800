// IO side: the processes that a command has started, and how to end them. A process may leave its group (setsid), but not its parent.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process, by its number and its start time, because numbers are reused. */
interface Member {
  readonly pid: number;
  readonly parent: number;
  readonly began: string;
}

export interface Family {
  /** Sends a signal to all members, new ones included. */
  signal(name: "SIGTERM" | "SIGKILL"): void;
}

/**
 * The command, its group, its descendants, and any other process that holds its output. A process that has left its group, whose parent
 * has ended, and that has closed the output cannot be found: a daemon in every respect.
 */
export function watchFamily(leader: number): Family {
  const output = readOutput(leader, 1);
  const known = new Map<number, string>();
  return {
    signal: (name) => {
      if (process.platform === "win32") {
        // Windows has no groups, and no signal that a process could heed.
        spawnSync("taskkill", ["/pid", String(leader), "/T", "/F"], { stdio: "ignore", windowsHide: true });
        return;
      }
      const living = listProcesses();
      for (const member of findMembers(living, { leader, known, output })) known.set(member.pid, member.began);
      send(-leader, name);
      for (const member of living.filter(({ pid, began }) => known.get(pid) === began)) send(member.pid, name);
    },
  };
}

interface Traits {
  readonly leader: number;
  /** Earlier members, whose parents may have ended since. */
  readonly known: ReadonlyMap<number, string>;
  /** The name of the pipe or socket that the command prints to. */
  readonly output: string | undefined;
}

function findMembers(living: readonly Member[], { leader, known, output }: Traits): Member[] {
  const children = Map.groupBy(living, ({ parent }) => parent);
  const found = new Map<number, Member>();
  const roots = living.filter(
    ({ pid, began }) => pid === leader || known.get(pid) === began || (output !== undefined && holds(pid, output)),
  );
  for (const open = [...roots]; open.length > 0;) {
    const member = open.pop();
    if (member === undefined || found.has(member.pid) || member.pid === process.pid) continue;
    found.set(member.pid, member);
    open.push(...(children.get(member.pid) ?? []));
  }
  return [...found.values()];
}

/** False for another user's process, which we may not inspect, and on any system but Linux. */
function holds(pid: number, output: string): boolean {
  if (pid === process.pid) return false;
  return [1, 2].some((descriptor) => readOutput(pid, descriptor) === output);
}

function readOutput(pid: number, descriptor: number): string | undefined {
  try {
    const name = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    return /^(?:pipe|socket):/.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

function listProcesses(): Member[] {
  return process.platform === "linux" ? listFromProc() : listFromPs();
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function listFromProc(): Member[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, "utf8");
        // Counted from behind the program's name, which may contain spaces and parentheses.
        const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
        return [{ pid: Number(name), parent: Number(fields[1]), began: fields[19] ?? "" }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

function listFromPs(): Member[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,lstart="], { encoding: "utf8", timeout: 2_000 });
  return (stdout ?? "").split("\n").flatMap((line) => {
    const [, pid, parent, began = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), began }];
  });
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended, or its group has.
  }
}
