// Pure: what a source holds before keys are selected. A key that is not taken is not judged, so its faults wait here.

import { type Problem, SecretSyncError } from "../../errors.js";

/** Why some keys have no value that could be sent. */
export interface Fault {
  readonly keys: readonly string[];
  /** The problem of those of its keys that are taken. */
  readonly tell: (taken: readonly string[]) => Problem;
}

/** All keys of a source: those with a value, and those with a fault that counts only if they are wanted. */
export interface Content<V> {
  readonly values: ReadonlyMap<string, V>;
  readonly faults: readonly Fault[];
}

/** A fault of one key. */
export function faultOf(key: string, problem: Problem): Fault {
  return { keys: [key], tell: () => problem };
}

/**
 * The values of the keys that are wanted.
 *
 * @throws SecretSyncError every problem of a key that is wanted
 */
export function takeFrom<V>(
  { values, faults }: Content<V>,
  isWanted: (key: string) => boolean = () => true,
): Map<string, V> {
  const problems = judgeKeys(faults, isWanted);
  if (problems.length > 0) throw new SecretSyncError(problems);
  return new Map([...values].filter(([key]) => isWanted(key)));
}

/** What is wrong with the keys that are wanted. */
export function judgeKeys(faults: readonly Fault[], isWanted: (key: string) => boolean): Problem[] {
  return faults.flatMap(({ keys, tell }) => {
    const taken = keys.filter(isWanted);
    return taken.length === 0 ? [] : [tell(taken)];
  });
}

/**
 * All values of a source that some keys are written into: faults of other keys do not matter.
 *
 * @throws SecretSyncError every problem of a key that is written
 */
export function valuesAround<V>(content: Content<V>, written: readonly string[]): ReadonlyMap<string, V> {
  takeFrom(content, (key) => written.includes(key));
  return content.values;
}

/** The same keys with other values. */
export function mapContent<V, W>({ values, faults }: Content<V>, change: (value: V) => W): Content<W> {
  return { values: new Map([...values].map(([key, value]) => [key, change(value)])), faults };
}
