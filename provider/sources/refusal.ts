// Pure: the refusal of a source that an import would have to write.

import { SecretSyncError } from "../errors.js";

/** The refusal of the whole source as it is described. */
export function refuseSource(origin: string, reason: string): SecretSyncError {
  return new SecretSyncError({
    code: "import.no_writable_source",
    message: `${origin} cannot take what initialSyncBehavior imports: ${reason}`,
  });
}
