// Pure: what base64 and hexadecimal words stand for, read from every character at which a value may begin in them.

import { hexValue } from "./escapes.js";
import { buildLayer, type Layer, separator } from "./layer.js";

/** In a table of letters, as `indexOf` says it. */
const noLetter = -1;

/** A way to write bytes as letters that hold some bits each. */
interface Packing {
  /** What each byte stands for; `noLetter` where it is none. */
  readonly values: Int8Array;
  readonly bits: 4 | 6;
  /** The letters of four bytes, the shortest value that is hidden. */
  readonly least: number;
  /** Bits that belong to a byte which was cut off: four letters of base64 are three bytes, and a word may begin at any of them. */
  readonly offsets: readonly number[];
  /** How many signs may follow that fill the last group. */
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

/** One layer for each place to begin; none where there is no such word. */
export function unpack(layer: Layer): Layer[] {
  return [base64, hexadecimal].flatMap((packing) => {
    const words = [...findWords(layer.bytes, packing)];
    return words.length === 0 ? [] : packing.offsets.map((offset) => readWords(layer, { packing, words, offset }));
  });
}

interface Word {
  readonly start: number;
  readonly end: number;
}

function* findWords(bytes: Uint8Array, { values, least }: Packing): Generator<Word> {
  for (let at = 0; at < bytes.length; at += 1) {
    const start = at;
    while (values[bytes[at] ?? 0] !== noLetter) at += 1;
    if (at - start >= least) yield { start, end: at };
  }
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
  for (const { start, end } of words) {
    let held = 0;
    let count = -offset;
    for (let at = start; at < end; at += 1) {
      held = ((held << bits) | (values[bytes[at] ?? 0] ?? 0)) & 0x3fff;
      count += bits;
      if (count < 8) continue;
      count -= 8;
      const isLast = count + bits * (end - at - 1) < 8;
      const last = isLast ? skipPadding(bytes, { end, padding }) - 1 : at;
      const byte = (held >> count) & 0xff;
      // Every second byte of a value in UTF-16, which is what PowerShell encodes.
      if (byte !== 0) layer.put(byte, from[at - 1] ?? 0, to[last] ?? 0);
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
