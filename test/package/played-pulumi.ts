// A program in a folder, and a stand-in for the Pulumi CLI on the PATH, for the built command line.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isAlive } from "../commands/alive.js";
import { onEnd } from "../running.js";
import { writeExecutable } from "../executable.js";

const main = path.resolve(__dirname, "../../dist/provider/commands/main.js");

/** Several runs of the command line, on a machine with other work. */
export const patient = { timeout: 240_000 };

export interface PlayedProgram {
  readonly folder: string;
  readonly start: (...args: string[]) => ReturnType<typeof spawn>;
  /** With a shell's words before it, as `ulimit -f 1;`, and after it, as `>/dev/full`. */
  readonly inShell: (words: { before?: string; after?: string }, ...args: string[]) => Shown;
  /** Processes that the stand-in has begun. */
  readonly begun: () => number[];
}

interface Shown {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Played {
  /** What a shell does for `pulumi stack ls`, `preview`, `up` and `stack export`. */
  readonly list?: string;
  readonly preview?: string;
  readonly up?: string;
  readonly export?: string;
}

const stacks = JSON.stringify([{ name: "prod", current: true }]);
const deployment = JSON.stringify({ version: 3, deployment: { resources: [] } });

const type = "pulumi-nodejs:dynamic/secret-sync:SecretSync";
const inputs = { source: [], destination: { type: "netlify", siteId: "s" } };
const outputs = { ...inputs, status: "failed", targetId: "s", managedKeys: [], lastSyncMessage: "" };
const failed = { urn: `urn:pulumi:prod::shop::${type}::web`, type, custom: true, inputs, outputs };
/** A stack with one sync, whose last run has failed. */
export const withFailed = { export: `echo '${JSON.stringify({ version: 3, deployment: { resources: [failed] } })}'` };

/** Tells its number and that of a child of it, and stays for longer than any test. */
export const stays = "sleep 300 & echo $! > begun.child; echo $$ > begun.cli; wait";

export function playPulumi(played: Played = {}): PlayedProgram {
  const folder = mkdtempSync(path.join(tmpdir(), "played-pulumi-"));
  const begun = () =>
    readdirSync(folder)
      .filter((name) => name.startsWith("begun."))
      .flatMap((name) => Number(readFileSync(path.join(folder, name), "utf8")) || []);
  onEnd(() => {
    for (const pid of begun().filter(isAlive)) process.kill(pid, "SIGKILL");
    rmSync(folder, { recursive: true });
  });
  const script = `#!/bin/sh
case "$*" in
  version*) echo v3.260.0 ;;
  whoami*) echo '{"user":"me","url":"file://x"}' ;;
  *"stack ls"*) ${played.list ?? `echo '${stacks}'`} ;;
  *"stack export"*) ${played.export ?? `echo '${deployment}'`} ;;
  preview*) ${played.preview ?? "exit 1"} ;;
  up*) ${played.up ?? "exit 1"} ;;
esac
`;
  writeExecutable(path.join(folder, "pulumi"), script);
  writeFileSync(path.join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  const environment = { ...process.env, PATH: `${folder}${path.delimiter}${process.env["PATH"]}` };
  const options = { cwd: folder, env: environment } as const;
  return {
    folder,
    start: (...args) => spawn(process.execPath, [main, ...args], options),
    inShell: ({ before = "", after = "" }, ...args) => {
      const words = [process.execPath, main, ...args].map((word) => `'${word}'`).join(" ");
      const shell = spawnSync("bash", ["-c", `${before} ${words} ${after}`], { ...options, encoding: "utf8" });
      return { code: shell.status, stdout: shell.stdout, stderr: shell.stderr };
    },
    begun,
  };
}
