// Pure: what every source checks before it is written: that a key is still as it was read, and how a refusal is told.

import { type Problem, SecretSyncError } from "../errors.js";
import type { SourceValues } from "../core/desired.js";
import type { SourceEdit } from "./source.js";

/**
 * The edits that still have to be made: what already stands there is left out.
 *
 * @throws SecretSyncError `import.changed` for every key that somebody else has written since it was read
 */
export function keepCurrent(edits: readonly SourceEdit[], now: SourceValues, origin: string): SourceEdit[] {
  const open = edits.filter(({ key, value }) => now.get(key)?.reveal() !== value.reveal());
  const problems = open
    .filter(({ key, before }) => now.get(key)?.reveal() !== before?.reveal())
    .map(({ key }): Problem => ({
      code: "import.changed",
      message: `${origin}: ${key} has changed since it was read, and nothing was written; run again`,
    }));
  if (problems.length > 0) throw new SecretSyncError(problems);
  return open;
}

/** The refusal of one key. */
export function failPlacing(origin: string, key: string, reason: string): Problem {
  return {
    code: "import.unplaceable",
    message: `${origin}: ${key} cannot be written there, because ${reason}; add it by hand, or exclude it from the source`,
  };
}

/** The refusal of the whole source as it is described. */
export function refuseSource(origin: string, reason: string): SecretSyncError {
  return new SecretSyncError({
    code: "import.no_writable_source",
    message: `${origin} cannot take what initialSyncBehavior imports: ${reason}`,
  });
}
