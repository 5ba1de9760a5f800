// Pure: the runs of bytes of a text, whatever the case of its letters, put into a set and found in one.

import type { GramSet } from "./gram-set.js";

/** How many bytes of a value are worth hiding: a shorter piece of it stands in ordinary words, too. */
export const gramLength = 8;

/** Lower case; what some encoder turns into a space is one. Never zero. */
const folded = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte <= 0x20 || byte === 0x7f || byte === 0x2b) return 0x20;
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
});

export function fold(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => folded[byte] ?? byte);
}

/** Puts in every run of these bytes; of those in `within`, where that is given. */
export function addRuns(set: GramSet, bytes: Uint8Array, within?: GramSet): void {
  const head = headMask(set.length);
  let [high, low] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    high = ((high << 8) | (low >>> 24)) & head;
    low = (low << 8) | (folded[bytes[at] ?? 0] ?? 0);
    if (at >= set.length - 1 && (within === undefined || within.has(high, low))) set.add(high, low);
  }
}

/** Calls with the index of the last byte of each run that is in the set. */
export function findRuns(set: GramSet, bytes: Uint8Array, visit: (last: number) => void): void {
  const head = headMask(set.length);
  let [high, low] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    high = ((high << 8) | (low >>> 24)) & head;
    low = (low << 8) | (folded[bytes[at] ?? 0] ?? 0);
    if (at >= set.length - 1 && set.has(high, low)) visit(at);
  }
}

/** Puts in bytes that are fewer than a run has. */
export function addShort(set: GramSet, bytes: Uint8Array): void {
  set.add(...joinBytes(bytes));
}

const shortLengths = [4, 5, 6, 7] as const;

/** Calls with the index of the first and of the last byte of what was added as short. */
export function findShort(set: GramSet, bytes: Uint8Array, visit: (first: number, last: number) => void): void {
  let [high, low] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    high = (high << 8) | (low >>> 24);
    low = (low << 8) | (folded[bytes[at] ?? 0] ?? 0);
    for (const length of shortLengths) {
      if (at >= length - 1 && set.has(high & headMask(length), low)) visit(at - length + 1, at);
    }
  }
}

/** Whether these bytes are one of the runs. */
export function holdsRun(set: GramSet, bytes: Uint8Array): boolean {
  return set.has(...joinBytes(bytes));
}

function joinBytes(bytes: Uint8Array): readonly [number, number] {
  let [high, low] = [0, 0];
  for (const byte of bytes) {
    high = (high << 8) | (low >>> 24);
    low = (low << 8) | (folded[byte] ?? 0);
  }
  return [high, low];
}

/** What of the first half belongs to a run of so many bytes. */
function headMask(length: number): number {
  if (length === gramLength) return -1;
  return length === 4 ? 0 : (1 << (8 * (length - 4))) - 1;
}
