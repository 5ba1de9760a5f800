// Composition: which file reads which type of source. A reader, and the parsers it needs, load on first use.

import type { SourceValues } from "../core/desired.js";
import type { Source, SourceType } from "../../schema/index.js";
import type { ReadSource, SourceSurroundings } from "./source.js";

/** One loader per type; the compiler finds the missing one. */
export const readers: { readonly [T in SourceType]: () => Promise<ReadSource<T>> } = {
  inline: async () => (await import("./inline.js")).readInline,
  file: async () => (await import("./file.js")).readFileSource,
  exec: async () => (await import("./exec.js")).readExec,
  environment: async () => (await import("./environment.js")).readEnvironment,
};

/** Reads any source. Values may be undefined only for `inline`; an `exec` needs every secret of its environment known. */
export async function readSource(source: Source, surroundings: SourceSurroundings): Promise<SourceValues> {
  return readAs(source.type, { source, surroundings });
}

/** Ties the loader to the source: both have the same T, so no cast is needed. */
async function readAs<T extends SourceType>(
  type: T,
  reading: { source: Extract<Source, { type: T }>; surroundings: SourceSurroundings },
): Promise<SourceValues> {
  const read = await readers[type]();
  return read(reading.source, reading.surroundings);
}
