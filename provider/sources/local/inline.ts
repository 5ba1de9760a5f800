// Pure: the inline source. Its values travel beside its description; in a preview some may not be known yet.

import type { ReadSource } from "../source.js";

/** Returns the values of the program unchanged, undefined if a preview does not know one yet. */
export const readInline: ReadSource<"inline"> = async (_source, { secrets }) => ({
  values: new Map(secrets),
  faults: [],
});
