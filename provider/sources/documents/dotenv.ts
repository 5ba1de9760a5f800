// Pure: dotenv text as pairs. The dotenv package decides what a value is; this file decides that no line is passed over.

import { parse } from "dotenv";
import { SecretSyncError, type Problem } from "../../errors.js";
import { type Content, faultOf, type Fault as KeyFault } from "./content.js";

/** The dotenv package skips a line that it cannot read. Here that would delete a key at the destination. */
const faults = {
  malformed: "neither KEY=value, nor a comment, nor blank",
  unclosed: "opening a quote that is never closed; close it, or wrap the value in another kind of quote",
  trailing: "holding text after a closing quote; wrap the value in a kind of quote that it does not contain",
  ambiguous: "holding a backslash before a quote that may or may not end the value; use another kind of quote",
  hash: "holding an unquoted value with #, which dotenv would cut there; quote the value, or put a space before a comment",
  separator: "holding a line separator (U+2028, U+2029) before a quote, which dotenv would take away; quote the value",
  reserved: "giving a key that dotenv cannot hold; rename it",
} as const;

type Fault = keyof typeof faults;
/** One assignment: where its value stands, quotes included, and where its last line ends. */
export interface Statement {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly end: number;
}
/** Without a key where nobody can tell which keys are concerned. */
type Failure = { readonly fault: Fault; readonly key?: string };

const blankOrComment = /[^\S\n]*(?:#[^\n]*)?(?![^\n])/y;
const head = /[^\S\n]*(?:export[^\S\n]+)?([\w.-]+)(?:[^\S\n]*=|:(?=[^\S\n]))[^\S\n]*/y;
const restOfLine = /[^\S\n]*(?:[^\S\n]#[^\n]*)?(?![^\n])/y;

/** One line that is not plainly an assignment, and the key that it seems to give; undefined where the rest cannot be trusted either. */
interface Blame {
  readonly fault: Fault;
  readonly line: number;
  readonly key: string | undefined;
}

/**
 * Parses dotenv text into pairs in order. A line that gives a key and no plain value is a fault of that key.
 *
 * @throws SecretSyncError `source.unparsable` for every line that gives no key at all, or may have swallowed others
 */
export function parseDotenv(source: string, origin: string): Content<string> {
  // As dotenv does, also inside quotes.
  const text = source.replace(/\r\n?/g, "\n");
  const values = new Map<string, string>();
  const doubles = new Set<string>();
  const dense: string[] = [];
  const blames: Blame[] = [];
  for (let start = 0, line = 1; start < text.length;) {
    const read = readStatement(text, start);
    const end = read !== undefined && "end" in read ? read.end : endOfLine(text, start);
    const valueEnd = read !== undefined && "to" in read ? read.to : start;
    const statement = text.slice(start, valueEnd) + condense(text.slice(valueEnd, end));
    const fault = read === undefined ? undefined : "fault" in read ? read.fault : keep(read.key, statement);
    if (fault !== undefined) blames.push({ fault, line, key: read?.key });
    else if (statement.trim() !== "") dense.push(statement);
    line += text.slice(start, end).split("\n").length;
    start = end + 1;
  }
  if (blames.some(({ key }) => key === undefined)) {
    const twice = [...doubles].map((key) => describeDouble(key, origin));
    throw new SecretSyncError([...describeBlames(blames, origin), ...twice]);
  }
  const wrong = [
    ...groupFaults(blames, origin),
    ...[...doubles].map((key) => faultOf(key, describeDouble(key, origin))),
  ];
  checkAgreement({ text: dense.join("\n"), values, blamed: new Set(blames.map(({ key }) => key)), origin });
  return { values, faults: wrong };

  function keep(key: string, statement: string): Fault | undefined {
    const parsed = new Map(Object.entries(parse(statement)));
    const value = parsed.get(key);
    // `__proto__` is lost in dotenv's plain object.
    if (value === undefined) return "reserved";
    if (values.has(key)) doubles.add(key);
    values.set(key, value);
  }
}

/**
 * A comment with one line separator where several stand in a row. From each of them, and from each blank line, dotenv
 * looks through all white space that follows, so a long row would take it quadratic time.
 */
function condense(comment: string): string {
  return comment.replace(/\s+/g, (space) => /[\u2028\u2029]/.exec(space)?.[0] ?? space);
}

/** Where the assignment that starts here ends; undefined for a blank line or a comment. */
function readStatement(text: string, start: number): Statement | Failure | undefined {
  if (matchAt(blankOrComment, text, start)) return undefined;
  const match = matchAt(head, text, start);
  const key = match?.[1];
  if (!match || key === undefined) return { fault: "malformed" };
  const from = start + match[0].length;
  const end = endOfLine(text, from);
  if (/["'`]/.test(text.charAt(from))) {
    const closing = findClosingQuote(text, from);
    // A quote that is not closed on its line may have swallowed the lines below.
    const isOneLine = new RegExp(`(?<!\\\\)${text.charAt(from)}`).test(text.slice(from + 1, end));
    if (typeof closing === "string") return isOneLine ? { fault: closing, key } : { fault: closing };
    return { key, from, to: closing + 1, end: endOfLine(text, closing) };
  }
  const hash = text.slice(0, end).indexOf("#", from);
  if (hash !== -1 && /\S/.test(text.charAt(hash - 1))) return { fault: "hash", key };
  const value = text.slice(from, hash === -1 ? end : hash);
  if (/[\u2028\u2029]["'`]/.test(value)) return { fault: "separator", key };
  return { key, from, to: from + value.trimEnd().length, end };
}

/** The assignments of a text that `parseDotenv` accepts and that has no carriage returns, in order. */
export function listStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  for (let start = 0; start < text.length;) {
    const read = readStatement(text, start);
    if (read !== undefined && "end" in read) statements.push(read);
    start = (read !== undefined && "end" in read ? read.end : endOfLine(text, start)) + 1;
  }
  return statements;
}

/**
 * The quote that ends a value, as dotenv finds it: the first one without a backslash before it, or else the last one
 * with a backslash, as long as nothing but a comment follows on the line.
 */
function findClosingQuote(text: string, opening: number): number | Fault {
  const quote = text.charAt(opening);
  const candidates: number[] = [];
  for (let at = text.indexOf(quote, opening + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (matchAt(restOfLine, text, at + 1)) candidates.push(at);
    if (text.charAt(at - 1) !== "\\") return pick(candidates, "trailing");
  }
  return pick(candidates, "unclosed");
}

function pick([only, second]: readonly number[], otherwise: Fault): number | Fault {
  return second === undefined ? (only ?? otherwise) : "ambiguous";
}

interface Reading {
  readonly text: string;
  readonly values: ReadonlyMap<string, string>;
  /** Keys whose lines are told as faults. */
  readonly blamed: ReadonlySet<string | undefined>;
  readonly origin: string;
}

/** dotenv reads the whole text once more: where it sees other keys or values than line by line, neither is trusted. */
function checkAgreement({ text, values, blamed, origin }: Reading): void {
  const own = (pairs: Iterable<readonly [string, string]>) => new Map([...pairs].filter(([key]) => !blamed.has(key)));
  const [whole, lines] = [own(Object.entries(parse(text))), own(values)];
  if (whole.size === lines.size && [...whole].every(([key, value]) => lines.get(key) === value)) return;
  throw new SecretSyncError({
    code: "source.unparsable",
    message: `${origin} can be read as dotenv in more than one way; quote every value, and keep each assignment on a line of its own`,
  });
}

/** One fault per kind, so that a message names all its lines. */
function groupFaults(blames: readonly Blame[], origin: string): KeyFault[] {
  return [...Map.groupBy(blames, ({ fault }) => fault).values()].map((alike) => ({
    keys: [...new Set(alike.flatMap(({ key = [] }) => key))],
    tell: (taken) => {
      const [problem] = describeBlames(
        alike.filter(({ key }) => key !== undefined && taken.includes(key)),
        origin,
      );
      if (problem === undefined) throw new Error(`no line of ${origin} is concerned`);
      return problem;
    },
  }));
}

function describeBlames(blames: readonly Blame[], origin: string): Problem[] {
  return [...Map.groupBy(blames, ({ fault }) => fault)].map(([fault, alike]) => {
    const [first, ...others] = alike.map(({ line }) => line);
    const shown = others.slice(0, 9).join(", ");
    const more = others.length > 9 ? ` and ${others.length - 9} more` : "";
    const where = shown === "" ? `line ${first} is` : `lines ${first}, ${shown}${more} are`;
    return { code: "source.unparsable", message: `${origin} is not plain dotenv: ${where} ${faults[fault]}` };
  });
}

function describeDouble(key: string, origin: string): Problem {
  return {
    code: "source.duplicate_key",
    message: `${origin}: ${JSON.stringify(key)} is defined more than once; remove all but one`,
  };
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text) ?? undefined;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end;
}
