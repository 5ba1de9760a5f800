// Command line, IO side: runs the Pulumi CLI for one stack, in a process group of its own.

import { spawn } from "node:child_process";
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
      runCli(stack, ["up", "--yes", "--skip-preview", "--json", "--message", message, ...targeted(targets)]),
  };
}

function runCli({ name, workspace }: OpenStack, args: readonly string[]): Promise<CliAnswer> {
  const child = spawn(
    workspace.pulumiCommand.command,
    [...args, "--stack", name, "--non-interactive", "--color", "never"],
    {
      cwd: workspace.workDir,
      env: {
        ...process.env,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...(workspace.pulumiHome === undefined ? {} : { PULUMI_HOME: workspace.pulumiHome }),
        ...workspace.envVars,
      },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      windowsHide: true,
    },
  );
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  return new Promise((answer, fail) => {
    child.on("error", fail);
    child.on("close", (code) =>
      answer({
        code: code ?? -1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}
