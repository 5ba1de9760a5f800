// Pure: `include` and `exclude` globs on source keys.

import picomatch from "picomatch";

export interface Filter {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** Whether a key passes: matched by `include` (all when absent) and not by `exclude`. */
export function makeFilter({ include, exclude }: Filter): (key: string) => boolean {
  const included = include === undefined ? () => true : makeMatcher(include);
  const excluded = exclude === undefined ? () => false : makeMatcher(exclude);
  return (key) => included(key) && !excluded(key);
}

/** Keys are flat names: a slash or a leading dot has no meaning, so `*` matches every character. */
function makeMatcher(globs: readonly string[]): (key: string) => boolean {
  return picomatch([...globs], { bash: true, dot: true, nonegate: true });
}
