// Command line, IO side: the processes that a process has started, directly or indirectly.

import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const listing = ["-A", "-o", "pid=,ppid="];

/** A process and all its descendants. */
export async function listTree(root: number): Promise<number[]> {
  const { stdout } = await run("ps", listing).catch(() => ({ stdout: "" }));
  return growTree(root, stdout);
}

/** The descendants of this process, which starts no others while they are listed. */
export function listOwnDescendants(): number[] {
  try {
    const stdout = execFileSync("ps", listing, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return growTree(process.pid, stdout).slice(1);
  } catch {
    return [];
  }
}

/** Only whole pairs count: a gap read as process 0 would bring in everything that runs. */
function growTree(root: number, listed: string): number[] {
  const pairs = listed.split("\n").flatMap((line) => {
    const [, pid, parent] = /^\s*([1-9]\d*)\s+([1-9]\d*)\s*$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent) }];
  });
  const tree = [root];
  for (const one of tree) tree.push(...pairs.flatMap(({ pid, parent }) => (parent === one ? [pid] : [])));
  return tree;
}
