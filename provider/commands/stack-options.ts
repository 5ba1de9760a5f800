// Command line: the two options that select the stack for every command that looks at one.

import type { Command } from "commander";
import { refuseEmpty } from "./given-options.js";
import type { StackChoice } from "./stack.js";

export interface StackOptions {
  readonly cwd: string;
  readonly stack?: string;
}

export function addStackOptions(command: Command): Command {
  return command
    .option("--cwd <dir>", "folder of the Pulumi program", ".")
    .option("--stack <name>", "stack; default: the selected one");
}

/** @throws SecretSyncError `argument.invalid` if an option of the command is empty */
export function readChoice(options: StackOptions): StackChoice {
  refuseEmpty(options);
  return { directory: options.cwd, stack: options.stack };
}
