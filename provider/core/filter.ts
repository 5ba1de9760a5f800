// Pure: `include` and `exclude` globs on source keys.

import picomatch from "picomatch";

export interface Filter {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** The keys that pass: matched by `include` (all when absent) and not by `exclude`. */
export function filterKeys<T>(values: ReadonlyMap<string, T>, { include, exclude }: Filter): Map<string, T> {
  const included = include === undefined ? () => true : makeMatcher(include);
  const excluded = exclude === undefined ? () => false : makeMatcher(exclude);
  return new Map([...values].filter(([key]) => included(key) && !excluded(key)));
}

/** Whether one key passes. */
export function acceptsKey(filter: Filter, key: string): boolean {
  return filterKeys(new Map([[key, true]]), filter).size > 0;
}

/** Keys are flat names: a slash or a leading dot has no meaning, so `*` matches every character. */
function makeMatcher(globs: readonly string[]): (key: string) => boolean {
  return picomatch([...globs], { bash: true, dot: true, nonegate: true });
}
