// Where a history takes place, and what a run is judged by.

import type { Run, Stack } from "../lifecycle/stack.js";
import type { Fault } from "./arbitraries.js";
import { listImported, listOwners, listRecords, type Owners } from "./ledgers.js";
import type { People } from "./people.js";
import type { Entries } from "./place.js";
import type { Platform } from "./platform.js";
import type { Declared, Source } from "./program.js";

export interface World {
  readonly platform: Platform;
  readonly stack: Stack;
  readonly source: Source;
  readonly people: People;
}

/** What is there, and who owns it. */
export interface Moment {
  readonly entries: Entries;
  readonly owners: Owners;
  readonly records: ReadonlyMap<string, string>;
  /** Names of syncs that are imported, and nothing more. */
  readonly imported: ReadonlySet<string>;
  /** Of each sync without a run so far, by its name. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export function readMoment(world: World): Moment {
  const fresh = world.source.syncs.filter(
    ({ name, alias = name }) => world.stack.outputs(alias)["lastSyncedAt"] === undefined,
  );
  return {
    entries: world.people.read(world.platform.look()),
    owners: listOwners(world),
    records: listRecords(world),
    imported: listImported(world),
    values: new Map(fresh.map(({ name, values }) => [name, new Map(values)])),
  };
}

export interface Judged {
  readonly was: Moment;
  readonly preview: { readonly run: Run; readonly is: Moment } | undefined;
  readonly run: Run;
  /** What the run may write for. */
  readonly acting: readonly Declared[];
  readonly fault: Fault | undefined;
  readonly continueOnError: boolean;
}
