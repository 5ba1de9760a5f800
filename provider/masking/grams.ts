// Pure: the runs of bytes of a text, regardless of case, put into a set and found in one.

import type { GramSet } from "./gram-set.js";

/** How many bytes of a value are worth hiding: a shorter piece also occurs in ordinary words. */
export const gramLength = 8;

/** Lower case; whatever some encoder turns into a space becomes one. Never zero. */
const folded = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte <= 0x20 || byte === 0x7f || byte === 0x2b) return 0x20;
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
});

export function fold(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => folded[byte] ?? byte);
}

/**
 * Puts in every run of these bytes, or only those in `within`, if given. Pieces that are shorter than a run, from the first byte on, go in
 * as well, and are never found.
 */
export function addRuns(set: GramSet, bytes: Uint8Array, within?: GramSet): void {
  const head = headMask(set.length);
  let high = 0;
  let low = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    high = ((high << 8) | (low >>> 24)) & head;
    low = (low << 8) | (folded[bytes[at] ?? 0] ?? 0);
    if (within === undefined || within.has(high, low)) set.add(high, low);
  }
}

/** Calls with the index of the last byte of each run that is in the set. */
export function findRuns(set: GramSet, bytes: Uint8Array, visit: (last: number) => void): void {
  const head = headMask(set.length);
  let high = 0;
  let low = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    high = ((high << 8) | (low >>> 24)) & head;
    low = (low << 8) | (folded[bytes[at] ?? 0] ?? 0);
    if (at >= set.length - 1 && set.has(high, low)) visit(at);
  }
}

/** Whether these bytes contain one of the runs. */
export function holdsRun(set: GramSet, bytes: Uint8Array): boolean {
  let isFound = false;
  findRuns(set, bytes, () => (isFound = true));
  return isFound;
}

/** The part of the first half that belongs to a run of this length. JavaScript shifts modulo 32, and the second half holds 32 bits. */
function headMask(length: number): number {
  return length === gramLength ? -1 : (1 << (8 * length)) - 1;
}
