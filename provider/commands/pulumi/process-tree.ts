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

function growTree(root: number, listed: string): number[] {
  const pairs = listed.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [root];
  for (const parent of tree)
    tree.push(...pairs.flatMap(([pid, of]) => (of === parent && pid !== undefined ? [pid] : [])));
  return tree;
}
