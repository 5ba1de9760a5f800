// Pure: one key that is to be written, what is checked before, and how its refusal is reported.

import { type Problem, SecretSyncError } from "../../errors.js";
import type { Redacted } from "../../redacted.js";
import type { DotenvOptions } from "./dotenv.js";

/** One key that is to be written into a source. */
export interface SourceEdit {
  readonly key: string;
  readonly value: Redacted;
  /** What was there at the time of the decision; undefined: nothing. */
  readonly before: Redacted | undefined;
}

/** What an editor gets besides the text; also how a dotenv text is meant. */
export interface TextEditing extends DotenvOptions {
  /** Joins nested keys. */
  readonly separator: string;
  readonly edits: readonly SourceEdit[];
  /** What is edited, for messages. */
  readonly origin: string;
}

type Values = ReadonlyMap<string, Redacted | undefined>;

/**
 * The edits that still have to be made: what is already there is left out.
 *
 * @throws SecretSyncError `import.changed` for every key that somebody else has written since it was read
 */
export function keepCurrent(edits: readonly SourceEdit[], now: Values, origin: string): SourceEdit[] {
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
