// Test side: random dotenv texts, and the law of each dialect: what is accepted is read the same by every reader of that dialect.

import * as fc from "fast-check";
import { expect } from "vitest";
import { isSecretSyncError } from "../../provider/errors.js";
import { takeFrom } from "../../provider/sources/documents/content.js";
import { type DotenvOptions, parseDotenv } from "../../provider/sources/documents/dotenv.js";
import { quoteDotenv } from "../../provider/sources/documents/dotenv-quoting.js";
import { type Answer, type Reader, readers as everyone } from "./readers.js";

export interface Law {
  readonly options: DotenvOptions;
  readonly readers: readonly Reader[];
  /** What the texts of this law may hold besides quotes, backslashes, # and white space. */
  readonly signs: readonly string[];
}

const dollars = ["$", "$B", "${B}", "${", "}", "$$", "(", "\\$", "${C:-d}"];

export const laws: Readonly<Record<string, Law>> = {
  "without a dialect": { options: {}, readers: everyone, signs: [] },
  "without a dialect, with references as text": {
    options: { expand: false },
    readers: ["dotenv", "Node 20", "Node 24", "python-dotenv"],
    signs: dollars,
  },
  "in the dialect of the dotenv package": {
    options: { dialect: "dotenv", expand: false },
    readers: ["dotenv"],
    signs: [...dollars, "\r", "\\r"],
  },
  "in the dialect of Docker Compose": {
    options: { dialect: "compose", expand: true },
    readers: ["Compose"],
    signs: [...dollars, "\\t", "\\x", "\\0101", "\\012", "${B?e}", "${C+d}", "${C:-${B}}", "${C:-", "-"],
  },
};

/** Where readers are known to differ, and what is meant is plain: see `apart` in cases.ts. */
const plainlyMeant = /=[ \t]+(?:\n|$|#)|\t[ \t]*(?:#|$)|^[ \t]*\t|=[ \t]*\t|#[^\n]*[ \t]#/m;
/** Names outside the letters that every reader takes, and a mark that Node takes for a part of the name. */
const keys = ["A", "B", "C", "D_1"];

export function randomTexts({ signs }: Law, count: number): string[] {
  const unit = fc.constantFrom(
    "a",
    "n",
    " ",
    "'",
    '"',
    "`",
    "\\",
    "\\n",
    '\\"',
    "#",
    " # x",
    "=",
    "\n",
    "\t",
    ...signs,
  );
  const value = fc.oneof(
    fc.string({ unit, maxLength: 8 }),
    fc
      .tuple(fc.constantFrom("'", '"', "`"), fc.string({ unit, maxLength: 8 }))
      .map(([quote, inside]) => `${quote}${inside}${quote}`),
  );
  const line = fc
    .tuple(fc.constantFrom(...keys), fc.constantFrom("=", "=", " = "), value)
    .map((parts) => parts.join(""));
  const text = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n"));
  return fc.sample(text, { numRuns: count, seed: 1313 }).filter((one) => !plainlyMeant.test(one));
}

/** What is made of a text here; undefined where it is refused. */
function readHere(text: string, options: DotenvOptions): Readonly<Record<string, string>> | undefined {
  try {
    return Object.fromEntries(takeFrom(parseDotenv(text, { ...options, origin: "a text" })));
  } catch (error) {
    if (isSecretSyncError(error)) return undefined;
    throw error;
  }
}

/** Random values as one line each, as they are written into a file; values without a spelling are left out. */
export function writeTexts(
  { options, signs }: Law,
  count: number,
): { readonly text: string; readonly value: string }[] {
  const unit = fc.constantFrom(
    "a",
    "b c",
    "'",
    '"',
    "`",
    "\\",
    "\n",
    "#",
    " ",
    "=",
    "\t",
    "\r",
    "é",
    "$",
    "$B",
    "${B}",
    ...signs,
  );
  const values = fc.sample(fc.string({ unit, maxLength: 8 }), { numRuns: count, seed: 1717 });
  return values.flatMap((value) => {
    const quoted = quoteDotenv("A", value, options);
    return quoted === undefined ? [] : [{ text: `B=1\nA=${quoted}\n`, value }];
  });
}

/** Every reader of the dialect reads the value that was written. */
export function checkWritten(
  { readers }: Law,
  written: ReturnType<typeof writeTexts>,
  answers: Readonly<Partial<Record<Reader, readonly Answer[]>>>,
): void {
  written.forEach(({ text, value }, index) => {
    for (const reader of readers) {
      // It replaces references between single quotes, too.
      if (reader === "python-dotenv, interpolating" && text.includes("${")) continue;
      const answer = answers[reader]?.[index];
      if (answer !== undefined)
        expect({ text, reader, answer }).toEqual({ text, reader, answer: { A: value, B: "1" } });
    }
  });
}

/** How many of the texts were accepted, so that a law cannot hold by refusing everything. */
export function checkLaw(
  { options, readers }: Law,
  texts: readonly string[],
  answers: Readonly<Partial<Record<Reader, readonly Answer[]>>>,
): number {
  let accepted = 0;
  texts.forEach((text, index) => {
    const here = readHere(text, options);
    if (here === undefined) return;
    accepted += 1;
    for (const reader of readers) {
      const answer = answers[reader]?.[index];
      // A reader that fails sends nothing wrong.
      if (answer === undefined || answer === null) continue;
      // Node takes an indented comment for a part of a name, so it may lack the name.
      const known = reader.startsWith("Node ") ? { ...here, ...pick(answer, Object.keys(here)) } : answer;
      expect({ text, reader, answer: known }).toEqual({ text, reader, answer: here });
    }
  });
  return accepted;
}

function pick(answer: NonNullable<Answer>, names: readonly string[]): NonNullable<Answer> {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => names.includes(name)));
}
