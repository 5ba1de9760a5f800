// Pure: the environment source. It picks variables of the environment that it is handed; it never looks at the process.

import { SecretSyncError } from "../../errors.js";
import { redact, type Redacted } from "../../redacted.js";
import type { ReadSource, SourceOptions } from "../source.js";

type Environment = SourceOptions["environment"];

/** Reads the named variables, or all that share a prefix. A variable that is set to nothing counts as set. */
export const readEnvironment: ReadSource<"environment"> = async (source, { environment }) =>
  source.prefix === undefined
    ? readNamed(source.variables ?? [], environment)
    : readPrefixed(source.prefix, environment);

function readNamed(names: readonly string[], environment: Environment): Map<string, Redacted> {
  const missing = names.filter((name) => find(environment, name) === undefined);
  if (missing.length > 0) {
    const list = [...new Set(missing)].sort().join(", ");
    throw new SecretSyncError({
      code: "source.missing_variable",
      message: `environment source: ${list} not set; set each of them where pulumi runs, or remove it from \`variables\``,
    });
  }
  return new Map(names.map((name) => [name, redact(find(environment, name) ?? "")]));
}

function readPrefixed(prefix: string, environment: Environment): Map<string, Redacted> {
  const values = new Map<string, Redacted>();
  for (const [name, value] of Object.entries(environment)) {
    // A variable named exactly like the prefix would have no name left.
    if (value === undefined || !name.startsWith(prefix) || name === prefix) continue;
    values.set(name.slice(prefix.length), redact(value));
  }
  return values;
}

/** `process.env` inherits from Object.prototype: a variable named `constructor` would be found where none is set. */
function find(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}
