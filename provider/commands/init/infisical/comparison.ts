// Pure: what Infisical's folder and the destination say about each key, and what a program may take over because of that.

import type { ListedVariable } from "../../../destinations/variable-lister.js";
import type { Redacted } from "../../../redacted.js";

export interface Comparison {
  /** At the destination with the value of the folder. */
  readonly same: readonly string[];
  /** At the destination, which shows no value. */
  readonly hidden: readonly string[];
  /** At the destination with another value: a person decides. */
  readonly different: readonly string[];
  /** At the destination, of a kind that no arguments keep as it is. */
  readonly odd: ReadonlyArray<{ readonly key: string; readonly reason: string }>;
  /** Only in the folder. */
  readonly missing: readonly string[];
  /** Only at the destination. */
  readonly foreign: readonly string[];
}

export interface CompareInput {
  /** By destination key. */
  readonly wanted: ReadonlyMap<string, Redacted | undefined>;
  readonly entries: readonly ListedVariable[];
  /** Why an entry cannot be kept as it is. */
  readonly obstacles: ReadonlyMap<string, string>;
  /** Whether the destination shows this value; undefined if it shows none. */
  readonly compare: (key: string, value: Redacted) => boolean | undefined;
}

export function compareKeys({ wanted, entries, obstacles, compare }: CompareInput): Comparison {
  const live = new Set(entries.map(({ key }) => key));
  const both = [...wanted].filter(([key]) => live.has(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  const sound = both.filter(([key]) => !obstacles.has(key));
  const verdict = (expected: boolean | undefined) =>
    sound.filter(([key, value]) => (value && compare(key, value)) === expected).map(([key]) => key);
  return {
    same: verdict(true),
    hidden: verdict(undefined),
    different: verdict(false),
    odd: both.flatMap(([key]) => {
      const reason = obstacles.get(key);
      return reason === undefined ? [] : [{ key, reason }];
    }),
    missing: [...wanted.keys()].filter((key) => !live.has(key)).sort(),
    foreign: [...live].filter((key) => !wanted.has(key)).sort(),
  };
}
