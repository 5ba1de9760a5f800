// Command line, IO side: which processes a process has started, and those in turn.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A process and all its descendants. */
export async function listTree(root: number): Promise<number[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid="]).catch(() => ({ stdout: "" }));
  const pairs = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [root];
  for (const parent of tree)
    tree.push(...pairs.flatMap(([pid, of]) => (of === parent && pid !== undefined ? [pid] : [])));
  return tree;
}
