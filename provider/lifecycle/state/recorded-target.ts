// Provider process: the target of a sync from state alone, for operations that run without the program.

import type { Credentials, Target } from "../../destinations/destination.js";
import type { World } from "../../reconciler/world.js";
import { redact } from "../../redacted.js";
import type { ConnectionApp } from "../../../schema/index.js";
import type { SyncState } from "./state.js";
import type { SyncRecord } from "./sync-record.js";

/** State of an earlier version may hold more of the address than needed, and that may no longer lead anywhere. */
export async function openRecorded({ record, targetId }: SyncState, world: World): Promise<Target> {
  const credentials = world.findCredentials(record.address, resolveKeptCredentials(record));
  const target = await world.openTarget(record.address, credentials);
  return world.openTarget(target.addressOf(targetId), credentials);
}

/** The explicit connection that state kept, for operations that run without the program. */
function resolveKeptCredentials({ connection }: SyncRecord): Credentials | undefined {
  if (connection === undefined) return undefined;
  const fields = new Map(Object.entries(connection.credentials).map(([field, value]) => [field, redact(value)]));
  const foundIn = "the stack's state, which keeps the token of destination.connection";
  return { app: connection.app as ConnectionApp, fields, baseUrl: connection.baseUrl, foundIn };
}
