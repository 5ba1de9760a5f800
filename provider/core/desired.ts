// Pure: what the sources gave becomes what is wanted at the target: filtered, merged, renamed, placed, fingerprinted.

import type { Problem } from "../errors.js";
import type { Redacted } from "../redacted.js";
import { comparePlaces, type DesiredEntry, type Values } from "./entry.js";
import { fingerprint } from "./fingerprint.js";
import { applyKeySchema } from "./key-schema.js";

/** What one source gave: a value, or undefined where a preview does not know it yet. */
export type SourceValues = ReadonlyMap<string, Redacted | undefined>;

/** Where one destination key goes and how it will look there. Attributes are the destination's own words. */
export interface Placement {
  readonly slot: string;
  readonly label: string;
  readonly attributes: unknown;
}

/** Everything a run wants, with the values kept apart from the plan's data. */
export interface Desired {
  readonly entries: readonly DesiredEntry[];
  /** Destination keys in order, known values and unknown ones alike. */
  readonly keys: readonly string[];
  readonly values: Values;
  readonly problems: readonly Problem[];
}

export interface DesiredRequest {
  /** In order: later sources win. */
  readonly sources: readonly SourceValues[];
  readonly keySchema: string | undefined;
  readonly environment: string;
  readonly salt: string;
  readonly place: (key: string) => readonly Placement[];
}

/** Nothing is wanted: the request of a destroy. */
export const nothing: Desired = { entries: [], keys: [], values: new Map(), problems: [] };

/** Builds the desired state. Two source keys that end in one destination key are a problem, not a race. */
export function buildDesired(request: DesiredRequest): Desired {
  const merged = mergeSources(request.sources);
  const byKey = new Map<string, Redacted | undefined>();
  const origins = new Map<string, string[]>();
  for (const [sourceKey, value] of merged) {
    const key = applyKeySchema(request.keySchema, sourceKey, request.environment);
    byKey.set(key, value);
    origins.set(key, [...(origins.get(key) ?? []), sourceKey]);
  }
  const keys = [...byKey.keys()].sort();
  const entries = keys.flatMap((key) => {
    const value = byKey.get(key);
    const mark = value === undefined ? undefined : fingerprint(request.salt, value);
    return request.place(key).map(({ slot, label }) => ({ slot, key, label, fingerprint: mark }));
  });
  return { entries: entries.sort(comparePlaces), keys, values: known(byKey), problems: collisions(origins) };
}

function mergeSources(sources: readonly SourceValues[]): Map<string, Redacted | undefined> {
  const merged = new Map<string, Redacted | undefined>();
  for (const source of sources) for (const [key, value] of source) merged.set(key, value);
  return merged;
}

function known(byKey: ReadonlyMap<string, Redacted | undefined>): Map<string, Redacted> {
  const values = new Map<string, Redacted>();
  for (const [key, value] of byKey) if (value !== undefined) values.set(key, value);
  return values;
}

function collisions(origins: ReadonlyMap<string, string[]>): Problem[] {
  return [...origins]
    .filter(([, sources]) => sources.length > 1)
    .map(([key, sources]) => ({
      code: "key.collision",
      message: `source keys ${sources.sort().join(", ")} all become ${key}; exclude all but one of them`,
    }));
}
