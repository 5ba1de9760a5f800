// One runner per stack: a lock in a folder, held by living processes only.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { takeLock } from "../../../provider/commands/watch/lock.js";
import { waitFor } from "../../waiting.js";

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

test.each(["{", "{}", "7", '{"pid":"1","began":"1"}', JSON.stringify({ pid: process.pid }), '{"began":""}'])(
  "a lock that reads %s is nobody's, and is taken over",
  async (text) => {
    await leave(text);
    await expect(takeLock(order())).resolves.toBeDefined();
  },
);

test("of many that take over a dead lock at once, one gets it", async () => {
  for (let round = 0; round < 10; round += 1) {
    await leave({ pid: process.pid, began: "long ago" });
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(order())));
    const locks = taken.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(locks).toHaveLength(1);
    await locks[0]?.release();
  }
});

test("a process that may not be signalled holds its lock", async () => {
  const lock = await takeLock(order());
  vi.spyOn(process, "kill").mockImplementation(() => {
    throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
  });
  await expect(takeLock(order())).rejects.toThrow(`watch.held: process ${process.pid} `);
  vi.restoreAllMocks();
  await lock.release();
});

describe("of two that claim at the same time", () => {
  /** Claims as another living process does, with a name that sorts as this one. */
  async function claim(name: string): Promise<{ file: string; withdraw: () => Promise<void> }> {
    const { release } = await takeLock(order());
    const [held = ""] = (await files()).filter((file) => file.endsWith(".claim"));
    const text = await readFile(join(folder, "locks", held), "utf8");
    await release();
    const file = held.replace(/\..*/, `.${name}.claim`);
    await writeFile(join(folder, "locks", file), text);
    return { file, withdraw: () => rm(join(folder, "locks", file)) };
  }

  test("the first by name stays, and takes the lock once the other one is gone", async () => {
    const later = await claim("zzz");
    const taking = takeLock(order());
    await waitFor(async () => expect(await files()).toHaveLength(2));
    for (let look = 0; look < 10; look += 1) {
      await new Promise((next) => setTimeout(next, 25));
      expect(await files()).toHaveLength(2);
    }
    await later.withdraw();
    await (await taking).release();
    expect(await files()).toEqual([]);
  });

  test("the second by name makes room again and again, and takes the lock once the other one is gone", async () => {
    const first = await claim("!");
    const taking = takeLock(order());
    await waitFor(async () => expect(await files()).toHaveLength(2));
    await waitFor(async () => expect(await files()).toEqual([first.file]));
    await first.withdraw();
    await (await taking).release();
    expect(await files()).toEqual([]);
  });

  test("the second one gives up naming the first, if that one never decides", async () => {
    const first = await claim("!");
    await expect(takeLock(order())).rejects.toThrow(`watch.held: process ${process.pid} `);
    expect(await files()).toEqual([first.file]);
  });
});
