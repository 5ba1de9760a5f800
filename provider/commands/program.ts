// Command line: the program's name, version and commands. Passes the arguments to one of them, whose code loads when it is called.

import { Command } from "commander";
import { printableLines } from "../printable.js";
import { version } from "../http/version.js";
import { addInit } from "./init/command.js";
import { addMap } from "./map/command.js";
import { watchOutput } from "./output.js";
import { addPlan } from "./plan/command.js";
import { addStatus } from "./status/command.js";
import { addWatch } from "./watch/command.js";

/** Each command declares its options and imports its action on first use. */
const commands: ReadonlyArray<(program: Command) => void> = [
  // In the order of the help.
  addStatus,
  addPlan,
  addMap,
  addInit,
  addWatch,
];

export async function runProgram(): Promise<void> {
  watchOutput();
  const program = new Command("pulumi-secret-sync")
    .description("Shows, plans and maintains the SecretSync resources of Pulumi stacks. No command prints a value.")
    .version(version)
    .showHelpAfterError()
    // It quotes what it refuses, and arguments may be made from branch names.
    .configureOutput({ outputError: (text, write) => write(printableLines(text)) });
  for (const add of commands) add(program);
  await program.parseAsync();
}
