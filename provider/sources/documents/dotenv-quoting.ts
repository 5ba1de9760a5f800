// Pure: one value as dotenv text. dotenv has no escapes but for line ends, and those between double quotes only.

import { parse } from "dotenv";
import { listStatements } from "./dotenv.js";

/** The value as dotenv reads it back byte for byte, in the plainest way that there is; undefined when there is none. */
export function quoteDotenv(key: string, value: string): string | undefined {
  const candidates = [
    /^[\w.,:/@%+~=-]+$/.test(value) ? value : undefined,
    `'${value}'`,
    `"${value}"`,
    `\`${value}\``,
    `"${value.replaceAll("\n", "\\n").replaceAll("\r", "\\r")}"`,
  ];
  return candidates.find((candidate) => candidate !== undefined && readsBack(key, candidate, value));
}

/** By itself, and also between other lines. */
function readsBack(key: string, candidate: string, value: string): boolean {
  const line = `${key}=${candidate}`;
  const [only, second] = listStatements(line);
  if (only?.key !== key || only.to !== line.length || second !== undefined) return false;
  const between = parse(`BEFORE='1'\n${line}\nAFTER='2'\n`);
  return parse(line)[key] === value && between[key] === value && Object.keys(between).length === 3;
}
