// One runner per stack: a lock in a folder, held by living processes only.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "../../../provider/commands/watch/lock.js";

let folder: string;
const order = (key = "k") => ({ folder: join(folder, "locks"), key, stack: "shop/prod" });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "secret-sync-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const files = () => readdir(join(folder, "locks"));

/** Leaves a lock as a process would that ended without a word. */
async function leave(holder: unknown): Promise<void> {
  const { release } = await takeLock(order());
  const left = await files();
  await release();
  const text = typeof holder === "string" ? holder : JSON.stringify(holder);
  for (const file of left) await writeFile(join(folder, "locks", file), text);
}

// Skipped where there is no /proc/self.
test.skipIf(!existsSync("/proc/self"))("a folder below which nothing can be made is refused at once", async () => {
  await expect(takeLock({ ...order(), folder: "/proc/nope/locks" })).rejects.toThrow("ENOENT");
});

test("a lock is held by one, per stack, until it is given back", async () => {
  const lock = await takeLock(order());
  await expect(takeLock(order())).rejects.toThrow(
    `watch.held: process ${process.pid} on this machine already watches shop/prod`,
  );
  const other = await takeLock(order("another"));
  await lock.release();
  await (await takeLock(order())).release();
  await other.release();
  expect(await files()).toEqual([]);
});

test("a dead process's lock is taken over", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((ended) => child.on("close", ended));
  await leave({ pid: child.pid, began: "1" });
  const lock = await takeLock(order());
  await lock.release();
  expect(await files()).toEqual([]);
});

test("a lock whose process number was given to another process since is taken over", async () => {
  await leave({ pid: process.pid, began: "long ago" });
  await expect(takeLock(order())).resolves.toBeDefined();
});

test("a lock that cannot be read is taken over", async () => {
  await leave("{");
  await expect(takeLock(order())).resolves.toBeDefined();
});

test("of many that take over a dead lock at once, one gets it", async () => {
  for (let round = 0; round < 10; round += 1) {
    await leave({ pid: process.pid, began: "long ago" });
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(order())));
    const locks = taken.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(locks).toHaveLength(1);
    await locks[0]?.release();
  }
});
