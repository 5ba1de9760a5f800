// Pure: one round of decoding the escapes that vendors put around a value: percent, backslash, HTML. Nested escapes take a round each.

import { entities } from "./entities.js";
import { buildLayer, type Layer, type LayerBuilder } from "./layer.js";

/** By the character that begins it. */
export const escapeKinds = [0x25, 0x5c, 0x26] as const;
export type EscapeKind = (typeof escapeKinds)[number];

const backslash = 0x5c;

/** @returns undefined if nothing is escaped in these ways */
export function decodeEscapes(layer: Layer, kinds: readonly EscapeKind[] = escapeKinds): Layer | undefined {
  const { bytes, from, to } = layer;
  if (!kinds.some((kind) => bytes.includes(kind))) return undefined;
  const builder = buildLayer(bytes.length);
  for (let at = 0; at < bytes.length;) {
    const { length, stands } = readEscape(bytes, at, kinds) ?? { length: 1, stands: { byte: bytes[at] ?? 0 } };
    putEscape(builder, stands, [from[at] ?? 0, to[at + length - 1] ?? 0]);
    at += length;
  }
  const decoded = builder.finish();
  // Every escape is longer than what it stands for.
  return decoded.bytes.length < bytes.length ? { ...layer, ...decoded } : undefined;
}

/** The kinds that may occur here. */
export function listKinds({ bytes }: Layer): EscapeKind[] {
  return escapeKinds.filter((kind) => bytes.includes(kind));
}

interface Escape {
  /** In bytes. */
  readonly length: number;
  readonly stands: { readonly byte: number } | { readonly point: number };
}

function putEscape(decoded: LayerBuilder, stands: Escape["stands"], [start, end]: readonly [number, number]): void {
  if ("byte" in stands) decoded.put(stands.byte, start, end);
  else decoded.putCodePoint(stands.point, start, end);
}

function readEscape(bytes: Uint8Array, at: number, kinds: readonly EscapeKind[]): Escape | undefined {
  const byte = bytes[at];
  const kind = byte === kinds[0] || byte === kinds[1] || byte === kinds[2] ? byte : undefined;
  return kind && readers[kind](bytes, at);
}

const readers: Readonly<Record<EscapeKind, (bytes: Uint8Array, at: number) => Escape | undefined>> = {
  0x25: readPercent,
  0x5c: readBackslash,
  0x26: readEntity,
};

/** `%2f`, and `%u002f` of the old `escape`. */
function readPercent(bytes: Uint8Array, at: number): Escape | undefined {
  const byte = readDigits(bytes, at + 1, 2);
  if (byte !== undefined) return { length: 3, stands: { byte } };
  const point = isLetter(bytes[at + 1], "u") ? readDigits(bytes, at + 2, 4) : undefined;
  return point === undefined ? undefined : { length: 6, stands: { point } };
}

const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12, v: 11, a: 7, e: 27, 0: 0 };

/** In JSON, JavaScript, Go, Python, C and shells: `\n`, `\"`, `\u003c`, `\u{3c}`, `\U0000003c`, `\x3c`, `\074`. */
function readBackslash(bytes: Uint8Array, at: number): Escape | undefined {
  const sign = bytes[at + 1];
  if (sign === undefined) return undefined;
  if (isLetter(sign, "u")) {
    const point = readUnit(bytes, at);
    if (point !== undefined) return readPair(bytes, at, point);
    const braced = /^\{([0-9a-f]{1,6})\}/i.exec(readAscii(bytes, at + 2, 8));
    if (braced?.[1]) return { length: 2 + braced[0].length, stands: readPoint(Number.parseInt(braced[1], 16)) };
  }
  const long = isLetter(sign, "U") ? readDigits(bytes, at + 2, 8) : undefined;
  if (long !== undefined) return { length: 10, stands: readPoint(long) };
  const byte = isLetter(sign, "x") ? readDigits(bytes, at + 2, 2) : undefined;
  if (byte !== undefined) return { length: 4, stands: { byte } };
  const octal = /[0-3][0-7]{2}/.exec(readAscii(bytes, at + 1, 3))?.[0];
  if (octal !== undefined) return { length: 4, stands: { byte: Number.parseInt(octal, 8) } };
  return { length: 2, stands: { byte: controls[String.fromCharCode(sign)] ?? sign } };
}

/** `\u1234` */
function readUnit(bytes: Uint8Array, at: number): number | undefined {
  return bytes[at] === backslash && isLetter(bytes[at + 1], "u") ? readDigits(bytes, at + 2, 4) : undefined;
}

/** Two escapes make one character beyond U+FFFF. */
function readPair(bytes: Uint8Array, at: number, point: number): Escape {
  const pair = String.fromCharCode(point, readUnit(bytes, at + 6) ?? 0).codePointAt(0) ?? point;
  return { length: pair > 0xffff ? 12 : 6, stands: { point: pair } };
}

/** `&lt;`, `&#60;`, `&#x3c;` */
function readEntity(bytes: Uint8Array, at: number): Escape | undefined {
  const found = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/i.exec(readAscii(bytes, at, 10));
  if (found === null) return undefined;
  const [{ length }, decimal, hex, name = ""] = found;
  if (decimal !== undefined) return { length, stands: readPoint(Number(decimal)) };
  if (hex !== undefined) return { length, stands: readPoint(Number.parseInt(hex, 16)) };
  const point = entities.get(name)?.codePointAt(0);
  return point === undefined ? undefined : { length, stands: { point } };
}

/** As a browser reads it. */
function readPoint(point: number): { point: number } {
  return { point: point > 0x10_ffff ? 0xfffd : point };
}

function readDigits(bytes: Uint8Array, at: number, count: number): number | undefined {
  let value = 0;
  for (let digit = 0; digit < count; digit += 1) {
    const one = hexValue(bytes[at + digit] ?? 0);
    if (one < 0) return undefined;
    value = value * 16 + one;
  }
  return value;
}

/** Less than zero for anything but a hexadecimal digit. */
export function hexValue(byte: number): number {
  if (byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function isLetter(byte: number | undefined, letter: string): boolean {
  return byte === letter.charCodeAt(0);
}

function readAscii(bytes: Uint8Array, at: number, count: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + count));
}
