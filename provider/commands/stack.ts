// Command line, IO side: one stack of one program folder, through Pulumi's own CLI.

import { z } from "zod";
import { SecretSyncError } from "../errors.js";
import { type Deployment, deployment } from "./deployment.js";
import { askCli, type Patience } from "./pulumi/question.js";

/** Where the program is, and which of its stacks is meant: the selected one if none is named. */
export interface StackChoice {
  readonly directory: string;
  readonly stack?: string | undefined;
}

export interface OpenStack {
  readonly name: string;
  /** Where the program is. */
  readonly directory: string;
}

/**
 * Whether there is a stack of a given name shows when something of it is asked for.
 *
 * @throws SecretSyncError `stack.missing` when none is named and none is selected; what the CLI says if it cannot be asked
 */
export async function openStack({ directory, stack }: StackChoice, patience: Patience = {}): Promise<OpenStack> {
  const name = stack ?? (await findSelected(directory, patience));
  if (name !== undefined) return { name, directory };
  throw new SecretSyncError({
    code: "stack.missing",
    message: `no stack is selected in ${directory}; give --stack, or run pulumi stack select there`,
  });
}

const stacks = z.array(z.looseObject({ name: z.string(), current: z.boolean().optional() }));

async function findSelected(directory: string, patience: Patience): Promise<string | undefined> {
  const question = { subject: directory, directory, args: ["stack", "ls", "--json"], answer: stacks, ...patience };
  return (await askCli(question)).find(({ current }) => current)?.name;
}

/**
 * The stack's state, in which every secret stays encrypted: nothing here needs a value.
 *
 * @throws SecretSyncError as `askCli` does
 */
export async function exportDeployment({ name, directory }: OpenStack, patience: Patience = {}): Promise<Deployment> {
  const args = ["stack", "export", "--stack", name];
  return askCli({ subject: `the state of ${name}`, directory, args, answer: deployment, ...patience });
}
