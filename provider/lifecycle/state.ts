// Pure: the outputs of a SecretSync, which are its state. The names that deployed stacks have are translated here and nowhere else.

import type { Naming } from "../core/decision.js";
import { SecretSyncError } from "../errors.js";
import type { Ledger, LedgerEntry, Place } from "../core/entry.js";
import { printable } from "../printable.js";
import type { Destination } from "../../schema/index.js";
import { type Properties, secret, toStruct } from "./wire.js";

/** The destination's explicit connection, as far as a run without the program needs it. */
export interface KeptConnection {
  readonly app: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly baseUrl?: string;
}

/** What a SecretSync keeps in state besides its visible outputs, encrypted as a whole. */
export interface SyncRecord {
  readonly format: 1;
  /** Of revisions. That of values is in the inputs only: outputs are printed in clear by `pulumi up --json`. */
  readonly salt: string;
  /** Digest of the inputs of the last run that changed anything. */
  readonly inputs: string;
  /** The input `live` of that run: it shows the target before the write, and equal again means that the engine sees no change. */
  readonly live?: string;
  /** How keys were named by that run. */
  readonly naming?: Naming;
  readonly ledger: Ledger;
  readonly address: Destination;
  readonly isEnabled: boolean;
  readonly onDestroy: "delete" | "retain" | "restore";
  /** The first run has written, and has not succeeded yet. */
  readonly isFirst?: true;
  /** Keys that a first run which has not succeeded yet may take over because of its import. */
  readonly agreed?: readonly string[];
  /** Places that were removed and still ran at the end of the last run. */
  readonly removed?: readonly Place[];
  /** The newest deployment, by the target's own words, when this sync left the deployment of what it stored to a later one of the same run. */
  readonly leftAt?: string;
  /** Of an import that no update has followed yet: the ledger holds what was seen, and nothing of it is ours. */
  readonly imported?: true;
  /** Only with an explicit connection: destroy runs without the program. */
  readonly connection?: KeptConnection;
  /** How long a destroy may wait, in milliseconds, where the program said it. */
  readonly deleteTimeoutMs?: number;
}

/** The outputs of a SecretSync. */
export interface SyncState {
  readonly syncStatus: "succeeded" | "written-not-live" | "failed" | "disabled";
  readonly lastSyncedAt?: string;
  readonly lastSyncMessage: string;
  readonly lastDeploymentId?: string;
  readonly version: number;
  readonly managedKeys: readonly string[];
  /** Those among them that were adopted; left out by earlier versions. */
  readonly adoptedKeys?: readonly string[];
  /** With several sources: the destination keys that each of them gave, in the order of `source`. */
  readonly origins?: readonly (readonly string[])[];
  readonly targetId: string;
  /** What people call the app, site or team; left out by earlier versions. */
  readonly targetName?: string;
  readonly targetUrl?: string;
  /** Places that a refresh found changed at the destination. */
  readonly drift: readonly string[];
  /** The deployment of what was stored was left to a later sync of the run. FROZEN name: the command line reads it. */
  readonly __left?: boolean;
  readonly record: SyncRecord;
}

/** Leaves out what is not there: gRPC's Struct knows no undefined. */
export function toState(state: { [F in keyof SyncState]: SyncState[F] | undefined }): SyncState {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined)) as unknown as SyncState;
}

/**
 * Reads back the outputs of an earlier run; undefined where there was none.
 *
 * @throws SecretSyncError `state.newer` for a record of another format: forgetting it would orphan every key it owns.
 */
export function readState(properties: Properties): SyncState | undefined {
  const kept = properties["record"];
  if (kept === undefined || kept === null) return undefined;
  const stored = (typeof kept === "string" ? JSON.parse(kept) : kept) as StoredRecord;
  if (stored.format !== 1) throw newerState(stored.format);
  const { authority: connection, ...rest } = stored;
  const record: SyncRecord = {
    ...rest,
    ...(connection === undefined ? {} : { connection }),
    ledger: mapEntries(stored.ledger, readEntry),
  };
  return { ...(properties as unknown as SyncState), record };
}

function newerState(format: number): SecretSyncError {
  return new SecretSyncError({
    code: "state.newer",
    message: `this sync was last written by a newer version of the package (state format ${format}); upgrade pulumi-secret-sync in this program, then run again`,
  });
}

/** A sync that was disabled from its beginning: it has no target and has never written. */
export function isUntouched({ targetId }: SyncState): boolean {
  return targetId === "";
}

/**
 * Where a write does not deploy by itself: whether the deployment that it was meant for is still owed. A write that ended half-way may
 * turn out to be complete.
 */
export function owesDeployment({ syncStatus }: SyncState): boolean {
  return syncStatus === "written-not-live" || syncStatus === "failed";
}

/** An entry of the ledger as every stack that was ever deployed keeps it: an empty token for a write that nobody saw. */
interface StoredEntry {
  readonly fingerprint: string;
  readonly token: string;
  readonly unconfirmed?: { readonly label: string; readonly found?: string };
  readonly prior?: unknown;
}

/** A record as every stack that was ever deployed keeps it. */
interface StoredRecord extends Omit<SyncRecord, "ledger" | "connection"> {
  readonly ledger: Slots<StoredEntry>;
  /** FROZEN name of the explicit connection. */
  readonly authority?: KeptConnection;
}

/** A record without its explicit connection, for a host that keeps credentials elsewhere. Both as they are stored. */
export function splitConnection(record: string): { record: string; connection: unknown } {
  const { authority: connection, ...rest } = JSON.parse(record) as StoredRecord;
  return { record: JSON.stringify(rest), connection };
}

/** A record with the explicit connection that is kept elsewhere; one that holds its own, from another host, keeps it. */
export function joinConnection(record: string, connection: unknown): string {
  if (connection === undefined) return record;
  return JSON.stringify({ authority: connection, ...(JSON.parse(record) as object) });
}

type Slots<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

function readEntry({ token, unconfirmed, ...entry }: StoredEntry): LedgerEntry {
  return token === "" ? { ...entry, unconfirmed: unconfirmed ?? {} } : { ...entry, revision: token };
}

function storeEntry({ revision, unconfirmed, ...entry }: LedgerEntry): StoredEntry {
  const { label, found } = unconfirmed ?? {};
  const expected = label === undefined ? {} : { unconfirmed: { label, ...(found === undefined ? {} : { found }) } };
  return { ...entry, token: revision ?? "", ...expected };
}

/** Not by assignment: `__proto__` is a legal key, and would be lost. */
function mapEntries<A, B>(slots: Slots<A>, change: (entry: A) => B): Slots<B> {
  const mapKeys = (keys: Readonly<Record<string, A>>) =>
    Object.fromEntries(Object.entries(keys).map(([key, entry]) => [key, change(entry)]));
  return Object.fromEntries(Object.entries(slots).map(([slot, keys]) => [slot, mapKeys(keys)]));
}

/** The outputs that the CLI prints, and that hold words of others. */
function listShown({ lastSyncMessage, drift, targetUrl, targetName }: SyncState): Partial<SyncState> {
  return {
    lastSyncMessage: printable(lastSyncMessage),
    drift: drift.map(printable),
    ...(targetUrl === undefined ? {} : { targetUrl: printable(targetUrl) }),
    ...(targetName === undefined ? {} : { targetName: printable(targetName) }),
  };
}

/** Outputs as they go to the engine: the record is one secret text, for the engine logs every member of a map that it carries. */
export function writeState(state: SyncState, urn: string): Properties {
  const { connection: authority, ...rest } = state.record;
  const record: StoredRecord = {
    ...rest,
    ...(authority === undefined ? {} : { authority }),
    ledger: mapEntries(rest.ledger, storeEntry),
  };
  return toStruct({
    ...state,
    ...listShown(state),
    record: secret(JSON.stringify(record)),
    __resource: "secret-sync",
    __urn: urn,
  });
}
