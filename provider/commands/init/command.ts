// Command line: `init`.

import { type Command, Option } from "commander";
import type { InitOptions } from "./action.js";

export function addInit(program: Command): void {
  program
    .command("init")
    .summary("writes a program for an existing app or site, or for the syncs of Infisical")
    .description(
      "Reads a live app or site, or an app spec file, and writes a Pulumi program that takes over its variables as they are: index.ts, a dotenv file for each sync with " +
        "the values that the platform shows (readable by you alone, and ignored by git), and MISSING.md with the keys whose values it never shows. " +
        "With --from infisical it reads the secret syncs of a project to App Platform and Netlify, writes " +
        "the program that does the same, and MIGRATION.md, which says what differs and how to switch over, step by step. " +
        "It changes nothing at the platform, overwrites no file and prints no value. Credentials: the environment variables that a sync takes.",
    )
    .addOption(new Option("--app <name-or-id>", "an app of DigitalOcean App Platform").conflicts("site"))
    .addOption(new Option("--site <id>", "a site of Netlify").conflicts("component"))
    .option("--component <names...>", "only these components of the app")
    .addOption(
      new Option(
        "--from <system...>",
        "infisical: its syncs to App Platform and Netlify; spec <file>: an app spec of App Platform",
      ).conflicts(["app", "site"]),
    )
    .option("--project <id>", "with --from infisical: the project; default: INFISICAL_PROJECT_ID, or the only one")
    .option("--environment <slugs...>", "with --from infisical: only syncs of these environments")
    .option("--directory <dir>", "where the program is written", ".")
    .action(async (options: InitOptions) => (await import("./action.js")).writeProgram(options));
}
