// Command line: `plan`.

import type { Command } from "commander";
import { endOnSignal } from "../ending.js";
import { addStackOptions } from "../stack-options.js";
import type { PlanOptions } from "./action.js";

export function addPlan(program: Command): void {
  const plan = program
    .command("plan")
    .summary("what the next update would do, as text, as data or as a comment")
    .description(
      "Runs pulumi preview and tells what it plans for every sync, key by key: what stops it first, then drift and warnings. " +
        "Names only, no values. Ends with code 1 when the preview is refused; what it was refused for is told all the same.",
    );
  addStackOptions(plan)
    .option("--json", "as JSON, in a format with a version")
    .option("--markdown", "as a comment for a pull request, short enough for GitHub")
    .option("--timeout <duration>", "how long the preview may take", "10m")
    .action((options: PlanOptions) =>
      endOnSignal(async (ending) => (await import("./action.js")).showPlan(options, ending)),
    );
}
