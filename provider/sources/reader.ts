// IO side: reads each source at most once per run, however many syncs use it.

import { createHash } from "node:crypto";
import type { Authority } from "../connections/authority.js";
import type { SourceValues } from "../core/desired.js";
import { canonical } from "../core/fingerprint.js";
import type { Redacted } from "../redacted.js";
import type { Source } from "../../schema/index.js";
import type { Sources } from "./registry.js";
import type { SourceSurroundings } from "./source.js";

export type ReadOnce = (
  source: Source,
  secrets: ReadonlyMap<string, Redacted | undefined>,
  authority?: Authority,
) => Promise<SourceValues>;

/** Equal descriptions with equal secrets and credentials share one read; filters are applied afterwards and make no difference. */
export function createSourceReader(
  sources: Pick<Sources, "read">,
  surroundings: Omit<SourceSurroundings, "secrets">,
): ReadOnce {
  const reads = new Map<string, Promise<SourceValues>>();
  return (source, secrets, authority) => {
    const reading = { source, surroundings: { ...surroundings, secrets }, authority };
    // Inline values are at hand already: nothing is saved by remembering them twice.
    if (source.type === "inline") return sources.read(reading);
    const name = nameRead(source, secrets, authority);
    const read = reads.get(name) ?? sources.read(reading);
    reads.set(name, read);
    return read;
  };
}

function nameRead(
  { include: _in, exclude: _out, ...source }: Source,
  secrets: ReadonlyMap<string, Redacted | undefined>,
  authority: Authority | undefined,
): string {
  const own = [...secrets].map(([key, value]) => [key, value?.reveal() ?? null]);
  const credentials = [...(authority?.credentials ?? [])].map(([field, value]) => [field, value.reveal()]);
  return createHash("sha256")
    .update(canonical([source, own, authority?.baseUrl ?? null, credentials]))
    .digest("base64url");
}
