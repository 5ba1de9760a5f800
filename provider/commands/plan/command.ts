// Command line: `plan`.

import type { Command } from "commander";
import { endOnSignal } from "../ending.js";
import { addStackOptions } from "../stack-options.js";
import type { PlanOptions } from "./action.js";

export function addPlan(program: Command): void {
  const plan = program
    .command("plan")
    .summary("shows what the next update would do, as text, as data or as a comment")
    .description(
      "Runs pulumi preview and shows its plan for every sync, key by key: first what stops the update, then drift and warnings. " +
        "Names only, no values. When the preview is refused, it shows why and exits with code 1.",
    );
  addStackOptions(plan)
    .option("--json", "as JSON, in a versioned format")
    .option("--markdown", "as a comment for a pull request, short enough for GitHub")
    .option("--timeout <duration>", "how long the preview may take", "10m")
    .action((options: PlanOptions) =>
      endOnSignal(async (ending) => (await import("./action.js")).showPlan(options, ending)),
    );
}
