// Whether a process runs.

import { spawnSync } from "node:child_process";

/** One that has ended may still be listed until its parent looks. */
export function isAlive(pid: number): boolean {
  return /^[^Z\s]/.test(spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout);
}
