// Pure: turns what the sources gave into what is wanted at the target: filtered, merged, renamed, placed, fingerprinted.

import type { Redacted } from "../redacted.js";
import { comparePlaces, type DesiredEntry, type Values } from "./entry.js";
import { fingerprint } from "./fingerprint.js";
import { applyKeySchema } from "./key-schema.js";

/** What one source gave: a value, or undefined when a preview does not know it yet. */
export type SourceValues = ReadonlyMap<string, Redacted | undefined>;

/** Where one destination key goes and how it will look there. Attributes are in the destination's own terms. */
export interface Placement {
  readonly slot: string;
  readonly label: string;
  readonly attributes: unknown;
}

/** What becomes of empty values: undefined leaves it to the destination. */
export type EmptyValues = "refuse" | "skip" | "write" | undefined;

/** Everything a run wants, with the values kept apart from the plan's data. */
export interface Desired {
  readonly entries: readonly DesiredEntry[];
  /** With several sources: the destination keys that each of them gave. */
  readonly origins?: readonly (readonly string[])[];
  /** Destination keys in order, known values and unknown ones alike. */
  readonly keys: readonly string[];
  readonly values: Values;
  readonly emptyValues?: EmptyValues;
  /** Destination keys that are empty in the source and count as missing there. */
  readonly skipped?: readonly string[];
}

export interface DesiredRequest {
  /** In order: later sources win. */
  readonly sources: readonly SourceValues[];
  /** What the first run writes into a source, and the index of that source. */
  readonly imported?: { readonly index: number; readonly values: SourceValues } | undefined;
  readonly keySchema: string | undefined;
  readonly environment: string;
  readonly salt: string;
  readonly emptyValues?: EmptyValues;
  readonly place: (key: string) => readonly Placement[];
}

/** The source of a destination key's value, in people's words; undefined when unknown. */
export type NameSource = (key: string) => string | undefined;

/** @param names of the sources, in their order */
export function nameOrigins({ origins }: Pick<Desired, "origins">, names: readonly string[]): NameSource {
  if (origins === undefined) return () => names[0];
  const byKey = new Map(origins.flatMap((keys, index) => keys.map((key) => [key, names[index]] as const)));
  return (key) => byKey.get(key);
}

/** Nothing is wanted: the request of a destroy. */
export const nothing: Desired = { entries: [], keys: [], values: new Map() };

/** Builds the desired state. A key schema only adds a prefix and a suffix, so two source keys never become one destination key. */
export function buildDesired(request: DesiredRequest): Desired {
  const merged = mergeSources(request);
  const byKey = new Map<string, Redacted | undefined>();
  const origins = request.sources.map((): string[] => []);
  const skipped: string[] = [];
  for (const [sourceKey, { value, index }] of merged) {
    const key = applyKeySchema(request.keySchema, sourceKey, request.environment);
    if (request.emptyValues === "skip" && value?.reveal() === "") {
      skipped.push(key);
      continue;
    }
    byKey.set(key, value);
    origins[index]?.push(key);
  }
  const keys = [...byKey.keys()].sort();
  const entries = keys.flatMap((key) => {
    const value = byKey.get(key);
    const keyed = value === undefined ? undefined : fingerprint(request.salt, value);
    return request.place(key).map(({ slot, label }) => ({ slot, key, label, fingerprint: keyed }));
  });
  const { emptyValues } = request;
  const desired = {
    entries: entries.sort(comparePlaces),
    keys,
    values: known(byKey),
    ...(emptyValues === undefined ? {} : { emptyValues }),
    ...(skipped.length === 0 ? {} : { skipped: skipped.sort() }),
  };
  return origins.length > 1 ? { ...desired, origins: origins.map((names) => names.sort()) } : desired;
}

interface Given {
  readonly value: Redacted | undefined;
  /** Index of the source that gave the value. */
  readonly index: number;
}

function mergeSources({ sources, imported }: DesiredRequest): Map<string, Given> {
  const merged = new Map<string, Given>();
  const layers = [...sources.map((values, index) => ({ values, index })), ...(imported ? [imported] : [])];
  for (const { values, index } of layers) for (const [key, value] of values) merged.set(key, { value, index });
  return merged;
}

function known(byKey: ReadonlyMap<string, Redacted | undefined>): Map<string, Redacted> {
  const values = new Map<string, Redacted>();
  for (const [key, value] of byKey) if (value !== undefined) values.set(key, value);
  return values;
}
