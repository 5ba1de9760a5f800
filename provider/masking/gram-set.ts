// Pure: a set of runs of at most eight bytes, exact and without a string for each. A run is held as two 32-bit halves.

export interface GramSet {
  /** How many bytes its runs have. */
  readonly length: 4 | 5 | 6 | 7 | 8;
  add(high: number, low: number): void;
  has(high: number, low: number): boolean;
}

/** Open addressing, at most half full. No byte of a run is zero, so the low half of a free place alone is. */
export function createGramSet(length: GramSet["length"]): GramSet {
  let mask = 255;
  let table = new Int32Array(2 * (mask + 1));
  let count = 0;

  /** The index of the run's place, or of the free one where it belongs. */
  const find = (high: number, low: number): number => {
    let hash = Math.imul(high, 0x9e37_79b1) ^ Math.imul(low, 0x85eb_ca6b);
    hash ^= hash >>> 15;
    for (let at = 2 * (hash & mask); ; at = (at + 2) & (2 * mask + 1)) {
      const held = table[at + 1];
      if (held === 0 || (held === low && table[at] === high)) return at;
    }
  };
  const put = (high: number, low: number): boolean => {
    const at = find(high, low);
    if (table[at + 1] !== 0) return false;
    table[at] = high;
    table[at + 1] = low;
    return true;
  };
  const grow = () => {
    const old = table;
    mask = 2 * mask + 1;
    table = new Int32Array(2 * (mask + 1));
    for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) put(old[at] ?? 0, old[at + 1] ?? 0);
  };

  return {
    length,
    add: (high, low) => {
      if (put(high, low)) count += 1;
      if (2 * count > mask) grow();
    },
    has: (high, low) => table[find(high, low) + 1] !== 0,
  };
}
