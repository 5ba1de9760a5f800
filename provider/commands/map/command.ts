// Command line: `map`.

import type { Command } from "commander";
import { endOnSignal } from "../ending.js";
import { addStackOptions } from "../stack-options.js";
import type { MapOptions } from "./action.js";

export function addMap(program: Command): void {
  const map = program
    .command("map")
    .summary("draws which key goes from where to where")
    .description(
      "Draws every sync of a stack as recorded in state, on one self-contained HTML page: sources, names of keys, and the apps and sites " +
        "with the components and contexts that they go to. Names only, no values; it contacts no platform.",
    );
  addStackOptions(map)
    .option("--output <file>", "where the page is written", "secret-sync-map.html")
    .option("--force", "replace the file if it exists")
    .action((options: MapOptions) =>
      endOnSignal(async (ending) => (await import("./action.js")).drawMap(options, ending)),
    );
}
