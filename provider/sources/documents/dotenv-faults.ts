// Pure: every reason why a line of a dotenv text gives nothing, and the words for it. They name line and key, but no value.

import type { ErrorCode, Problem } from "../../errors.js";
import type { Fault as KeyFault } from "./content.js";

const dialectRemedy = "or set `dialect` to say how the file is read";

/** Readers of dotenv skip a line that they cannot read. Here that would delete a key at the destination. */
export const faults = {
  malformed: "neither KEY=value, nor a comment, nor blank",
  unclosed: "a quote that is never closed; close it, or wrap the value in another kind of quote",
  trailing: "text after a closing quote; wrap the value in a kind of quote that it does not contain",
  ambiguous: "a backslash before a quote that may or may not end the value; use another kind of quote",
  hash: "an unquoted value with #, which dotenv would cut there; quote the value, or put a space before a comment",
  hashFirst: `# where the value begins: dotenv and Node read an empty value and a comment, Docker Compose reads a value; quote the value, ${dialectRemedy}`,
  duplicate: "defined more than once; remove all but one",
  reserved: "a key that dotenv cannot hold; rename it",
  invisible:
    "invisible white space at the start or end of the value, which some readers keep and others drop; remove it, or quote the value",
  separator: "a line separator (U+2028 or U+2029), after which some readers begin a new line; remove it",
  carriage:
    "a carriage return, which ends the line for some readers and belongs to the value for others; save the file with one kind of line ending, or write \\n between double quotes",
  backtick: `a value between backticks: dotenv and Node take them as quotes, python-dotenv, godotenv and Docker Compose as part of the value; use ' or ", ${dialectRemedy}`,
  escapedQuote: `a backslash before a quote: python-dotenv and Docker Compose read an escaped quote, Node ends the value there, and dotenv keeps both characters; use another kind of quote or none, ${dialectRemedy}`,
  doubleBackslash: `two backslashes between quotes: python-dotenv reads one, and so does Docker Compose between double quotes, but dotenv and Node read two; write the value without quotes, ${dialectRemedy}`,
  lastBackslash: `a backslash before the closing quote: dotenv and Node read the last character of the value, python-dotenv and Docker Compose an escaped quote; write the value without quotes, ${dialectRemedy}`,
  escape: `a backslash between double quotes that does not begin \\n: dotenv and Node keep it, but python-dotenv, godotenv or Docker Compose drop it or read an escape; use single quotes or none, ${dialectRemedy}`,
  escapedDollar: `a backslash before $: godotenv and Docker Compose read an escaped $, but dotenv, Node and python-dotenv keep both characters; use single quotes, set \`expand\` to say whether references are replaced, ${dialectRemedy}`,
  wrapped:
    "base64 that continues on the next line, where its end would be taken for a key; write it on one line, as `base64 -w 0` prints it, or put an empty line below it if it ends there",
  nul: "an escape that writes a NUL character; remove it",
  reference:
    "a reference (${…}, or $ and a key of this source): Docker Compose, godotenv and python-dotenv replace it, but dotenv and Node do not; set `expand: true` to replace it with the value in this source, or `expand: false` to keep it as text",
  command:
    "a command in $(…), which a shell would run and no reader of dotenv does; print the value with an exec source, or keep it as text with `expand: false` or single quotes",
  unknownReference:
    "a reference to a key that this source does not have; add that key, give a default as in ${NAME:-default}, or keep it as text with single quotes",
  laterReference:
    "a reference to a key that comes later in the file, which Docker Compose reads as empty; move that key up",
  requiredReference:
    "a reference, with ${NAME?…}, that requires a key which this source lacks or leaves empty; add its value",
  oddReference:
    "${…} with something in it that is no reference; correct it, or keep it as text with single quotes or `expand: false`",
  doubleDollar: `two $ before a name: Docker Compose reads an escaped $, others a $ and a reference; use single quotes, or a backslash before a literal $, ${dialectRemedy}`,
  circle: "a reference to itself, directly or through other keys; write the value out",
  growing: "references that grow beyond 10 MiB; write the value out",
} as const;

export type Fault = keyof typeof faults;

/** Faults of references have their own code: the text is well-formed, but its meaning is open. */
const referenceFaults: ReadonlySet<Fault> = new Set<Fault>([
  "reference",
  "command",
  "unknownReference",
  "laterReference",
  "requiredReference",
  "oddReference",
  "doubleDollar",
  "circle",
  "growing",
]);

/** One line that gives nothing; with its key if it has one. */
export interface FaultyLine {
  readonly fault: Fault;
  readonly line: number;
  readonly key?: string | undefined;
  /** Other lines may be affected, but it is unknown which. */
  readonly spreads?: boolean | undefined;
  /** Keys whose values refer to this one. */
  readonly dependents?: readonly string[];
}

const shownLines = 10;

/** One problem per kind of fault, with the lines that have it. */
export function describeFaults(found: readonly FaultyLine[], origin: string): Problem[] {
  const kinds = Map.groupBy(
    found.toSorted((a, b) => a.line - b.line),
    ({ fault }) => fault,
  );
  return [...kinds].flatMap(([fault, lines]) => describeLines(fault, lines, origin));
}

/** The same as faults of keys, so that only faults of taken keys are reported, including those of keys that a taken value refers to. */
export function groupFaults(found: readonly FaultyLine[], origin: string): KeyFault[] {
  return [...Map.groupBy(found, ({ fault, key }) => (fault === "duplicate" ? `${fault} ${key}` : fault)).values()].map(
    (lines) => ({
      keys: [...new Set(lines.flatMap(listKeys))],
      tell: (taken) => {
        const wanted = new Set(taken);
        const concerned = lines.filter((line) => listKeys(line).some((key) => wanted.has(key)));
        const [problem] = describeFaults(concerned, origin);
        if (problem === undefined) throw new Error(`no line of ${origin} is concerned`);
        return problem;
      },
    }),
  );
}

function listKeys({ key, dependents = [] }: FaultyLine): string[] {
  return key === undefined ? [...dependents] : [key, ...dependents];
}

function describeLines(fault: Fault, lines: readonly FaultyLine[], origin: string): Problem[] {
  if (fault === "duplicate") {
    return lines.map(({ key = "" }) => ({
      code: "source.duplicate_key",
      message: `${origin}: ${JSON.stringify(key)} is ${faults.duplicate}`,
    }));
  }
  const shown = lines.slice(0, shownLines).map(nameLine).join(", ");
  const more = lines.length > shownLines ? ` and ${lines.length - shownLines} more` : "";
  const where = lines.length === 1 ? `line ${shown}` : `lines ${shown}${more}`;
  const code: ErrorCode = referenceFaults.has(fault) ? "source.unresolved_reference" : "source.unparsable";
  return [{ code, message: `${origin} is not plain dotenv: ${where}: ${faults[fault]}` }];
}

function nameLine({ line, key }: FaultyLine): string {
  return key === undefined ? String(line) : `${line} (${key})`;
}
