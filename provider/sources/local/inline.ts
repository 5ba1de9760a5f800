// Pure: the inline source. Its values travel beside its description; in a preview some may not be known yet.

import type { ReadSource } from "../source.js";

/** Answers the values of the program as they are, undefined where a preview does not know one yet. */
export const readInline: ReadSource<"inline"> = async (_source, { secrets }) => ({
  values: new Map(secrets),
  faults: [],
});
