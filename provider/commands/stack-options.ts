// Command line: the two options by which every command that looks at a stack is told which one.

import type { Command } from "commander";
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

export function readChoice({ cwd, stack }: StackOptions): StackChoice {
  return { directory: cwd, stack };
}
