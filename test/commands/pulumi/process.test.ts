// A child process with a time limit, on this machine: how it is ended, and what is left of it.

import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isAlive } from "../alive.js";
import { runProcess, type ProcessOrder } from "../../../provider/commands/pulumi/process.js";
import { waitFor } from "../../waiting.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "secret-sync-process-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const run = (script: string, over: Partial<ProcessOrder> = {}) =>
  runProcess({
    command: process.execPath,
    args: ["-e", script],
    cwd: folder,
    env: process.env,
    limit: 20_000,
    grace: 300,
    ...over,
  });

test("it is read whole, with its code", async () => {
  expect(await run("console.log('out'); console.error('err'); process.exitCode = 3")).toEqual({
    code: 3,
    stdout: "out\n",
    stderr: "err\n",
    cut: undefined,
  });
  expect(await readdir(folder)).toEqual([]);
});

test("it leads a process group of its own, which a terminal's Ctrl-C does not reach", async () => {
  const script =
    "console.log(process.pid, require('node:child_process').execFileSync('ps', ['-o', 'pgid=', '-p', process.pid]) + '')";
  const [pid, group] = (await run(script)).stdout.trim().split(/\s+/);
  expect(group).toBe(pid);
});

test("one that takes too long is asked to end first", async () => {
  const script = "process.on('SIGINT', () => { console.log('in order'); process.exit(5) }); setInterval(() => 0, 1000)";
  expect(await run(script, { limit: 500, grace: 10_000 })).toMatchObject({
    code: 5,
    stdout: "in order\n",
    cut: "limit",
  });
});

test("one whose limit exceeds what a timer can hold is not ended at once", async () => {
  // Like the update of 25 syncs of one app, each with a day for its deployment.
  const limit = 25 * 24 * 60 * 60_000;
  expect(await run("setTimeout(() => console.log('done'), 100)", { limit })).toMatchObject({
    code: 0,
    stdout: "done\n",
    cut: undefined,
  });
});

test("one that ignores the signal is killed, with the children that have left its group", async () => {
  const child = "process.on('SIGINT', () => 0); setInterval(() => 0, 1000)";
  const script = `
    process.on("SIGINT", () => 0);
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { detached: true, stdio: "ignore" });
    console.log(child.pid);
    setInterval(() => 0, 1000);`;
  const end = await run(script, { limit: 1500 });
  expect(end).toMatchObject({ code: -1, cut: "limit" });
  await waitFor(() => expect(isAlive(Number(end.stdout))).toBe(false));
});

test("what a wrapper has started is asked to end as well, if the wrapper ends first", async () => {
  const child = "process.on('SIGINT', () => { console.log('in order'); process.exit() }); setInterval(() => 0, 1000)";
  const script = `
    require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" });
    process.on("SIGINT", () => process.exit(0));`;
  expect(await run(script, { limit: 1500, grace: 10_000 })).toMatchObject({ cut: "limit", stdout: "in order\n" });
});

test("one is ended at once on request", async () => {
  const end = new AbortController();
  const began = performance.now();
  setTimeout(() => end.abort(), 300);
  expect(await run("setInterval(() => 0, 1000)", { signal: end.signal })).toMatchObject({ cut: "signal" });
  expect(performance.now() - began).toBeLessThan(5000);
});

test("one that cannot be started is a failure, and a signal that is never sent does not keep it", async () => {
  const nothing = join(folder, "nothing");
  await expect(run("", { command: nothing })).rejects.toThrow(
    `cli.missing: the Pulumi CLI cannot be started: ${nothing} is not on the PATH; install it`,
  );
  await expect(run("", { cwd: nothing })).rejects.toThrow(`program.missing: there is no folder ${nothing}; correct`);
});

test("a temporary folder that is missing, or cannot be written, is named with the remedy", async () => {
  vi.stubEnv("TMPDIR", join(folder, "nowhere"));
  await expect(run("")).rejects.toThrow(
    `watch.temporary: the temporary folder ${join(folder, "nowhere")} cannot be used (ENOENT); make it`,
  );
  await writeFile(join(folder, "file"), "");
  await chmod(join(folder, "file"), 0o400);
  vi.stubEnv("TMPDIR", join(folder, "file"));
  await expect(run("")).rejects.toThrow("(ENOTDIR)");
});
