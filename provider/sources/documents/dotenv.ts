// Pure: dotenv text as pairs. What all readers agree on is taken; anything else needs a dialect, or is refused.

import { SecretSyncError } from "../../errors.js";
import type { Dialect } from "../../../schema/index.js";
import type { Content } from "./content.js";
import { Expansion } from "./dotenv-expansion.js";
import { describeFaults, type Fault, type FaultyLine, groupFaults } from "./dotenv-faults.js";
import { type Failure, type Reading, scanLines, type Statement } from "./dotenv-statements.js";
import { type RawValue, readValue, type ValueOptions } from "./dotenv-values.js";

/** How a dotenv text is meant. */
export interface DotenvOptions {
  /** Undefined: only what all readers read the same. */
  readonly dialect?: Dialect | undefined;
  /** Undefined: a reference is refused, because readers disagree on it. */
  readonly expand?: boolean | undefined;
}

/**
 * Parses dotenv text into pairs in order. A line with a key but no plain value is a fault of that key, and of those that refer to it.
 *
 * @throws SecretSyncError for every line without a key, or that may have swallowed others
 */
export function parseDotenv(source: string, options: DotenvOptions & { readonly origin: string }): Content<string> {
  const { origin } = options;
  const { values, faulty } = readDotenv(source, options);
  if (faulty.some(({ key, spreads }) => key === undefined || spreads === true))
    throw new SecretSyncError(describeFaults(faulty, origin));
  return { values, faults: groupFaults(faulty, origin) };
}

/** What a text holds, and what is wrong with it. */
interface Lines {
  /** Of the keys whose lines are in order. */
  readonly values: Map<string, string>;
  readonly faulty: readonly FaultyLine[];
}

function readDotenv(source: string, { dialect, expand }: DotenvOptions): Lines {
  const reading: Reading = dialect ?? "common";
  const { values, lines, faulty } = readAssignments(source, { reading, expand });
  const style = reading === "compose" ? "compose" : "shell";
  const expansion = new Expansion(values, { style, expand, refuseTwoDollars: reading === "common" });
  const texts = new Map<string, string>();
  const dependents = new Map<string, string[]>();
  for (const [key, value] of values) {
    const resolved = expansion.resolve(key);
    if ("text" in resolved) texts.set(key, resolved.text);
    else if (resolved.blamed !== key)
      dependents.set(resolved.blamed, [...(dependents.get(resolved.blamed) ?? []), key]);
    // Any other fault is already reported with its line.
    else if (typeof value !== "string") faulty.push({ fault: resolved.fault, line: lines.get(key) ?? 0, key });
  }
  return { values: texts, faulty: faulty.map((one) => ({ ...one, dependents: dependents.get(one.key ?? "") ?? [] })) };
}

interface Assignments {
  /** Values, or the fault of the key's line. */
  readonly values: Map<string, RawValue | Fault>;
  readonly lines: ReadonlyMap<string, number>;
  readonly faulty: FaultyLine[];
}

function readAssignments(source: string, options: ValueOptions): Assignments {
  const { reading } = options;
  const values = new Map<string, RawValue | Fault>();
  const lines = new Map<string, number>();
  const faulty: FaultyLine[] = [];
  const keepsReturns = reading === "compose" && source.includes("\r\n");
  for (const { line, read } of scanLines(unifyLineEnds(source, reading), reading)) {
    if (read === undefined) continue;
    const { key } = read;
    const value = readLine(read, { ...options, keepsReturns });
    if (typeof value === "string") faulty.push({ fault: value, line, key, spreads: doesSpread(read, value) });
    if (key === undefined) continue;
    const earlier = values.get(key);
    const isDouble = earlier !== undefined && !isSame(earlier, value);
    if (isDouble && earlier !== "duplicate") faulty.push({ fault: "duplicate", line, key });
    values.set(key, isDouble ? "duplicate" : value);
    lines.set(key, line);
  }
  return { values, lines, faulty };
}

/** Whether other lines may belong to the value, or begin in it, for one of the readers. */
function doesSpread(read: Statement | Failure, fault: Fault): boolean {
  if (fault === "carriage" || fault === "separator") return true;
  if ("raw" in read) return read.raw.includes("\n");
  return read.spreads === true;
}

/** The assignments of a text that `parseDotenv` accepts and that has no carriage returns, in order. */
export function listStatements(
  text: string,
  { dialect = "common" }: { readonly dialect?: Reading | undefined },
): Statement[] {
  return [...scanLines(text, dialect)].flatMap(({ read }) => (read !== undefined && "raw" in read ? [read] : []));
}

/** The dotenv package also takes a lone carriage return for a line end; to others it is a character. */
function unifyLineEnds(source: string, reading: Reading): string {
  return source.replace(reading === "dotenv" ? /\r\n?/g : /\r\n/g, "\n");
}

interface LineOptions extends ValueOptions {
  /** Docker Compose keeps the carriage returns within quotes. */
  readonly keepsReturns: boolean;
}

function readLine(read: Statement | Failure, options: LineOptions): RawValue | Fault {
  if ("fault" in read) return read.fault;
  // State cannot hold it, and the dotenv package loses it.
  if (read.key === "__proto__") return "reserved";
  if (options.keepsReturns && read.raw.includes("\n")) return "carriage";
  return readValue(read, options);
}

/** Two equal lines are no conflict. */
function isSame(a: RawValue | Fault, b: RawValue | Fault): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b && a !== "duplicate";
  return a.text === b.text && (a.isOpen === b.isOpen || !a.text.includes("$"));
}
