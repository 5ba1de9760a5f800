// Pure: the values that are hidden, as runs to be found in a text. What the text cannot hold is left out where values are many.

import { decodeEscapes } from "./escapes.js";
import { createGramSet, type GramSet } from "./gram-set.js";
import { addRuns, addShort, fold, gramLength } from "./grams.js";
import { readText } from "./layer.js";
import { isPublicWord } from "./public-words.js";

/** Runs, by where they are looked for. */
export interface Grams {
  readonly plain: GramSet;
  /** One byte less: a cut word of base64 still holds a half of the one before or after it. */
  readonly packed: GramSet;
}

export function createGrams(): Grams {
  return { plain: createGramSet(), packed: createGramSet(7) };
}

export interface KnownValues {
  readonly grams: Grams;
  /** Values of four to seven bytes; undefined when there are none. */
  readonly short: GramSet | undefined;
  /** Folded values that are nothing but a public word. */
  readonly publicWords: readonly string[];
}

/** Replacing every "1" would destroy the message and hide nothing. */
const leastLength = 4;
/** A value may itself be JSON in JSON. */
const mostRounds = 3;

/** @param within only runs of this set matter; all when it is left out */
export function indexValues(values: readonly string[], within: Grams | undefined): KnownValues {
  const grams = createGrams();
  const short = createGramSet();
  const publicWords: string[] = [];
  for (const value of values) {
    if (value.length < leastLength) continue;
    if (isPublicWord(value)) publicWords.push(foldWord(value));
    for (const form of listCases(value)) {
      for (const bytes of listRounds(form)) {
        addRuns(grams.plain, bytes, within?.plain);
        addRuns(grams.packed, bytes, within?.packed);
      }
    }
    for (const whole of new Set([value, value.trim()])) {
      const bytes = Buffer.from(whole);
      if (whole.length >= leastLength && bytes.length < gramLength) addShort(short, bytes);
    }
  }
  return { grams, short: short.size() === 0 ? undefined : short, publicWords };
}

/** Letters of ASCII are folded byte by byte; the case of all others is told by a form of its own. */
function listCases(value: string): Iterable<string> {
  // oxlint-disable-next-line no-control-regex -- the whole of ASCII
  return /[^\u0000-\u007f]/.test(value) ? new Set([value, value.toLowerCase(), value.toUpperCase()]) : [value];
}

/** A value may look escaped already; whoever decodes the text decodes that, too. */
function listRounds(value: string): Uint8Array[] {
  const rounds: Uint8Array[] = [Buffer.from(value)];
  let layer = /[%\\&]/.test(value) ? decodeEscapes(readText(value)) : undefined;
  for (; layer !== undefined && rounds.length <= mostRounds; layer = decodeEscapes(layer)) rounds.push(layer.bytes);
  return rounds;
}

/** As the found run of a text is compared with it. */
export function foldWord(text: string | Uint8Array): string {
  const bytes = typeof text === "string" ? Buffer.from(text.trim()) : text;
  return Buffer.from(fold(bytes)).toString("latin1");
}
