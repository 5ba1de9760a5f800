// Pure: the outputs of a SecretSync, which are its state.

import { printable } from "../../printable.js";
import type { SyncRecord } from "./sync-record.js";
import { closeRecord, openRecord } from "./stored-record.js";
import { type Properties, secret, shortenUrn, toStruct } from "../engine/wire.js";

/** The outputs of a SecretSync. */
export interface SyncState {
  readonly syncStatus: "succeeded" | "written-not-live" | "failed" | "disabled";
  readonly lastSyncedAt?: string;
  readonly lastSyncMessage: string;
  readonly lastDeploymentId?: string;
  readonly version: number;
  readonly managedKeys: readonly string[];
  /** The adopted ones among them; left out by earlier versions. */
  readonly adoptedKeys?: readonly string[];
  /** Those that a destroy leaves, because what was there is not kept, or could not be read. FROZEN name: the command line reads it. */
  readonly leftKeys?: readonly string[];
  /** With several sources: the destination keys that each gave, in the order of `source`. */
  readonly origins?: readonly (readonly string[])[];
  readonly targetId: string;
  /** The name of the app, site or team; left out by earlier versions. */
  readonly targetName?: string;
  readonly targetUrl?: string;
  /** Places that a refresh found changed at the destination. */
  readonly drift: readonly string[];
  /** The deployment of what was stored is left to a later sync of the run. FROZEN name: the command line reads it. */
  readonly __left?: boolean;
  readonly record: SyncRecord;
}

/** Leaves out undefined members: gRPC's Struct cannot hold them. */
export function toState(state: { [F in keyof SyncState]: SyncState[F] | undefined }): SyncState {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined)) as unknown as SyncState;
}

/**
 * Reads back the outputs of an earlier run; undefined if there was none.
 *
 * @throws SecretSyncError `state.newer`
 */
export function readState(properties: Properties): SyncState | undefined {
  const { record, ...outputs } = properties;
  if (record === undefined || record === null) return undefined;
  const own = Object.entries(outputs).filter(([name]) => name === "__left" || !name.startsWith("__"));
  const state = Object.fromEntries(own) as unknown as Omit<SyncState, "record">;
  return { ...state, record: openRecord(record, state.targetId) };
}

/** A sync that was disabled from the start: it has no target and has never written. */
export function isUntouched({ targetId }: SyncState): boolean {
  return targetId === "";
}

/**
 * If a write does not deploy by itself: whether its deployment is still owed. A write that ended half-way may turn out to be complete,
 * and a sync may have been disabled since.
 */
export function owesDeployment({ syncStatus, record }: SyncState): boolean {
  return syncStatus === "written-not-live" || syncStatus === "failed" || record.isOwed === true;
}

/** The outputs that the CLI prints, and that hold foreign text. */
function listShown({ lastSyncMessage, drift, targetUrl, targetName }: SyncState): Partial<SyncState> {
  return {
    lastSyncMessage: printable(lastSyncMessage),
    drift: drift.map(printable),
    ...(targetUrl === undefined ? {} : { targetUrl: printable(targetUrl) }),
    ...(targetName === undefined ? {} : { targetName: printable(targetName) }),
  };
}

/** Outputs as sent to the engine: the record is one secret text, because the engine logs every member of a map that it carries. */
export function writeState(state: SyncState, urn: string): Properties {
  return toStruct({
    ...state,
    ...listShown(state),
    record: secret(closeRecord(state.record, state.targetId)),
    __urn: shortenUrn(urn),
  });
}

/** The same as a later call would bring them, with secrets as plain values. */
export function recordState(state: SyncState): Properties {
  return { ...state, record: closeRecord(state.record, state.targetId) };
}

/** Outputs that do not change, in whatever form. */
export function repeatState(properties: Properties): Properties {
  return { ...properties, record: secret(properties["record"]) };
}
