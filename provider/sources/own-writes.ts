// Pure but for its memory: what the imports of this run put into sources, by place and key.

import type { Redacted } from "../redacted.js";

export interface OwnWrites {
  keep(place: string, values: Iterable<readonly [key: string, value: Redacted]>): void;
  /** Whether a key holds what an import has put there; undefined if none has. */
  holds(place: string, key: string, value: Redacted | undefined): boolean | undefined;
}

export function createOwnWrites(): OwnWrites {
  const kept = new Map<string, Redacted>();
  const nameKey = (place: string, key: string) => `${place} ${key}`;
  return {
    keep: (place, values) => {
      for (const [key, value] of values) kept.set(nameKey(place, key), value);
    },
    holds: (place, key, value) => {
      const own = kept.get(nameKey(place, key));
      return own === undefined ? undefined : own.reveal() === value?.reveal();
    },
  };
}
