// Pure: whether the program's package and this plugin have the same version. The engine finds a plugin of the requested version,
// but takes one from PATH, or from a folder that the project names, whatever its version.

import { version as own } from "../http/version.js";

/** A sentence with both versions; undefined if they agree, or if the program requests none, as in YAML. */
export function describeMismatch(asked: unknown): string | undefined {
  if (typeof asked !== "string" || asked === "" || asked === own) return undefined;
  return `the program asks for version ${asked} of the plugin secret-sync, and version ${own} is running; install the plugin ${asked}, or generate the program's package again from ${own}`;
}
