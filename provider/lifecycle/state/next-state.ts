// Pure: the state that a run leaves, and what the next one has to know of it.

import type { Ledger } from "../../core/entry.js";
import { deriveRevisionSalt } from "../../core/fingerprint.js";
import { adoptedKeys, ledgerKeys, leftKeys } from "../../core/ledger.js";
import { summarize } from "../../core/render.js";
import type { Credentials } from "../../destinations/destination.js";
import type { Outcome } from "../../reconciler/batch/job.js";
import type { Survey } from "../../reconciler/memory.js";
import type { Destination, SyncOptions } from "../../../schema/index.js";
import { slugify } from "../arguments/arguments.js";
import type { SyncInputs } from "./inputs.js";
import { readOnDestroy, recallRun } from "./last-run.js";
import { leaveUnwritten } from "./settled-import.js";
import { owesDeployment, type SyncState, toState } from "./state.js";
import type { KeptConnection, SyncRecord } from "./sync-record.js";

export interface Ended {
  readonly inputs: SyncInputs;
  /** What state had, perhaps from an import; undefined for a new sync. */
  readonly recorded: SyncState | undefined;
  /** What the run went on from. */
  readonly before: SyncState | undefined;
  readonly outcome: Outcome;
  readonly survey: Survey;
  /** In milliseconds. */
  readonly now: number;
}

/** The state of a sync after its run, however it ended. */
export function nextState(ended: Ended): SyncState {
  const { inputs, before, outcome, survey, now } = ended;
  const { snapshot, status, wrote, problem } = outcome;
  const { ledger, agreed } = listOwned(ended);
  // A write counts whether or not it went live: `version` and the minimum time between two deployments depend on it.
  const syncedNow = wrote || (problem === undefined && before?.lastSyncedAt === undefined);
  return toState({
    syncStatus: status,
    lastSyncedAt: syncedNow ? new Date(now).toISOString() : before?.lastSyncedAt,
    lastSyncMessage: describeRun(outcome, survey),
    lastDeploymentId: outcome.deploymentId ?? before?.lastDeploymentId,
    version: (before?.version ?? 0) + (wrote ? 1 : 0),
    ...listKeys(ledger, survey),
    origins: survey.desired.origins,
    targetId: snapshot.targetId,
    targetName: snapshot.targetName,
    targetUrl: snapshot.targetUrl,
    drift: [],
    __left: outcome.isLeft === true ? true : undefined,
    record: {
      ...makeRecord(inputs, {
        salt: before?.record.salt,
        ledger,
        address: survey.target.addressOf(snapshot.targetId),
        options: survey.options,
        credentials: survey.credentials,
        deleteTimeoutMs: survey.timeouts.delete,
      }),
      ...(problem === undefined ? {} : rememberFirst({ before, survey, left: agreed })),
      ...rememberOpenEnds(outcome),
    },
  });
}

/** What is the sync's after the run, and what the next one may still take over. */
function listOwned({ recorded, before, outcome }: Ended): { ledger: Ledger; agreed?: readonly string[] } {
  if (outcome.problem === undefined || recorded?.record.imported !== true || before === undefined) return outcome;
  return leaveUnwritten(outcome.ledger, before.record.ledger);
}

function listKeys(ledger: Ledger, { target }: Survey) {
  const left = leftKeys(ledger, target.isUnreadable);
  return {
    managedKeys: ledgerKeys(ledger),
    adoptedKeys: adoptedKeys(ledger),
    leftKeys: left.length === 0 ? undefined : left,
  };
}

interface First extends Pick<Ended, "before" | "survey"> {
  /** Keys that an import has found, and that are not written yet. */
  readonly left?: readonly string[] | undefined;
}

/** Until a first run succeeds, what it may take over must be remembered: its import is not repeated. */
function rememberFirst({ before, survey, left = [] }: First): Pick<SyncRecord, "agreed" | "isFirst"> {
  const known = survey.importing?.decision.agreed ?? before?.record.agreed;
  const agreed = left.length === 0 ? known : [...new Set([...(known ?? []), ...left])].sort();
  return { agreed, isFirst: recallRun(before).isFirst ? true : undefined };
}

/** What is stored but was not seen live. */
function rememberOpenEnds({ removed, position }: Outcome): Pick<SyncRecord, "removed" | "leftAt"> {
  return { removed: removed.length === 0 ? undefined : removed, leftAt: position };
}

function describeRun({ problem, plan, status }: Outcome, survey: Survey): string {
  if (problem !== undefined) return problem.message;
  const live = status === "written-not-live" ? ["stored, not seen live yet"] : [];
  return [...describeImport(survey), summarize(plan, "done"), ...live].join(", ");
}

function describeImport({ importing }: Survey): string[] {
  const count = importing?.decision.imports.length ?? 0;
  return count === 0 ? [] : [`${count} imported into the source`];
}

interface Recorded {
  /** The salt of revisions, if kept before. */
  readonly salt: string | undefined;
  readonly ledger: Ledger;
  readonly address: Destination;
  readonly options: SyncOptions;
  /** Left out if nothing will ask the destination without the program. */
  readonly credentials?: Credentials | undefined;
  readonly deleteTimeoutMs?: number | undefined;
}

function makeRecord(inputs: SyncInputs, recorded: Recorded): SyncRecord {
  const { salt, ledger, address, options, credentials, deleteTimeoutMs } = recorded;
  return {
    salt: salt ?? deriveRevisionSalt(inputs.salt ?? ""),
    inputs: inputs.digest,
    naming: inputs.naming,
    ledger,
    address,
    isEnabled: inputs.isEnabled,
    onDestroy: readOnDestroy(options),
    connection: credentials && keepConnection(credentials),
    deleteTimeoutMs,
  };
}

/** As state keeps it. */
export function keepConnection({ app, fields, baseUrl }: Credentials): KeptConnection {
  const credentials = Object.fromEntries([...fields].map(([field, value]) => [field, value.reveal()]));
  return { app, credentials, baseUrl };
}

/** A disabled sync keeps what it owns and touches nothing, but records the new inputs. */
export function disabledState(inputs: SyncInputs, before: SyncState | undefined): SyncState {
  const record: SyncRecord = {
    ...makeRecord(inputs, {
      salt: before?.record.salt,
      ledger: before?.record.ledger ?? {},
      address: before?.record.address ?? (inputs.destination as Destination),
      options: inputs.options,
    }),
    isEnabled: false,
    ...(before === undefined ? {} : inherit(before)),
  };
  return {
    ...before,
    syncStatus: "disabled",
    lastSyncMessage: "disabled: nothing is read, written or removed",
    version: before?.version ?? 0,
    managedKeys: before?.managedKeys ?? [],
    targetId: before?.targetId ?? "",
    drift: [],
    record,
  };
}

/** What the next enabled run has to know of the last enabled one, or of an import. */
function inherit(before: SyncState): Partial<SyncRecord> {
  const { removed, naming, isFirst, agreed, imported } = before.record;
  return { removed, naming, isFirst, agreed, imported, isOwed: owesDeployment(before) ? true : undefined };
}

/** Made from the resource's name: the name in the arguments may be secret, and an id must not be. */
export function findId({ resourceName }: SyncInputs, state: SyncState): string {
  return [state.record.address.type, state.targetId, slugify(resourceName)].filter((part) => part !== "").join("/");
}
