// Pure: the meaning of one value of a dotenv text, by the rules of a dialect, or why readers disagree on it.

import type { Fault } from "./dotenv-faults.js";
import type { Quote, Reading, Statement } from "./dotenv-statements.js";

/** A value before its references are resolved. */
export interface RawValue {
  /** `protectedDollar` replaces a `$` that begins no reference. */
  readonly text: string;
  /** Whether `$` may begin a reference in it. */
  readonly isOpen: boolean;
}

/** No text of a document holds a NUL. */
export const protectedDollar = "\0";

export interface ValueOptions {
  readonly reading: Reading;
  /** Undefined: it is not specified whether references are replaced. */
  readonly expand: boolean | undefined;
}

type Read = (raw: string, expand: boolean | undefined) => RawValue | Fault;

const readers: Readonly<Record<Reading, Readonly<Record<Quote, Read>>>> = {
  common: { "": readPlain, "'": readCommonSingle, '"': readCommonDouble, "`": () => "backtick" },
  dotenv: { "": readPlain, "'": asWritten, '"': readDotenvDouble, "`": asWritten },
  compose: { "": readComposePlain, "'": readComposeSingle, '"': readComposeDouble, "`": readComposePlain },
  literal: { "": asWritten, "'": asWritten, '"': asWritten, "`": asWritten },
};

/** The value, or what is wrong with it. */
export function readValue({ quote, raw }: Statement, { reading, expand }: ValueOptions): RawValue | Fault {
  if (reading === "common" && expand === undefined && quote === "" && raw.includes("\\$")) return "escapedDollar";
  return readers[reading][quote](raw, expand);
}

function asWritten(raw: string): RawValue {
  return { text: raw, isOpen: false };
}

function readPlain(raw: string, expand: boolean | undefined): RawValue {
  return { text: protectDollars(raw, expand), isOpen: true };
}

/** `\$` is a `$` to readers that replace references, and two characters to all others. */
function protectDollars(text: string, expand: boolean | undefined): string {
  return expand === true ? text.replaceAll("\\$", protectedDollar) : text;
}

function readCommonSingle(raw: string): RawValue | Fault {
  const fault = findBackslashFault(raw, "'");
  return fault ?? asWritten(raw);
}

/** Every reader knows `\n`; no two families of readers agree on any other escape. */
function readCommonDouble(raw: string, expand: boolean | undefined): RawValue | Fault {
  const fault = findBackslashFault(raw, '"');
  if (fault !== undefined) return fault;
  const [other] = /\\(?!n)[^]/.exec(raw) ?? [];
  if (other === "\\$" && expand === undefined) return "escapedDollar";
  if (/\\(?![n$])/.test(raw)) return "escape";
  return { text: protectDollars(raw.replaceAll("\\n", "\n"), expand), isOpen: true };
}

function findBackslashFault(raw: string, quote: Quote): Fault | undefined {
  if (raw.includes(`\\${quote}`)) return "escapedQuote";
  if (raw.includes("\\\\")) return "doubleBackslash";
  return raw.endsWith("\\") ? "lastBackslash" : undefined;
}

/** One after the other, as the dotenv package does: the second backslash of `\\n` begins a line break. */
function readDotenvDouble(raw: string, expand: boolean | undefined): RawValue {
  const text = raw.replaceAll("\\n", "\n").replaceAll("\\r", "\r");
  return { text: protectDollars(text, expand), isOpen: true };
}

function readComposePlain(raw: string): RawValue {
  return { text: raw, isOpen: true };
}

function readComposeSingle(raw: string): RawValue {
  return asWritten(unescapeQuotes(raw, "'"));
}

/** compose-spec/compose-go: dotenv/parser.go (`extractVarValue`, `expandEscapes`). */
function readComposeDouble(raw: string, expand: boolean | undefined): RawValue | Fault {
  const text = unescapeQuotes(raw, '"').replace(/\\(?:[abfnrtv$"\\]|0\d{0,3})/g, (escape) =>
    readComposeEscape(escape, expand),
  );
  // A NUL by its escape, not one of ours.
  if (/(?:^|[^\\])(?:\\\\)*\\0000/.test(raw)) return "nul";
  return { text, isOpen: true };
}

const composeEscapes: Readonly<Record<string, string>> = {
  "\\a": "\x07",
  "\\b": "\b",
  "\\f": "\f",
  "\\n": "\n",
  "\\r": "\r",
  "\\t": "\t",
  "\\v": "\v",
  '\\"': '"',
  "\\\\": "\\",
};

function readComposeEscape(escape: string, expand: boolean | undefined): string {
  // If references are replaced, two `$` mean one in Compose.
  if (escape === "\\$") return expand === false ? protectedDollar : "$$";
  if (!escape.startsWith("\\0")) return composeEscapes[escape] ?? escape;
  // Three octal digits after the zero, up to 255. In anything else it drops the zero.
  const octal = /^\\0([0-3][0-7]{2})$/.exec(escape)?.[1];
  return octal === undefined ? `\\${escape.slice(2)}` : String.fromCharCode(Number.parseInt(octal, 8));
}

/** A backslash before the quote goes; every other one stays, with what follows it. */
function unescapeQuotes(raw: string, quote: Quote): string {
  return raw.replace(/\\([^])/g, (pair, next: string) => (next === quote ? next : pair));
}
