// Pure: what base64 and hexadecimal words decode to, read from every character at which a value may begin in them.

import { hexValue } from "./escapes.js";
import { buildLayer, type Layer, separator } from "./layer.js";

/** In a table of letters, as `indexOf` returns it. */
const noLetter = -1;

/** A way to write bytes as letters that hold some bits each. */
interface Packing {
  /** The value of each byte as a letter; `noLetter` if it is none. */
  readonly values: Int8Array;
  readonly bits: 4 | 6;
  /** The letters of four bytes, the shortest value that is hidden. */
  readonly least: number;
  /** Bits of a byte that was cut off: four base64 letters are three bytes, and a word may begin at any of them. */
  readonly offsets: readonly number[];
  /** How many padding signs may fill the last group. */
  readonly padding: number;
}

/** Both alphabets of base64: `+/` and `-_`. */
const base64: Packing = {
  values: tabulate((byte) => {
    const sign = String.fromCharCode(byte);
    if (sign === "-") return 62;
    if (sign === "_") return 63;
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(sign);
  }),
  bits: 6,
  least: 6,
  offsets: [0, 2, 4, 6],
  padding: 2,
};

const hexadecimal: Packing = {
  values: tabulate((byte) => Math.max(hexValue(byte), noLetter)),
  bits: 4,
  least: 8,
  offsets: [0, 4],
  padding: 0,
};

/** One layer for each place to begin; none without such a word. */
export function unpack(layer: Layer): Layer[] {
  return [base64, hexadecimal].flatMap((packing) => {
    const words = [...findWords(layer.bytes, packing)];
    return words.length === 0 ? [] : packing.offsets.map((offset) => readWords(layer, { packing, words, offset }));
  });
}

/** From its first letter to its last, with the white space at which it was wrapped. */
interface Word {
  readonly start: number;
  readonly end: number;
  /** How many of its bytes are letters. */
  readonly letters: number;
}

/** Words are wrapped at 60, 64 or 76 letters; a shorter one before white space has ended there. */
const leastLine = 48;

function* findWords(bytes: Uint8Array, { values, least }: Packing): Generator<Word> {
  for (let at = 0; at < bytes.length; at += 1) {
    const start = at;
    let letters = 0;
    for (let line = at; ; line = at) {
      while (values[bytes[at] ?? 0] !== noLetter) at += 1;
      letters += at - line;
      if (at - line < leastLine) break;
      const next = skipSpace(bytes, at);
      if (next === at || values[bytes[next] ?? 0] === noLetter) break;
      at = next;
    }
    if (letters >= least) yield { start, end: at, letters };
  }
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0a || bytes[at] === 0x0d) at += 1;
  return at;
}

interface Reading {
  readonly packing: Packing;
  readonly words: readonly Word[];
  readonly offset: number;
}

/** The padding goes with the last byte, so that none of it is left. */
function readWords({ bytes, from, to }: Layer, { packing, words, offset }: Reading): Layer {
  const { values, bits, padding } = packing;
  const layer = buildLayer(bytes.length);
  for (const { start, end, letters } of words) {
    let held = 0;
    let count = -offset;
    let left = letters;
    let before = start;
    let here = start;
    for (let at = start; at < end; at += 1) {
      const value = values[bytes[at] ?? 0] ?? noLetter;
      if (value === noLetter) continue;
      before = here;
      here = at;
      held = ((held << bits) | value) & 0x3fff;
      count += bits;
      left -= 1;
      if (count < 8) continue;
      count -= 8;
      const isLast = count + bits * left < 8;
      const last = isLast ? skipPadding(bytes, { end, padding }) - 1 : at;
      const byte = (held >> count) & 0xff;
      // Every second byte of a value in UTF-16, which is what PowerShell encodes.
      if (byte !== 0) layer.put(byte, from[before] ?? 0, to[last] ?? 0);
    }
    const edge = to[end - 1] ?? 0;
    layer.put(separator, edge, edge);
  }
  return { ...layer.finish(), isPacked: true };
}

function skipPadding(bytes: Uint8Array, { end, padding }: { end: number; padding: number }): number {
  let at = end;
  while (at < end + padding && bytes[at] === 0x3d) at += 1;
  return at;
}

function tabulate(read: (byte: number) => number): Int8Array {
  return Int8Array.from({ length: 256 }, (_, byte) => read(byte));
}
