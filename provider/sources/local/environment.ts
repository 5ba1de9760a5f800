// Pure: the environment source. It picks variables from the environment that it gets; it never looks at the process.

import { type Problem, SecretSyncError } from "../../errors.js";
import { redact, type Redacted } from "../../redacted.js";
import type { Fault } from "../documents/content.js";
import type { ReadSource, SourceContent, SourceOptions } from "../source.js";

type Environment = SourceOptions["environment"];

/** Reads the named variables, or all that share a prefix. A variable that is set to nothing counts as set. */
export const readEnvironment: ReadSource<"environment"> = async (source, { environment }) => {
  const { values, faults } =
    source.prefix === undefined
      ? readNamed(source.variables ?? [], environment)
      : { values: readPrefixed(source.prefix, environment), faults: [] };
  return { values, faults: [...faults, findForeign(values)] };
};

/** Node reads each byte that is not UTF-8 as U+FFFD: what the variable held is lost. */
function findForeign(values: SourceContent["values"]): Fault {
  const keys = [...values].flatMap(([key, value]) => (value?.reveal().includes("\uFFFD") === true ? [key] : []));
  return { keys: keys.sort(), tell: describeForeign };
}

function describeForeign(keys: readonly string[]): Problem {
  return {
    code: "source.unparsable",
    message: `environment source: not UTF-8 text: ${keys.join(", ")}; set the value in UTF-8 where pulumi runs, or give it by another source`,
  };
}

function readNamed(names: readonly string[], environment: Environment): SourceContent {
  const unique = [...new Set(names)];
  const found = unique.flatMap((name) => {
    const value = find(environment, name);
    return value === undefined ? [] : [[name, redact(value)] as const];
  });
  const values = new Map(found);
  return { values, faults: [{ keys: unique.filter((name) => !values.has(name)).sort(), tell: describeMissing }] };
}

function describeMissing(names: readonly string[]): Problem {
  return {
    code: "source.missing_variable",
    message: `environment source: not set: ${names.join(", ")}; set what is missing where pulumi runs, or remove it from \`variables\``,
  };
}

function readPrefixed(prefix: string, environment: Environment): Map<string, Redacted> {
  const values = new Map<string, Redacted>();
  for (const [name, value] of Object.entries(environment)) {
    // A variable named exactly like the prefix would have no name left.
    if (value === undefined || !name.startsWith(prefix) || name === prefix) continue;
    values.set(name.slice(prefix.length), redact(value));
  }
  // An unprepared shell looks the same as one from which every variable was removed.
  if (values.size === 0) {
    throw new SecretSyncError({
      code: "source.missing_variable",
      message: `environment source: no variable begins with ${JSON.stringify(prefix)}; set them where pulumi runs, or correct \`prefix\``,
    });
  }
  return values;
}

/** `process.env` inherits from Object.prototype: an unset variable named `constructor` would be found. */
function find(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}
