// Provider process: refresh records what drifted, but leaves it out of the ledger: what somebody else did never becomes ours.

import {
  isUnseen,
  type Ledger,
  type LedgerEntry,
  type LiveEntry,
  placeName,
  formatRevision,
  readLabel,
} from "../core/entry.js";
import { indexByPlace } from "../core/own-entries.js";
import { canonical } from "../core/fingerprint.js";
import { renewRevisions } from "../core/commitment.js";
import { followMoves } from "../core/moves.js";
import { ledgerPlaces } from "../core/ledger.js";
import { nameSome } from "../core/policy.js";
import { countKeys } from "../core/render.js";
import { isSecretSyncError, SecretSyncError } from "../errors.js";
import type { Target } from "../destinations/destination.js";
import { findUnfinished } from "../reconciler/planning.js";
import type { World } from "../reconciler/world.js";
import type { Destination } from "../../schema/index.js";
import { wasCarried } from "./deployments/carried.js";
import { openRecorded } from "./state/recorded-target.js";
import { isUntouched, readState, repeatState, type SyncState, writeState } from "./state/state.js";
import { type Properties, readUrn } from "./engine/wire.js";

export interface ReadResult {
  readonly id?: string;
  readonly props?: Properties;
}

/** Looks at the target again. An app that is gone takes the sync out of state. */
export async function refreshSync(id: string, properties: Properties, world: World): Promise<ReadResult> {
  const state = readState(properties);
  const urn = readUrn(properties);
  if (state === undefined) return readUnrecorded({ id, properties, urn }, world);
  if (!state.record.isEnabled || isUntouched(state)) return { id, props: repeatState(properties) };
  const { record } = state;
  const target = await openRecorded(state, world);
  try {
    const snapshot = await target.observe({ fresh: false });
    const live = target.read(snapshot, record.salt, record.ledger);
    const drift = describeDrift(record.ledger, live, snapshot.slots);
    const { targetUrl: _before, ...rest } = state;
    const now: SyncState = {
      ...rest,
      ...describeLive(state, { live, stale: findUnfinished(target, snapshot, []).notLive }),
      ...(await describeCarried(state, target)),
      ...(snapshot.targetUrl === undefined ? {} : { targetUrl: snapshot.targetUrl }),
      targetName: snapshot.targetName,
      drift,
      record: {
        ...record,
        ledger: renewRevisions(record.ledger, { live: target.read(snapshot, record.salt), recognised: live }),
      },
    };
    // State of an earlier version keeps its form as long as nothing else is written.
    return { id, props: canonical(now) === canonical(state) ? repeatState(properties) : writeState(now, urn) };
  } catch (error) {
    if (!isSecretSyncError(error)) throw error;
    if (error.code === "destination.not_found") {
      const count = countKeys(state.managedKeys.length);
      await world.reporter.say(urn, "warning", `${error.message}; the sync leaves state, and ${count} of it with it`);
      return {};
    }
    if (!isRefusal(error)) throw error;
    await world.reporter.say(urn, "warning", describeRefusal(error, record.address));
    // What could not be observed must not count as clean.
    const unseen: SyncState = { ...state, drift: [`not seen: the destination refuses the token (${error.code})`] };
    return { id, props: writeState(unseen, urn) };
  }
}

interface Unrecorded {
  readonly id: string;
  readonly properties: Properties;
  readonly urn: string;
}

/** Outputs without a record, as an edit of state leaves them. A read by id has none at all. */
async function readUnrecorded({ id, properties, urn }: Unrecorded, world: World): Promise<ReadResult> {
  const { managedKeys } = properties;
  if (!Array.isArray(managedKeys)) throw notImportable();
  const text =
    "state holds no record of what this sync wrote, so its drift is unknown; run up, which takes over what is there with syncOptions.adoptExisting, or import an earlier state";
  await world.reporter.say(urn, "warning", text);
  return { id, props: properties };
}

interface Seen {
  readonly live: readonly LiveEntry[];
  /** Undefined if unknown, or if a deployment under way may change it. */
  readonly stale: ReadonlySet<string> | undefined;
}

const wentLive = { syncStatus: "succeeded", lastSyncMessage: "what was stored is live now" } as const;

/** Whether what this sync stored is now live: a deployment may have ended after the run that started it. */
function describeLive(state: SyncState, { live, stale }: Seen): Partial<SyncState> {
  const wasLive = state.syncStatus === "succeeded";
  if (stale === undefined || (!wasLive && state.syncStatus !== "written-not-live")) return {};
  const tokens = indexRevisions(live, state.record.ledger);
  const lacking = ledgerPlaces(state.record.ledger)
    .filter((place) => tokens.get(placeName(place)) === place.entry.revision && stale.has(placeName(place)))
    .map(placeName)
    .concat((state.record.removed ?? []).map(placeName).filter((name) => stale.has(name)));
  if (lacking.length === 0) return wasLive ? {} : wentLive;
  const message = `stored, but not in the running deployment: ${nameSome(lacking)}; up writes them again`;
  return { syncStatus: "written-not-live", lastSyncMessage: message };
}

/** The same where no look shows what runs, but a newer deployment of the target has succeeded. */
async function describeCarried(state: SyncState, target: Target): Promise<Partial<SyncState>> {
  return state.syncStatus === "written-not-live" && (await wasCarried(state, target, false)) ? wentLive : {};
}

/** Place by place. Without the program it is not known where an entry is wanted, so ours is recognised wherever it is. */
function describeDrift(written: Ledger, live: readonly LiveEntry[], existing: readonly string[]): string[] {
  const request = { ledger: written, live, existing, desired: [], slots: [], mayAdopt: () => false, anywhere: true };
  const { ledger, moves } = followMoves(request);
  const tokens = indexRevisions(live, ledger);
  return [
    ...moves.flatMap(({ from, to, keys }) =>
      keys.map((key) => `${placeName({ slot: from, key })} is now at ${placeName({ slot: to, key })}`),
    ),
    ...ledgerPlaces(ledger).flatMap((place) => describe(placeName(place), place.entry, tokens)),
  ];
}

function indexRevisions(live: readonly LiveEntry[], ledger: Ledger): ReadonlyMap<string, string> {
  return new Map([...indexByPlace(live, ledger)].map(([name, entry]) => [name, formatRevision(entry)]));
}

function describe(name: string, entry: LedgerEntry, live: ReadonlyMap<string, string>): string[] {
  const { revision: written } = entry;
  const found = live.get(name);
  if (found === undefined) return [isUnseen(entry) ? `${name} is not confirmed: not there` : `${name} is gone`];
  if (found === written) return [];
  const is = readLabel(found);
  if (written === undefined) return [`${name} is not confirmed: ${is}`];
  const was = readLabel(written);
  return [was === is ? `${name} has another value` : `${name} changed from ${was} to ${is}`];
}

/** State may hold a token that has been replaced. A failing refresh would block the `up` that brings the new one. */
export function isRefusal({ code }: SecretSyncError): boolean {
  return code === "http.unauthorized" || code === "http.forbidden";
}

function describeRefusal(error: SecretSyncError, { type }: Destination): string {
  return `the ${type} destination could not be read, so its drift is unknown: ${error.message}; if the token was revoked or replaced, run up with the new one`;
}

function notImportable(): SecretSyncError {
  return new SecretSyncError({
    code: "import.unsupported",
    message:
      "a SecretSync cannot be imported or read by id; declare it and take over existing keys with syncOptions.adoptExisting",
  });
}
