// Pure: options of a sync with every default filled in.

import type { Naming, Rules } from "../core/decision.js";
import type { SyncOptions } from "../../schema/index.js";

/** What a run knows besides its options. */
export interface Circumstances {
  readonly environment: string;
  readonly isFirstRun: boolean;
  readonly namedBefore: Naming | undefined;
}

/** The rules of one run. Defaults are the careful ones: foreign keys stay, same-named ones conflict. */
export function rulesOf(options: SyncOptions, run: Circumstances): Rules {
  return {
    adopt: options.adoptExisting ?? false,
    overwrite: run.isFirstRun && options.initialSyncBehavior === "overwrite-destination",
    keySchema: options.keySchema,
    environment: run.environment,
    namedBefore: run.namedBefore,
    disableSecretDeletion: options.disableSecretDeletion ?? false,
    deletionLimit: options.deletionLimit,
    destroy: undefined,
    keepPrior: options.onDestroy === "restore",
  };
}
