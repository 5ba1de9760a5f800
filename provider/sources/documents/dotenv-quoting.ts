// Pure: one value as dotenv text that its readers read back byte for byte, in the plainest way possible.

import { isSecretSyncError } from "../../errors.js";
import { takeFrom } from "./content.js";
import { type DotenvOptions, listStatements, parseDotenv } from "./dotenv.js";
import { isFirstOfWrapped } from "./dotenv-statements.js";

/** Undefined if every spelling of the value is misread by some reader of the dialect. */
export function quoteDotenv(key: string, value: string, options: DotenvOptions = {}): string | undefined {
  const escaped = value.replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  // If references are not specified, a key that is added later could make one.
  const isOpen = options.expand === undefined && options.dialect !== "literal" && /\$[\w{($]/.test(value);
  const candidates = [
    // Quotes end the value, whatever is below it.
    /^[\w.,:/@%+~=-]+$/.test(value) && !isFirstOfWrapped(value) ? value : undefined,
    `'${value}'`,
    isOpen ? undefined : `"${value}"`,
    `\`${value}\``,
    isOpen ? undefined : `"${escaped}"`,
    options.expand === true ? `"${escaped.replaceAll("$", "\\$")}"` : undefined,
    options.dialect === "compose" ? `"${escapeFully(value)}"` : undefined,
    // A value that quotes would change: with a backslash at its end, or with all kinds of quotes in it.
    isOpen ? undefined : value,
  ];
  return candidates.find(
    (candidate) => candidate !== undefined && readsBack(`${key}=${candidate}`, { key, value, options }),
  );
}

function escapeFully(value: string): string {
  const escaped = value.replace(/[\\"$]/g, (character) => `\\${character}`);
  return escaped.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
}

interface Expected {
  readonly key: string;
  readonly value: string;
  readonly options: DotenvOptions;
}

/** As one line by itself. A line that reads alone reads the same between others, because none reaches into the next. */
function readsBack(line: string, { key, value, options }: Expected): boolean {
  const [only, second] = listStatements(line, options);
  if (only?.key !== key || only.to !== line.length || second !== undefined) return false;
  try {
    const read = takeFrom(parseDotenv(line, { ...options, origin: "a value" }));
    return read.size === 1 && read.get(key) === value;
  } catch (error) {
    if (isSecretSyncError(error)) return false;
    throw error;
  }
}
