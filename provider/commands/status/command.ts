// Command line: `status`.

import type { Command } from "commander";
import { endOnSignal } from "../ending.js";
import { addStackOptions } from "../stack-options.js";
import type { StatusOptions } from "./action.js";

export function addStatus(program: Command): void {
  const status = program
    .command("status")
    .summary("what the last run left of every sync")
    .description(
      "Tells every sync of a stack as its state has it: target, number of keys, last sync, status, deployment, drift. Names only, no values. " +
        "Nothing is asked of a platform: drift is what the last pulumi refresh has recorded, and pulumi preview looks afresh.",
    );
  addStackOptions(status)
    .option("--json", "as JSON, with the names of the keys")
    .option("--check", "end with code 3 when a sync is neither succeeded nor disabled, or has drift on record")
    .action((options: StatusOptions) =>
      endOnSignal(async (ending) => (await import("./action.js")).showStatus(options, ending)),
    );
}
