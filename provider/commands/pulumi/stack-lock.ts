// Pure: the lock of a stack as the CLI reports it: who holds it, since when, and whether it will ever be released.

import type { Problem } from "../../errors.js";

/** One lock of a backend that keeps its state in files. */
export interface StackLock {
  /** `user@host`. */
  readonly owner: string;
  readonly pid: number;
  /** Milliseconds since the epoch; NaN when it cannot be read. */
  readonly since: number;
}

export interface LockWitness {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The name of this machine. */
  readonly host: string;
  readonly isAlive: (pid: number) => boolean;
}

/** Messages of a backend that keeps its state in files, and of Pulumi Cloud. */
const lockedText = /the stack is currently locked by|Another update is currently in progress/;

/** The whole error when a lock file is empty or cut off by a full disk: the CLI reads every lock before it updates. */
const unreadableText =
  /^error: (?:unexpected end of JSON input|invalid character .* (?:looking for|after|in|literal) .*)$/m;

const lockLine = /: created by (\S+@\S+) \(pid (\d+)\) at (\S+)/g;

const anHour = 60 * 60_000;

/** Why an update could not begin, if a lock is the reason. */
export function findLockProblem(said: string, witness: LockWitness): Problem | undefined {
  if (unreadableText.test(said)) return stale("a lock file of the stack is empty or cut off, as a full disk leaves it");
  if (!lockedText.test(said)) return undefined;
  const locks = readLocks(said);
  const hopeless = locks.map((lock) => sayStale(lock, witness)).find((reason) => reason !== undefined);
  if (hopeless !== undefined) return stale(hopeless);
  const holder = locks[0] === undefined ? "" : `, held by ${describe(locks[0], witness.now)}`;
  return {
    code: "stack.locked",
    message: `another update of the stack is in progress${holder}; watch tries again by itself`,
  };
}

function readLocks(said: string): StackLock[] {
  return [...said.matchAll(lockLine)].map(([, owner = "", pid, since = ""]) => ({
    owner,
    pid: Number(pid),
    since: Date.parse(since),
  }));
}

function sayStale(lock: StackLock, { now, host, isAlive }: LockWitness): string | undefined {
  const isHere = lock.owner.slice(lock.owner.lastIndexOf("@") + 1) === host;
  const text = `the stack is locked by ${describe(lock, now)}`;
  if (isHere && !isAlive(lock.pid)) return `${text}, and that process is gone`;
  return now - lock.since > anHour ? text : undefined;
}

function describe({ owner, pid, since }: StackLock, now: number): string {
  const minutes = Math.max(0, Math.round((now - since) / 60_000));
  const age = Number.isNaN(minutes) ? "" : ` for ${minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`}`;
  return `${owner} (process ${pid})${age}`;
}

function stale(reason: string): Problem {
  return {
    code: "stack.lock_stale",
    message: `${reason}; make sure that no update of it runs anywhere, then run pulumi cancel`,
  };
}
