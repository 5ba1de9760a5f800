// Opening a stack with a CLI that the test writes: what is refused, and with which code.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SyncOnRecord } from "../../../provider/commands/deployment.js";
import { openWatched } from "../../../provider/commands/watch/program.js";
import { writeExecutable } from "../../executable.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "secret-sync-open-"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  vi.stubEnv("PULUMI_HOME", join(folder, "home"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** A CLI that knows its version, and does this for every other question. */
async function play(script: string): Promise<void> {
  await mkdir(join(folder, "bin"));
  const file = join(folder, "bin", "pulumi");
  writeExecutable(file, `#!/bin/sh\nif [ "$1" = version ]; then echo v3.259.0; exit; fi\n${script}\n`);
  vi.stubEnv("PATH", `${join(folder, "bin")}${delimiter}${process.env["PATH"]}`);
}

const open = ({ directory = folder, limit = 20_000, ending = new AbortController().signal } = {}) =>
  openWatched({ choice: { directory, stack: "prod" }, limit, ending });

const identity = `if [ "$1" = whoami ]; then echo '{"user":"me","url":"file://x"}'; fi`;

test("a stack is opened with project and name", async () => {
  await play(identity);
  const { label, lock } = await open();
  expect(label).toBe("shop/prod");
  await lock.release();
});

test("a folder below that of the program will do, and its relative paths start at the program", async () => {
  await play(identity);
  await writeFile(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\nmain: infra\n");
  await mkdir(join(folder, "infra", "src"), { recursive: true });
  const { label, lock, filesOf } = await open({ directory: join(folder, "infra", "src") });
  expect(label).toBe("shop/prod");
  const sync = { inputs: { source: [{ type: "file", path: "prod.env" }] } } as unknown as SyncOnRecord;
  expect(filesOf([sync])).toEqual([join(folder, "infra", "prod.env")]);
  await lock.release();
});

test("a folder that does not exist, or holds no program, is named", async () => {
  const missing = join(folder, "nowhere");
  await expect(open({ directory: missing })).rejects.toThrow(`program.missing: there is no folder ${missing}; `);
  await rm(join(folder, "Pulumi.yaml"));
  await expect(open()).rejects.toThrow(`program.missing: ${folder} holds no Pulumi program (Pulumi.yaml); `);
});

test("a CLI that is not there is told as such", async () => {
  vi.stubEnv("PATH", folder);
  await expect(open()).rejects.toThrow("cli.missing: the Pulumi CLI cannot be started: pulumi is not on the PATH");
});

test("a backend that refuses is named as such, with the words of the CLI", async () => {
  await play(`echo "error: it is under repair" >&2; exit 1`);
  await expect(open()).rejects.toThrow(
    /^stack\.unreadable: the backend cannot be read: pulumi whoami failed: it is under repair; /,
  );
});

test("each sync has the state of its own files, and one without files has none", async () => {
  await play(identity);
  const { lock, readFiles } = await open();
  const [a, b, none] = [["a.env", "b.env"], ["b.env"], []].map((paths, at) => ({
    urn: `urn-${at}`,
    inputs: { source: [...paths.map((file) => ({ type: "file", path: file })), { type: "command" }] },
  })) as unknown as [SyncOnRecord, SyncOnRecord, SyncOnRecord];
  await writeFile(join(folder, "b.env"), "B=1");
  const before = await readFiles([a, b, none]);
  expect([...before.keys()]).toEqual(["urn-0", "urn-1"]);
  expect(Object.keys(JSON.parse(before.get("urn-0") ?? "") as object)).toEqual([
    join(folder, "a.env"),
    join(folder, "b.env"),
  ]);
  await writeFile(join(folder, "a.env"), "A=1");
  const after = await readFiles([a, b, none]);
  expect(after.get("urn-0")).not.toBe(before.get("urn-0"));
  expect(after.get("urn-1")).toBe(before.get("urn-1"));
  await lock.release();
});

test("a backend that does not answer is given up in time, and at once by a runner that ends", async () => {
  await play("exec sleep 5");
  await expect(open({ limit: 300 })).rejects.toThrow(`watch.timeout: ${folder} was not opened in time; `);
  const end = new AbortController();
  setTimeout(() => end.abort(), 300);
  const began = performance.now();
  await expect(open({ ending: end.signal })).rejects.toThrow("watch.timeout");
  expect(performance.now() - began).toBeLessThan(4000);
});

test("a folder of Pulumi that cannot be written, and a full disk, have a code and a cure", async () => {
  await play(identity);
  await writeFile(join(folder, "home"), "a file");
  await expect(open()).rejects.toThrow(
    /^stack\.unreadable: \S+ cannot be written \(E(?:NOTDIR|EXIST)\); .*PULUMI_HOME/,
  );
  await rm(join(folder, "home"));
  await rm(join(folder, "bin"), { recursive: true });
  await play(`echo "error: open x.json: no space left on device" >&2; exit 255`);
  await expect(open()).rejects.toThrow(/^stack\.disk_full: .*no space left on device/);
});
