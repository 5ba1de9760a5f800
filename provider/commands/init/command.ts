// Command line: `init`.

import { type Command, Option } from "commander";
import type { InitOptions } from "./action.js";

export function addInit(program: Command): void {
  program
    .command("init")
    .summary("writes a program for an app or site that exists")
    .description(
      "Reads a live app or site and writes a Pulumi program that takes its variables over as they are: index.ts, a dotenv file for each sync with " +
        "the values that the platform shows (readable by you alone, and ignored by git), and MISSING.md with the keys whose values it never shows. " +
        "Nothing is changed at the platform, no file is written over, and no value is printed. Credentials: the environment variables that a sync takes.",
    )
    .addOption(new Option("--app <name-or-id>", "an app of DigitalOcean App Platform").conflicts("site"))
    .addOption(new Option("--site <id>", "a site of Netlify").conflicts("component"))
    .option("--component <names...>", "only these components of the app")
    .option("--directory <dir>", "where the program is written", ".")
    .action(async (options: InitOptions) => (await import("./action.js")).writeProgram(options));
}
