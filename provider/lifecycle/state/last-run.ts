// Pure: what the next run has to know of the last one, and the rules that follow from it and from the options.

import type { Naming, Rules } from "../../core/decision.js";
import type { Ledger, Place } from "../../core/entry.js";
import type { ImportDecision, ImportPriority } from "../../core/imports.js";
import type { SyncOptions } from "../../../schema/index.js";
import type { SyncState } from "./state.js";

export interface LastRun {
  /** A first run lasts until it succeeds: after a failure half-way it goes on with what it was allowed to do. */
  readonly isFirst: boolean;
  readonly ledger: Ledger;
  /** Places that it removed and that may still run. */
  readonly removed: readonly Place[];
  readonly naming: Naming | undefined;
  /** Keys that a failed first run was allowed to take over because of its import. */
  readonly agreed: readonly string[];
}

/** Undefined means a new sync. */
export function recallRun(state: SyncState | undefined): LastRun {
  return {
    // A sync that was disabled from the start has not written anything either.
    isFirst: state?.lastSyncedAt === undefined || state.record.isFirst === true,
    ledger: state?.record.ledger ?? {},
    removed: state?.record.removed ?? [],
    naming: state?.record.naming,
    agreed: state?.record.agreed ?? [],
  };
}

export interface RulesInput {
  readonly options: SyncOptions;
  readonly environment: string;
  readonly lastRun: LastRun;
  /** The import of this run. */
  readonly imported?: ImportDecision | undefined;
}

/** The rules of one run. The defaults are careful: foreign keys stay, same-named ones conflict. */
export function makeRules({ options, environment, lastRun, imported }: RulesInput): Rules {
  return {
    adopt: allowAdoption(options.adoptExisting ?? false, imported?.agreed ?? lastRun.agreed),
    agreed: imported?.agreed ?? lastRun.agreed,
    seen: imported?.seen,
    overwrite: lastRun.isFirst && options.initialSyncBehavior === "overwrite-destination",
    keySchema: options.keySchema,
    environment,
    namedBefore: lastRun.naming,
    disableSecretDeletion: options.disableSecretDeletion ?? false,
    deletionLimit: options.deletionLimit,
    destroy: undefined,
    keepPrior: keepPrior(options),
  };
}

function allowAdoption(named: boolean | readonly string[], agreed: readonly string[]): boolean | readonly string[] {
  if (named === true || agreed.length === 0) return named;
  return [...(named === false ? [] : named), ...agreed];
}

/** By default, what somebody else made goes back to them; what the sync made goes with it. */
export function readOnDestroy({ onDestroy }: SyncOptions): "delete" | "retain" | "restore" {
  return onDestroy ?? "restore";
}

/** State keeps a value that the source also gives only if the program asks for it. */
function keepPrior(options: SyncOptions): Rules["keepPrior"] {
  if (readOnDestroy(options) !== "restore") return false;
  return options.onDestroy === undefined ? "unless-equal" : true;
}

/** Whose value counts in a first run that imports; undefined without an import. */
export function readPriority({ initialSyncBehavior }: SyncOptions): ImportPriority | undefined {
  if (initialSyncBehavior === "import-prioritize-source") return "source";
  return initialSyncBehavior === "import-prioritize-destination" ? "destination" : undefined;
}
