// Lock: one installing process per version. A folder, because creating one either succeeds or fails, on every file system.
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const beatEvery = 10_000;
// Process ids mean nothing across containers that share a cache; a lock that has not been touched for this long is dead too.
const deadAfter = 6 * beatEvery;

/**
 * Runs `work` while holding the lock; waits for another holder, takes over from a dead one.
 * @template T
 * @param {{ folder: string, log: (line: string) => void, pollEvery?: number }} lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function holdLock({ folder, log, pollEvery = 1000 }, work) {
  await acquire(folder, log, pollEvery);
  const beat = setInterval(() => touch(folder), beatEvery);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {(line: string) => void} log
 * @param {number} pollEvery
 */
async function acquire(folder, log, pollEvery) {
  const started = Date.now();
  let told = 0;
  while (!take(folder)) {
    const owner = readOwner(folder);
    if (isStale(folder, owner)) {
      // Two waiters may both get here and then both install. That costs time, nothing else: installing ends in a rename.
      log(`taking over the lock of process ${owner ?? "unknown"}, which is gone`);
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (Date.now() - started >= told * beatEvery) {
      log(`process ${owner ?? "unknown"} is installing the same version, waiting`);
      told += 1;
    }
    await sleep(pollEvery);
  }
}

/** @param {string} folder */
function take(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(path.join(folder, "pid"), `${process.pid}\n`);
  return true;
}

/** @param {string} folder */
function readOwner(folder) {
  try {
    return Number.parseInt(readFileSync(path.join(folder, "pid"), "utf8"), 10) || undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} folder
 * @param {number | undefined} owner
 */
function isStale(folder, owner) {
  if (owner !== undefined && !isAlive(owner)) return true;
  try {
    return Date.now() - statSync(folder).mtimeMs > deadAfter;
  } catch {
    return false;
  }
}

/** @param {string} folder */
function touch(folder) {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // Somebody took the lock over; the rename at the end settles who wins.
  }
}

/**
 * @param {number} pid
 * @returns {boolean}
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal still means that it lives.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
