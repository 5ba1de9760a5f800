// Command line, IO side: one runner per stack on one machine. Across machines the lock of Pulumi's backend decides.

import { createHash, randomUUID } from "node:crypto";
import { execFile } from "node:child_process";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { systemClock } from "../../clock.js";
import { SecretSyncError } from "../../errors.js";
import { makeFolders } from "../folders.js";

export interface Lock {
  readonly release: () => Promise<void>;
}

/** Who holds a lock. A process number alone is not an identity, because it is reused after its process has ended. */
interface Holder {
  readonly pid: number;
  /** When the process began, according to the system; empty if unknown. */
  readonly began: string;
}

export interface LockOrder {
  /** A folder of this machine and user; made when it is missing. */
  readonly folder: string;
  /** What is locked; backend, project and stack. */
  readonly key: string;
  /** For the message. */
  readonly stack: string;
}

/**
 * Each process that wants the lock first writes a claim and then looks for others' claims, so at least one of two sees the other, however
 * they interleave. Claims have their own names: those of dead processes can be removed without hitting a living one, which no single
 * file with one name allows.
 *
 * @throws SecretSyncError `watch.held` when a living process holds the lock
 */
export async function takeLock({ folder, key, stack }: LockOrder): Promise<Lock> {
  await makeFolders(folder);
  const stem = createHash("sha256").update(key).digest("hex").slice(0, 32);
  const mine = path.join(folder, `${stem}.${randomUUID()}`);
  const holder = JSON.stringify({ pid: process.pid, began: await readBeginning(process.pid) } satisfies Holder);
  const withdraw = () => removeAll([`${mine}.held`, `${mine}.claim`]);
  let isUp = false;
  let other: Claim | undefined;
  for (let round = 0; round < 100; round += 1) {
    // Only once: a name that is being replaced may be missing from a listing.
    if (!isUp) await place(`${mine}.claim`, holder);
    isUp = true;
    const others = (await livingClaims(folder, stem)).filter(({ name }) => name !== mine);
    if (others.length === 0) {
      await place(`${mine}.held`, holder);
      return { release: withdraw };
    }
    other = others.find(({ isHeld }) => isHeld) ?? others.find(({ name }) => name < mine) ?? other;
    if (other?.isHeld === true) break;
    // If several only claim, the first by name stays.
    if (others.some(({ name }) => name < mine)) {
      await removeAll([`${mine}.claim`]);
      isUp = false;
    }
    await systemClock.sleep(20 + Math.random() * 40);
  }
  await withdraw();
  throw held(stack, other?.holder);
}

interface Claim {
  /** Path without its ending. */
  readonly name: string;
  readonly holder: Holder;
  readonly isHeld: boolean;
}

/** Takes away what dead processes have left. */
async function livingClaims(folder: string, stem: string): Promise<Claim[]> {
  const files = (await readdir(folder)).filter((file) => file.startsWith(`${stem}.`));
  const names = files.filter((file) => file.endsWith(".claim")).map((file) => file.slice(0, -".claim".length));
  const claims: Claim[] = [];
  for (const name of names.map((one) => path.join(folder, one))) {
    const text = await readFile(`${name}.claim`, "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const holder = readHolder(text);
    if (holder === undefined || !(await isAlive(holder))) await removeAll([`${name}.held`, `${name}.claim`]);
    else claims.push({ name, holder, isHeld: files.includes(`${path.basename(name)}.held`) });
  }
  return claims;
}

/** Appears with its whole content. */
async function place(file: string, content: string): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, file);
}

async function removeAll(files: readonly string[]): Promise<void> {
  for (const file of files) await rm(file, { force: true });
}

function readHolder(text: string): Holder | undefined {
  try {
    const { pid, began } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === "number" && typeof began === "string" ? { pid, began } : undefined;
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, began }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not allowed to signal it: it is alive, but somebody else's.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return (await readBeginning(pid)) === began;
}

async function readBeginning(pid: number): Promise<string> {
  try {
    // Field 22, counted from behind the program's name, which may contain spaces and parentheses. See proc_pid_stat(5).
    const status = await readFile(`/proc/${pid}/stat`, "utf8");
    return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    const said = await run("ps", ["-o", "lstart=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
    return said.stdout.trim();
  }
}

const run = promisify(execFile);

function held(stack: string, holder: Holder | undefined): SecretSyncError {
  const who = holder === undefined ? "another process" : `process ${holder.pid}`;
  return new SecretSyncError({
    code: "watch.held",
    message: `${who} on this machine already watches ${stack}; stop it first, or watch other stacks`,
  });
}
