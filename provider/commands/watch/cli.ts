// Command line, IO side: runs the Pulumi CLI for one stack, so that it outlives whatever happens to the runner.

import { spawn } from "node:child_process";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Deployment } from "../deployment.js";
import { exportDeployment, type OpenStack } from "../stack.js";
import type { CliAnswer } from "./preview.js";
import type { Urn } from "./urn.js";

/** What a run needs of Pulumi. */
export interface StackCli {
  export(): Promise<Deployment>;
  /** @param targets empty: the whole program */
  preview(targets: readonly Urn[]): Promise<CliAnswer>;
  up(targets: readonly Urn[], message: string): Promise<CliAnswer>;
}

/**
 * The Automation API says which CLI and which settings; the two long commands are started here, for two reasons. Its own child shares the
 * terminal's process group, so that a Ctrl-C meant for the runner would cancel an update half-way (the CLI takes the signal as its
 * own); and its `up` reads every output of the stack afterwards, decrypted, which nothing here needs.
 */
export function openCli(stack: OpenStack): StackCli {
  const targeted = (targets: readonly Urn[]) => targets.flatMap((urn) => ["--target", urn]);
  return {
    export: () => exportDeployment(stack),
    preview: (targets) => runCli(stack, ["preview", "--json", ...targeted(targets)]),
    up: (targets, message) =>
      // Not as JSON: the events of an update hold a debug message of the SDK with every output of the stack in clear.
      runCli(stack, [
        "up",
        "--yes",
        "--skip-preview",
        "--suppress-outputs",
        "--message",
        message,
        ...targeted(targets),
      ]),
  };
}

/** What it prints goes to files without a name: a pipe would end the update with the runner, were that one killed. */
async function runCli({ name, workspace }: OpenStack, args: readonly string[]): Promise<CliAnswer> {
  const [stdout, stderr] = [await openUnnamed(), await openUnnamed()];
  try {
    const child = spawn(
      workspace.pulumiCommand.command,
      [...args, "--stack", name, "--non-interactive", "--color", "never"],
      {
        cwd: workspace.workDir,
        env: findEnvironment(workspace),
        stdio: ["ignore", stdout.fd, stderr.fd],
        detached: true,
        windowsHide: true,
      },
    );
    const code = await new Promise<number>((end, fail) => {
      child.on("error", fail);
      child.on("close", (status) => end(status ?? -1));
    });
    return { code, stdout: await readWhole(stdout), stderr: await readWhole(stderr) };
  } finally {
    await stdout.close();
    await stderr.close();
  }
}

function findEnvironment({ pulumiHome, envVars }: OpenStack["workspace"]): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A preview as one document, whatever the user has set for other tools.
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false",
    ...(pulumiHome === undefined ? {} : { PULUMI_HOME: pulumiHome }),
    ...envVars,
  };
}

/** Its name is gone before anything is written, so that nothing is left on disk, however the processes end. */
async function openUnnamed(): Promise<FileHandle> {
  const folder = await mkdtemp(path.join(tmpdir(), "pulumi-secret-sync-"));
  try {
    return await open(path.join(folder, "output"), "wx+", 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** From the beginning: the position is shared with the process that wrote. */
async function readWhole(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
  return buffer.subarray(0, bytesRead).toString();
}
