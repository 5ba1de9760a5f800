// Pure: what base64 and hexadecimal words stand for, read from every character at which a value may begin in them.

import { hexValue } from "./escapes.js";
import { buildLayer, type Layer, separator } from "./layer.js";

/** Bits that belong to a byte which was cut off: four letters are three bytes, and a word may begin at any of them. */
const base64Offsets = [0, 2, 4, 6] as const;
const hexOffsets = [0, 1] as const;
/** Four bytes, the shortest value that is hidden. */
const leastBase64 = 6;
const leastHex = 8;

/** One layer for each place to begin; none where there is no such word. */
export function unpack(layer: Layer): Layer[] {
  const base64 = findWords(layer.bytes, { values: base64Values, least: leastBase64 });
  const hex = findWords(layer.bytes, { values: hexValues, least: leastHex });
  return [
    ...(base64.length === 0 ? [] : base64Offsets.map((offset) => readBase64(layer, base64, offset))),
    ...(hex.length === 0 ? [] : hexOffsets.map((offset) => readHex(layer, hex, offset))),
  ];
}

interface Word {
  readonly start: number;
  readonly end: number;
}

function findWords(bytes: Uint8Array, { values, least }: { values: Int8Array; least: number }): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const start = at;
    while (at < bytes.length && (values[bytes[at] ?? 0] ?? -1) >= 0) at += 1;
    if (at - start >= least) words.push({ start, end: at });
  }
  return words;
}

/** The padding goes with the last byte, so that none of it is left. */
function readBase64({ bytes, from, to }: Layer, words: readonly Word[], offset: number): Layer {
  const layer = buildLayer(bytes.length);
  for (const { start, end } of words) {
    let bits = 0;
    let held = -offset;
    for (let at = start; at < end; at += 1) {
      bits = ((bits << 6) | (base64Values[bytes[at] ?? 0] ?? 0)) & 0x3fff;
      held += 6;
      if (held < 8) continue;
      held -= 8;
      const isLast = end - at <= 1 || (end - at === 2 && held + 6 < 8);
      const last = isLast ? skipPadding(bytes, end) - 1 : at;
      const byte = (bits >> held) & 0xff;
      // Every second byte of a value in UTF-16, which is what PowerShell encodes.
      if (byte !== 0) layer.put(byte, from[at - 1] ?? 0, to[last] ?? 0);
    }
    layer.put(separator, from[end - 1] ?? 0, to[end - 1] ?? 0);
  }
  return { ...layer.finish(), isPacked: true };
}

function skipPadding(bytes: Uint8Array, end: number): number {
  let at = end;
  while (at < end + 2 && bytes[at] === 0x3d) at += 1;
  return at;
}

function readHex({ bytes, from, to }: Layer, words: readonly Word[], offset: number): Layer {
  const layer = buildLayer(bytes.length);
  for (const { start, end } of words) {
    for (let at = start + offset; at + 1 < end; at += 2) {
      layer.put((hexValue(bytes[at] ?? 0) << 4) | hexValue(bytes[at + 1] ?? 0), from[at] ?? 0, to[at + 1] ?? 0);
    }
    layer.put(separator, from[end - 1] ?? 0, to[end - 1] ?? 0);
  }
  return { ...layer.finish(), isPacked: true };
}

/** Both alphabets of base64: `+/` and `-_`. */
const base64Values = tabulate((byte) => {
  const sign = String.fromCharCode(byte);
  if (sign === "-") return 62;
  if (sign === "_") return 63;
  return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(sign);
});

const hexValues = tabulate(hexValue);

function tabulate(read: (byte: number) => number): Int8Array {
  return Int8Array.from({ length: 256 }, (_, byte) => read(byte));
}
