// Command line, IO side: one stack of one program folder, through Pulumi's own Automation API.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { SecretSyncError } from "../errors.js";
import { type Deployment, deployment as deploymentSchema } from "./deployment.js";

/** Where the program is, and which of its stacks is meant: the selected one when none is named. */
export interface StackChoice {
  readonly directory: string;
  readonly stack?: string | undefined;
}

export interface OpenStack {
  readonly name: string;
  readonly workspace: LocalWorkspace;
}

/** @throws SecretSyncError `stack.missing` when none is named and none is selected. */
export async function openStack({ directory, stack }: StackChoice): Promise<OpenStack> {
  const { LocalWorkspace: Workspace } = await import("@pulumi/pulumi/automation/index.js");
  const workspace = await Workspace.create({ workDir: directory });
  const name = stack ?? (await workspace.stack())?.name;
  if (name === undefined) {
    throw new SecretSyncError({
      code: "stack.missing",
      message: `no stack is selected in ${directory}; give --stack, or run pulumi stack select there`,
    });
  }
  return { name, workspace };
}

/**
 * The stack's state with every secret left encrypted: the SDK's own `exportStack` decrypts them, and nothing here needs a value.
 *
 * @throws SecretSyncError `stack.unreadable` with the CLI's own words.
 */
export async function exportDeployment({ name, workspace }: OpenStack): Promise<Deployment> {
  const args = ["stack", "export", "--stack", name, "--non-interactive"];
  try {
    const { stdout } = await run(workspace.pulumiCommand.command, args, {
      cwd: workspace.workDir,
      env: { ...process.env, ...workspace.envVars },
      maxBuffer: mostBytes,
    });
    return deploymentSchema.parse(JSON.parse(stdout));
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new SecretSyncError({
      code: "stack.unreadable",
      message: `the state of ${name} cannot be read: ${(stderr || "pulumi stack export printed something unexpected").trim()}`,
    });
  }
}

const run = promisify(execFile);
const mostBytes = 1024 ** 3;
