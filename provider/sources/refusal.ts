// Pure: refusals of a source: one that an import would have to write, and one that has changed.

import type { Source } from "../../schema/index.js";
import { SecretSyncError } from "../errors.js";
import { describeSource } from "./description.js";

/** Refuses the whole source as described. */
export function refuseSource(origin: string, reason: string): SecretSyncError {
  return new SecretSyncError({
    code: "import.no_writable_source",
    message: `${origin} cannot take what initialSyncBehavior imports: ${reason}`,
  });
}

/** What was read is no longer there, and a plan made from it must not be written. */
export function changedSource(source: Source): SecretSyncError {
  const { what } = describeSource(source);
  return new SecretSyncError({
    code: "source.changed",
    message: `${source.type} source ${JSON.stringify(what)} changed after it was looked at, and nothing was written; the next run looks again; replace a file by a rename, so that nobody reads half of it`,
  });
}
