// Command line: `status`.

import type { Command } from "commander";
import { endOnSignal } from "../ending.js";
import { addStackOptions } from "../stack-options.js";
import type { StatusOptions } from "./action.js";

export function addStatus(program: Command): void {
  const status = program
    .command("status")
    .summary("shows every sync as the last run left it")
    .description(
      "Shows every sync of a stack as recorded in state: target, number of keys, last sync, status, deployment, drift. Names only, no values. " +
        "It contacts no platform: drift is what the last pulumi refresh recorded, and pulumi preview looks again.",
    );
  addStackOptions(status)
    .option("--json", "as JSON, with the names of the keys")
    .option("--check", "exit with code 3 when a sync is neither succeeded nor disabled, or has recorded drift")
    .action((options: StatusOptions) =>
      endOnSignal(async (ending) => (await import("./action.js")).showStatus(options, ending)),
    );
}
