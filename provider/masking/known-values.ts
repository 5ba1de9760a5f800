// Pure: the values to hide, as runs to be found in a text. If there are many values, what the text cannot hold is left out.

import { decodeEscapes } from "./escapes.js";
import { createGramSet, type GramSet } from "./gram-set.js";
import { addRuns, fold } from "./grams.js";
import { readText } from "./layer.js";
import { isPublicWord } from "./public-words.js";

/** Runs, by where they are searched. */
export interface Grams {
  readonly plain: GramSet;
  /** One byte less: a cut base64 word still holds half of the byte before or after it. */
  readonly packed: GramSet;
}

export function createGrams(): Grams {
  return { plain: createGramSet(8), packed: createGramSet(7) };
}

export interface KnownValues {
  readonly grams: Grams;
  /** Values shorter than a run, a set for each length. */
  readonly short: readonly GramSet[];
  /** Folded values that are only a public word. */
  readonly publicWords: readonly string[];
}

/** Replacing every "1" would destroy the message and hide nothing. */
const leastLength = 4;
const shortLengths = [4, 5, 6, 7] as const;
/** A value may itself be JSON in JSON. */
const mostRounds = 3;

/** @param within only runs of this set matter; all if left out */
export function indexValues(values: readonly string[], within: Grams | undefined): KnownValues {
  const grams = createGrams();
  const short = new Map<number, GramSet>();
  for (const value of values) {
    for (const bytes of listForms(value).flatMap(listRounds)) {
      addRuns(grams.plain, bytes, within?.plain);
      addRuns(grams.packed, bytes, within?.packed);
      addShort(short, bytes);
    }
  }
  return { grams, short: [...short.values()], publicWords: values.filter(isPublicWord).map(foldWord) };
}

function addShort(short: Map<number, GramSet>, bytes: Uint8Array): void {
  const length = shortLengths.find((one) => one === bytes.length);
  if (length === undefined) return;
  const set = short.get(length) ?? createGramSet(length);
  short.set(length, set);
  addRuns(set, bytes);
}

/** ASCII letters are folded byte by byte; each case of all others is a form of its own. */
function listForms(value: string): string[] {
  // Without the space around it, and without what unpacking UTF-16 leaves out.
  const told = [value, value.trim(), value.replaceAll("\0", "")].filter(({ length }) => length >= leastLength);
  // oxlint-disable-next-line no-control-regex -- the whole of ASCII
  const hasCases = /[^\u0000-\u007f]/.test(value);
  return [...new Set(told.flatMap((form) => (hasCases ? [form, form.toLowerCase(), form.toUpperCase()] : [form])))];
}

/** A value may itself look escaped; decoding the text decodes that, too. */
function listRounds(value: string): Uint8Array[] {
  const rounds: Uint8Array[] = [Buffer.from(value)];
  let layer = /[%\\&]/.test(value) ? decodeEscapes(readText(value)) : undefined;
  for (; layer !== undefined && rounds.length <= mostRounds; layer = decodeEscapes(layer)) rounds.push(layer.bytes);
  return rounds;
}

/** The form in which the found run of a text is compared with it. */
export function foldWord(text: string | Uint8Array): string {
  const bytes = typeof text === "string" ? Buffer.from(text.trim()) : text;
  return Buffer.from(fold(bytes)).toString("latin1");
}
