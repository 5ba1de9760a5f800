// Pure: finds every run of eight or more characters of known values in a text, however it is encoded there, in linear time.

import { decodeEscapes, listKinds } from "./escapes.js";
import type { GramSet } from "./gram-set.js";
import { addRuns, findRuns, holdsRun } from "./grams.js";
import { createGrams, foldWord, type Grams, indexValues, type KnownValues } from "./known-values.js";
import { type Layer, readText } from "./layer.js";
import { unpack } from "./packings.js";
import { publicGrams } from "./public-words.js";

/** A part of a text. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** In characters. A long text is searched piece by piece, so that memory stays bounded. */
const pieceLength = 256 * 1024;
/** Eight characters, each in escapes of escapes. */
const overlap = 1024;
/** In characters: all values together, when no single piece of text limits which of their runs matter. */
const mostIndexed = 4 * 1024 * 1024;
/** Escapes in escapes in escapes. */
const mostRounds = 4;
/** Within base64: a document in JSON. Bytes that are not text look escaped by chance, and would cost as much again. */
const mostPackedRounds = 1;
/** The same when each kind of escape is decoded by itself; one less in a long text. */
const mostKindRounds = 3;
/** Base64 in base64, as in a manifest that holds a file. */
const mostPackings = 2;

/**
 * Replaces what is known. Values of four to seven characters are found whole, shorter ones not at all. Instead of encoding every value
 * in every way, it decodes the text in every way: each decoding is searched for the runs of the plain values, and what is found is
 * hidden where it came from. Time grows with the text plus all values, not with their product: a text of 256 KiB takes 40 ms with 500
 * values, and 0.9 s with 1,000 values of 32 KiB.
 */
export function hideValues(text: string, values: readonly string[], shown: string): string {
  const total = values.reduce((sum, value) => sum + value.length, 0);
  const isLong = text.length > pieceLength;
  if (total === 0) return text;
  // Nobody reads such a long text, and an index of such large values would take all memory.
  if (isLong && total > mostIndexed) return shown;
  const known = indexValues(values, !isLong && total > text.length ? listGrams(text) : undefined);
  const spans: Span[] = [];
  for (let start = 0; start < text.length; start += pieceLength) {
    const from = Math.max(0, start - overlap);
    const piece = text.slice(from, start + pieceLength);
    for (const layer of listLayers(readText(piece), isLong)) {
      for (const span of findSpans(layer, known)) spans.push({ from: from + span.from, to: from + span.to });
    }
  }
  return replaceSpans(text, spans, shown);
}

/** Every run that a text contains in some encoding. */
function listGrams(text: string): Grams {
  const grams = createGrams();
  for (const { bytes, isPacked } of listLayers(readText(text), false))
    addRuns(isPacked ? grams.packed : grams.plain, bytes);
  return grams;
}

/** The text and its decodings: every kind of escape at once, and, if several kinds meet, each kind by itself. */
function* listLayers(layer: Layer, isLong: boolean, packings = 0): Generator<Layer> {
  const rounds = packings === 0 ? mostRounds : mostPackedRounds;
  let round: Layer | undefined = layer;
  for (let count = 0; round !== undefined && count <= rounds; count += 1) {
    yield round;
    if (packings < mostPackings) for (const inner of unpack(round)) yield* listLayers(inner, isLong, packings + 1);
    round = decodeEscapes(round);
  }
  const depth = packings === 0 ? mostKindRounds : mostPackedRounds;
  if (listKinds(layer).length > 1) yield* listByKind(layer, isLong ? depth - 1 : depth);
}

/** A value may contain a percent sign, which an HTML encoder keeps: decoded with the rest, it would be another value. */
function* listByKind(layer: Layer, rounds: number): Generator<Layer> {
  if (rounds === 0) return;
  for (const kind of listKinds(layer)) {
    const decoded = decodeEscapes(layer, [kind]);
    if (decoded === undefined) continue;
    yield decoded;
    yield* listByKind(decoded, rounds - 1);
  }
}

interface Run {
  readonly first: number;
  last: number;
  /** More than public words. */
  isOwn: boolean;
}

function findSpans(layer: Layer, { grams, short, publicWords }: KnownValues): Span[] {
  const { bytes, from, to, isPacked } = layer;
  const isSecret = ({ first, last, isOwn }: Run) =>
    isOwn || publicWords.some((word) => foldWord(bytes.subarray(first, last + 1)).includes(word));
  const runs = [isPacked ? grams.packed : grams.plain, ...short].flatMap((set) => listRuns(set, bytes));
  return runs.filter(isSecret).map((run) => {
    const [first, last] = trimRun(bytes, run);
    return { from: from[first] ?? 0, to: to[last] ?? 0 };
  });
}

/** What is in the set, joined where it overlaps or touches. */
function listRuns(set: GramSet, bytes: Uint8Array): Run[] {
  const runs: Run[] = [];
  findRuns(set, bytes, (last) => {
    const first = last - set.length + 1;
    let run = runs.at(-1);
    if (run === undefined || run.last + 1 < first) runs.push((run = { first, last, isOwn: false }));
    run.last = last;
    // Public words are runs of eight bytes: a shorter run is never one.
    run.isOwn ||= !holdsRun(publicGrams, bytes.subarray(first, last + 1));
  });
  return runs;
}

/** The space beside a value usually belongs to the sentence. */
function trimRun(bytes: Uint8Array, { first, last }: Run): [number, number] {
  const isSpace = (at: number) => (bytes[at] ?? 0) <= 0x20;
  return [first + (isSpace(first) ? 1 : 0), last - (isSpace(last) ? 1 : 0)];
}

function replaceSpans(text: string, spans: readonly Span[], shown: string): string {
  const [start, ...more] = [...spans].sort((a, b) => a.from - b.from);
  if (start === undefined) return text;
  let [masked, at] = ["", 0];
  let { from, to } = start;
  for (const span of more) {
    if (span.from > to) {
      masked += text.slice(at, from) + shown;
      [at, from] = [to, span.from];
    }
    to = Math.max(to, span.to);
  }
  return masked + text.slice(at, from) + shown + text.slice(to);
}
