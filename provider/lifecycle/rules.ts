// Pure: options of a sync with every default filled in.

import type { Rules } from "../core/decision.js";
import type { SyncOptions } from "../../schema/index.js";

/** The rules of one run. Defaults are the careful ones: foreign keys stay, same-named ones conflict. */
export function rulesOf(options: SyncOptions, run: { environment: string; isFirstRun: boolean }): Rules {
  return {
    adopt: options.adoptExisting ?? false,
    overwrite: run.isFirstRun && options.initialSyncBehavior === "overwrite-destination",
    keySchema: options.keySchema,
    environment: run.environment,
    disableSecretDeletion: options.disableSecretDeletion ?? false,
    deletionLimit: options.deletionLimit,
    destroy: undefined,
    keepPrior: options.onDestroy === "restore",
  };
}
