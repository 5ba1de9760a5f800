// IO side: reads each source at most once per run, however many syncs use it.

import { createHash } from "node:crypto";
import type { SourceValues } from "../core/desired.js";
import { canonical } from "../core/fingerprint.js";
import type { Redacted } from "../redacted.js";
import type { Source } from "../../schema/index.js";
import { readSource } from "./registry.js";
import type { SourceSurroundings } from "./source.js";

export type ReadOnce = (source: Source, secrets: ReadonlyMap<string, Redacted | undefined>) => Promise<SourceValues>;

/** Equal descriptions with equal secrets share one read; filters are applied afterwards and make no difference. */
export function createSourceReader(surroundings: Omit<SourceSurroundings, "secrets">): ReadOnce {
  const reads = new Map<string, Promise<SourceValues>>();
  return (source, secrets) => {
    // Inline values are at hand already: nothing is saved by remembering them twice.
    if (source.type === "inline") return readSource(source, { ...surroundings, secrets });
    const name = nameRead(source, secrets);
    const read = reads.get(name) ?? readSource(source, { ...surroundings, secrets });
    reads.set(name, read);
    return read;
  };
}

function nameRead(
  { include: _in, exclude: _out, ...source }: Source,
  secrets: ReadonlyMap<string, Redacted | undefined>,
): string {
  const own = [...secrets].map(([key, value]) => [key, value?.reveal() ?? null]);
  return createHash("sha256")
    .update(canonical([source, own]))
    .digest("base64url");
}
