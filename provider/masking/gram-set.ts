// Pure: a set of runs of at most eight bytes, exact and without a string for each. A run is held as two 32-bit halves.

export interface GramSet {
  /** How many bytes its runs have. */
  readonly length: 4 | 5 | 6 | 7 | 8;
  add(high: number, low: number): void;
  has(high: number, low: number): boolean;
}

/** Open addressing, at most half full. No byte of a run is zero, so only the low half of a free place is. */
export function createGramSet(length: GramSet["length"]): GramSet {
  let lows = new Int32Array(256);
  let highs = new Int32Array(256);
  let count = 0;

  /** The index of the run's place, or of the free one where it belongs. */
  const find = (high: number, low: number): number => {
    const mask = lows.length - 1;
    let hash = Math.imul(high, 0x9e37_79b1) ^ Math.imul(low, 0x85eb_ca6b);
    hash ^= hash >>> 15;
    let at = hash & mask;
    while (lows[at] !== 0 && (lows[at] !== low || highs[at] !== high)) at = (at + 1) & mask;
    return at;
  };
  const has = (high: number, low: number): boolean => lows[find(high, low)] !== 0;
  const add = (high: number, low: number): void => {
    const at = find(high, low);
    if (lows[at] !== 0) return;
    lows[at] = low;
    highs[at] = high;
    count += 1;
    if (2 * count > lows.length) grow();
  };
  const grow = () => {
    const [oldLows, oldHighs] = [lows, highs];
    lows = new Int32Array(2 * oldLows.length);
    highs = new Int32Array(2 * oldLows.length);
    count = 0;
    oldLows.forEach((low, at) => {
      if (low !== 0) add(oldHighs[at] ?? 0, low);
    });
  };

  return { length, add, has };
}
