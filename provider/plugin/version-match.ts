// Pure: whether the program's package and this plugin are of one version. The engine finds a plugin of the version that is asked for,
// but takes one from PATH, or from a folder that the project names, whatever version it is.

import { version as own } from "../http/version.js";

/** A sentence that tells both versions; undefined where they agree, or where the program asks for none, as one in YAML. */
export function describeMismatch(asked: unknown): string | undefined {
  if (typeof asked !== "string" || asked === "" || asked === own) return undefined;
  return `the program asks for version ${asked} of the plugin secret-sync, and version ${own} is running; install the plugin ${asked}, or generate the program's package again from ${own}`;
}
