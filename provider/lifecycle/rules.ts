// Pure: options of a sync with every default filled in.

import type { Naming, Rules } from "../core/decision.js";
import type { ImportDecision, ImportPriority } from "../core/imports.js";
import type { SyncOptions } from "../../schema/index.js";

/** Keys that may be taken over because of an import, and how they looked then, where that matters. */
export type Agreement = Pick<ImportDecision, "agreed"> & Partial<Pick<ImportDecision, "seen">>;

/** What a run knows besides its options. */
export interface Circumstances {
  readonly environment: string;
  readonly isFirstRun: boolean;
  readonly namedBefore: Naming | undefined;
  /** What an import of this run may take over. */
  readonly imported?: Agreement | undefined;
}

/** The rules of one run. Defaults are the careful ones: foreign keys stay, same-named ones conflict. */
export function rulesOf(options: SyncOptions, run: Circumstances): Rules {
  return {
    adopt: adoptable(options.adoptExisting ?? false, run.imported?.agreed ?? []),
    seen: run.imported?.seen,
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

function adoptable(named: boolean | readonly string[], agreed: readonly string[]): boolean | readonly string[] {
  if (named === true || agreed.length === 0) return named;
  return [...(named === false ? [] : named), ...agreed];
}

/** Whose value counts in a first run that imports; undefined where none does. */
export function importPriorityOf({ initialSyncBehavior }: SyncOptions): ImportPriority | undefined {
  if (initialSyncBehavior === "import-prioritize-source") return "source";
  return initialSyncBehavior === "import-prioritize-destination" ? "destination" : undefined;
}
