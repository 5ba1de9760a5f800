// Pure: where the assignments of a dotenv text are, line by line, and which lines have none. Every pattern looks ahead
// within one line only, so that the time is linear in the text.

import type { Dialect } from "../../../schema/index.js";
import type { Fault } from "./dotenv-faults.js";

/** How a text is read: in one dialect, or, when none is given, only as far as all readers agree. */
export type Reading = Dialect | "common";

export type Quote = "" | "'" | '"' | "`";

/** One assignment: where its value is, quotes included, and where its last line ends. */
export interface Statement {
  readonly key: string;
  readonly quote: Quote;
  /** The value as it is written, without its quotes. */
  readonly raw: string;
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

/** A line, or several of a quoted value, and what is there: undefined for a blank line or a comment. */
export interface Line {
  readonly line: number;
  readonly read: Statement | Failure | undefined;
}

export interface Failure {
  readonly fault: Fault;
  readonly key?: string;
  /** Where its last line ends, if it is known. */
  readonly end?: number;
  /** A quote that is not closed on its line may have swallowed the lines below. */
  readonly spreads?: boolean;
}

const blankOrComment = /[^\S\n]*(?:#[^\n]*)?(?![^\n])/y;
const head = /[^\S\n]*(?:export[^\S\n]+)?([\w.-]+)([^\S\n]*=|:(?=[ \t]))[ \t]*/y;
const literalHead = /[ \t]*([\w.-]+)=/y;
const restOfLine = /[^\S\n]*(?:#[^\n]*)?(?![^\n])/y;
/** What some readers trim and others keep: not a space or tab, but white space in JavaScript, Python or Go. */
const invisible = /^[\s\p{Cc}]|[\s\p{Cc}]$/u;

/** Every line of the text in order. The text has no carriage return before a line feed. */
export function* scanLines(text: string, reading: Reading): Generator<Line> {
  for (let start = 0, line = 1; start < text.length;) {
    const read = reading === "literal" ? readLiteral(text, start) : readStatement(text, start, reading);
    const found = refuseWrapped(text, read);
    const { end } = found;
    yield { line, read: check(found, text.slice(start, end), reading) };
    line += countLines(text, start, end);
    start = end + 1;
  }
}

/** The lines below a value that `openssl rand -base64` and its like have wrapped. The last one looks like a key. */
const wrappedRest = /\n(?:[A-Za-z0-9+/]{60,}\n)*(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/]=)(?![^\n])/y;

/** Otherwise the value would be cut, and a key, which is not secret, would be named after the rest. So no key is reported either. */
function refuseWrapped(text: string, found: Found): Found {
  if (!("quote" in found) || found.quote !== "" || !isFirstOfWrapped(found.raw)) return found;
  const [rest] = matchAt(wrappedRest, text, found.end) ?? [];
  return rest === undefined ? found : { fault: "wrapped", end: found.end + rest.length };
}

/** Whole groups of four letters, in both cases: a hexadecimal digest does not count. */
export function isFirstOfWrapped(raw: string): boolean {
  return (
    raw.length >= 60 && raw.length % 4 === 0 && /^[A-Za-z0-9+/]+$/.test(raw) && /[A-Z]/.test(raw) && /[a-z]/.test(raw)
  );
}

/** Comments hide what begins a new line for some reader. */
function check(found: Found, written: string, reading: Reading): Statement | Failure | undefined {
  const { end } = found;
  const key = "key" in found ? found.key : undefined;
  const fail = (fault: Fault): Failure => ({ fault, end, ...(key === undefined ? {} : { key }) });
  if (reading === "literal") return "blank" in found ? undefined : found;
  if (written.includes("\r") && reading !== "dotenv") return fail("carriage");
  const unquoted = "quote" in found && found.quote !== "" ? written.replace(found.raw, "") : written;
  if (/[\u2028\u2029]/.test(unquoted)) return fail("separator");
  return "blank" in found ? undefined : found;
}

type Found = Statement | (Failure & { readonly end: number }) | { readonly blank: true; readonly end: number };

function readStatement(text: string, start: number, reading: Reading): Found {
  const end = endOfLine(text, start);
  if (matchAt(blankOrComment, text, start)) return { blank: true, end };
  const match = matchAt(head, text, start);
  const [whole = "", key, sign = ""] = match ?? [];
  // `export =1`: a key for dotenv and Node, a keyword without a key for the others.
  if (key === undefined || (key === "export" && sign.length > 1)) return { fault: "malformed", end };
  const from = start + whole.length;
  const quote = text.charAt(from);
  if (!isQuote(quote, reading)) return readUnquoted({ text, key, from, end, reading });
  const closing = reading === "compose" ? findEscapedEnd(text, from) : findClosingQuote(text, from);
  if (typeof closing === "string") {
    const isOneLine = new RegExp(`(?<!\\\\)${quote}`).test(text.slice(from + 1, end));
    return { fault: closing, key, end, spreads: !isOneLine };
  }
  return { key, quote, raw: text.slice(from + 1, closing), from, to: closing + 1, end: endOfLine(text, closing) };
}

function isQuote(character: string, reading: Reading): character is Exclude<Quote, ""> {
  return character === "'" || character === '"' || (character === "`" && reading !== "compose");
}

interface UnquotedInput {
  readonly text: string;
  readonly key: string;
  readonly from: number;
  readonly end: number;
  readonly reading: Reading;
}

function readUnquoted({ text, key, from, end, reading }: UnquotedInput): Found {
  const line = text.slice(from, end);
  const isSpaced = from > 0 && /[ \t]/.test(text.charAt(from - 1));
  const comment = findComment(line, { isSpaced, reading });
  if (typeof comment === "string") return { fault: comment, key, end };
  const raw = line.slice(0, comment).replace(/[ \t]+$/, "");
  if (invisible.test(raw)) return { fault: "invisible", key, end };
  return { key, quote: "", raw, from, to: from + raw.length, end };
}

/** Where the comment of an unquoted value begins, or why that is unclear. */
function findComment(
  line: string,
  { isSpaced, reading }: { readonly isSpaced: boolean; readonly reading: Reading },
): number | Fault {
  const hash = line.indexOf("#");
  if (hash === -1) return line.length;
  if (reading === "dotenv") return hash;
  // To every person and most readers, `KEY= # why` is an empty value.
  if (hash === 0 && isSpaced) return reading === "common" && /^#(?:[#\s]|$)/.test(line) ? 0 : "hashFirst";
  if (reading === "common") return hash > 0 && /[ \t]/.test(line.charAt(hash - 1)) ? hash : "hash";
  const comment = line.indexOf(" #");
  const value = comment === -1 ? line : line.slice(0, comment);
  // It looks like a comment, but Docker Compose takes it into the value.
  return /[^\S ]#/.test(value) ? "hash" : value.length;
}

/** As `docker run --env-file` reads: everything after the first `=` is the value. */
function readLiteral(text: string, start: number): Found {
  const end = endOfLine(text, start);
  const line = text.slice(start, end);
  if (/^\s*(?:#|$)/.test(line)) return { blank: true, end };
  const match = matchAt(literalHead, text, start);
  const key = match?.[1];
  if (!match || key === undefined) return { fault: "malformed", end };
  const from = start + match[0].length;
  return { key, quote: "", raw: text.slice(from, end), from, to: end, end };
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

/** The quote that ends a value for Docker Compose: the first one that no backslash escapes. */
function findEscapedEnd(text: string, opening: number): number | Fault {
  const quote = text.charAt(opening);
  for (let at = opening + 1; at < text.length; at += 1) {
    if (text.charAt(at) === "\\") at += 1;
    else if (text.charAt(at) === quote) return matchAt(restOfLine, text, at + 1) ? at : "trailing";
  }
  return "unclosed";
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text) ?? undefined;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end;
}

/** The lines from `from` to `to`, including the one that ends there. */
function countLines(text: string, from: number, to: number): number {
  let lines = 1;
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
