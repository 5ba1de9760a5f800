// Command line, IO side: one stack of one program folder, through Pulumi's own Automation API.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { isSecretSyncError, SecretSyncError } from "../errors.js";
import { readCliWords, readThrown } from "./cli-words.js";
import { type Deployment, deployment as deploymentSchema } from "./deployment.js";
import { unlessEnded } from "./ending.js";
import { explainStack } from "./stack-problem.js";

/** Where the program is, and which of its stacks is meant: the selected one if none is named. */
export interface StackChoice {
  readonly directory: string;
  readonly stack?: string | undefined;
}

export interface OpenStack {
  readonly name: string;
  readonly workspace: LocalWorkspace;
}

/** @throws SecretSyncError `stack.unreadable`; `stack.missing` when none is named and none is selected. */
export async function openStack(choice: StackChoice, ending?: AbortSignal): Promise<OpenStack> {
  return unlessEnded(open(choice), ending);
}

async function open({ directory, stack }: StackChoice): Promise<OpenStack> {
  const { LocalWorkspace: Workspace } = await import("@pulumi/pulumi/automation/index.js");
  const workspace = await askCli(directory, () => Workspace.create({ workDir: directory }));
  const name = stack ?? (await askCli(directory, () => workspace.stack()))?.name;
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
export async function exportDeployment(stack: OpenStack, ending?: AbortSignal): Promise<Deployment> {
  return unlessEnded(readDeployment(stack), ending);
}

async function readDeployment({ name, workspace }: OpenStack): Promise<Deployment> {
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
    throw unreadable(`the state of ${name}`, stderr || "pulumi stack export printed something unexpected");
  }
}

/** @throws SecretSyncError `stack.missing`, or `stack.unreadable` with the CLI's own words; `what` is the subject of the request. */
export async function askCli<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw isSecretSyncError(error) ? error : unreadable(what, readThrown(error));
  }
}

/** The CLI repeats the address of its backend, credentials included. */
function unreadable(what: string, said: string): SecretSyncError {
  const message = `${what} cannot be read: ${readCliWords(said, process.env)}`;
  return new SecretSyncError(explainStack(what, said) ?? { code: "stack.unreadable", message });
}

const run = promisify(execFile);
const mostBytes = 1024 ** 3;
