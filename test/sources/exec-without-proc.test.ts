// An exec source where the system shows no processes as files, as on macOS: who belongs to a command is asked of `ps`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readExec } from "../../provider/sources/local/exec.js";
import { problemsOfFailure, sourceOptions } from "./canary.js";

const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "exec-without-proc-"));
  Object.defineProperty(process, "platform", { ...platform, value: "darwin" });
});
afterEach(() => {
  Object.defineProperty(process, "platform", platform);
  rmSync(directory, { recursive: true, force: true });
});

const hasPs = spawnSync("ps", ["-A", "-o", "pid="]).status === 0;

// Skipped where there is no ps to list processes by.
test.skipIf(!hasPs)("a command that takes too long is ended with a child that has left its group", async () => {
  const file = path.join(directory, "pids");
  const write = `require("node:fs").appendFileSync(${JSON.stringify(file)}, process.pid + "\\n")`;
  const live = `${write}; setInterval(() => ${write}, 20)`;
  const script = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(live)}], { stdio: "ignore", detached: true }); setInterval(() => {}, 1000)`;
  const command = [process.execPath, "-e", script];
  const reading = readExec({ type: "exec", command, timeoutSeconds: 2 }, sourceOptions({ directory }));
  const [problem] = await problemsOfFailure(reading);
  expect(problem?.code).toBe("source.timeout");
  const size = () => readFileSync(file).length;
  const [before] = [size(), await sleep(300)];
  const isSilent = size() === before;
  // Whoever is left would outlive the test.
  for (const pid of isSilent ? [] : new Set(readFileSync(file, "utf8").trim().split("\n")))
    process.kill(Number(pid), 9);
  expect([before > 0, isSilent]).toEqual([true, true]);
});
