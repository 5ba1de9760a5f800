// Pure: the record of a SecretSync as state keeps it: one text. Only here are the names that deployed stacks have translated.

import { isDeepStrictEqual } from "node:util";
import { formatRevision, type LedgerEntry, readFingerprint, readLabel } from "../../core/entry.js";
import { deriveRevisionSalt } from "../../core/fingerprint.js";
import { SecretSyncError } from "../../errors.js";
import type { Destination } from "../../../schema/index.js";
import type { KeptConnection, SyncRecord } from "./sync-record.js";
import type { Properties } from "../engine/wire.js";

/**
 * The form of earlier versions, with a name for everything. Stacks that have it keep it until something else is written.
 *
 * FROZEN names: `authority` is the explicit connection, and `token` the revision, empty for a write that was not seen.
 */
interface FirstRecord extends Omit<SyncRecord, "ledger" | "connection"> {
  readonly format: 1;
  readonly ledger: Slots<StoredEntry>;
  readonly authority?: KeptConnection;
  /** Unused. */
  readonly live?: string;
}

interface StoredEntry {
  readonly fingerprint: string;
  readonly token: string;
  readonly unconfirmed?: { readonly label: string; readonly found?: string; readonly was?: string };
  readonly prior?: unknown;
  readonly adopted?: true;
}

/** The same without defaults, and without what is stored elsewhere. FROZEN names. */
interface SecondRecord extends Omit<
  SyncRecord,
  "ledger" | "connection" | "salt" | "naming" | "isEnabled" | "onDestroy" | "address"
> {
  readonly format: 2;
  /** Left out by a host that always has the salt of the inputs, too. */
  readonly salt?: string;
  /** Left out if keys have the names of the source; null if unknown. */
  readonly naming?: SyncRecord["naming"] | null;
  /** An empty field is the id of the target. */
  readonly address: Properties;
  readonly isEnabled?: false;
  readonly onDestroy?: SyncRecord["onDestroy"];
  /** Each label once. An entry with nothing else is a text: its fingerprint, that of its revision, and the index of its label. */
  readonly labels?: readonly string[];
  readonly ledger: Slots<StoredEntry | string>;
  readonly authority?: KeptConnection;
}

type Slots<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

type StoredRecord = FirstRecord | SecondRecord;

/** @throws SecretSyncError `state.newer` for a record of another form: forgetting it would orphan every key it owns. */
export function openRecord(kept: unknown, targetId: string): SyncRecord {
  const stored = (typeof kept === "string" ? JSON.parse(kept) : kept) as StoredRecord;
  const { format } = stored;
  if (format === 1) return openFirst(stored);
  if (format === 2) return openSecond(stored, targetId);
  throw new SecretSyncError({
    code: "state.newer",
    message: `this sync was last written by a newer version of the package (state format ${String(format)}); upgrade pulumi-secret-sync in this program, then run again`,
  });
}

function openFirst({ format: _format, live: _live, authority: connection, ledger, ...rest }: FirstRecord): SyncRecord {
  return { ...rest, ...ifThere({ connection }), ledger: mapEntries(ledger, openEntry) };
}

function openSecond(stored: SecondRecord, targetId: string): SyncRecord {
  const { format: _format, authority: connection, labels = [], ledger, address, naming, ...rest } = stored;
  return {
    salt: "",
    isEnabled: true,
    onDestroy: "restore",
    ...rest,
    ...ifThere({ connection, naming: naming === undefined ? plainly : (naming ?? undefined) }),
    address: mapMembers(address, (value) => (value === "" ? targetId : value)) as unknown as Destination,
    ledger: mapEntries(ledger, (entry) => openEntry(typeof entry === "string" ? expand(entry, labels) : entry)),
  };
}

/** Without a schema, the environment has no effect on names. */
const plainly = { keySchema: undefined, environment: "" };

/** A record for state, as text. */
export function closeRecord(record: SyncRecord, targetId: string): string {
  const { connection: authority, salt, naming, ledger, address, isEnabled, onDestroy, ...rest } = record;
  const labels: string[] = [];
  const stored: SecondRecord = {
    format: 2,
    salt,
    ...rest,
    ...writeNaming(naming),
    ledger: mapEntries(ledger, (entry) => shorten(closeEntry(entry), labels)),
    labels,
    address: mapMembers(address as unknown as Properties, (value) => (value === targetId ? "" : value)),
    ...(isEnabled ? {} : { isEnabled }),
    ...(onDestroy === "restore" ? {} : { onDestroy }),
    ...ifThere({ authority }),
  };
  return JSON.stringify(stored);
}

/** A record without what another host keeps in the inputs: the explicit connection, and the salt derived from theirs. */
export function splitRecord(text: string, salt: string | undefined): { record: string; connection: unknown } {
  const { authority: connection, ...rest } = JSON.parse(text) as StoredRecord;
  const { salt: own, ...bare } = rest;
  const isDerived = rest.format === 2 && salt !== undefined && own === deriveRevisionSalt(salt);
  return { record: JSON.stringify(isDerived ? bare : rest), connection };
}

/** The reverse. A record from another host keeps what it holds. */
export function joinRecord(
  text: string,
  { salt, connection }: { salt: string | undefined; connection: unknown },
): string {
  const stored = JSON.parse(text) as StoredRecord;
  const derived = stored.format === 2 && salt !== undefined ? { salt: deriveRevisionSalt(salt) } : {};
  return JSON.stringify({ ...ifThere({ authority: connection }), ...derived, ...stored });
}

function writeNaming(naming: SyncRecord["naming"]): Pick<SecondRecord, "naming"> {
  if (naming === undefined) return { naming: null };
  return (naming.keySchema ?? "") === "" ? {} : { naming };
}

function openEntry({ token, unconfirmed, ...entry }: StoredEntry): LedgerEntry {
  return token === "" ? { ...entry, unconfirmed: unconfirmed ?? {} } : { ...entry, revision: token };
}

function closeEntry({ revision, unconfirmed, ...entry }: LedgerEntry): StoredEntry {
  const { label, found, was } = unconfirmed ?? {};
  const expected = label === undefined ? {} : { unconfirmed: { label, ...ifThere({ found, was }) } };
  return { ...entry, token: revision ?? "", ...expected };
}

/** An entry with only the two fingerprints and the label, as text: `fingerprint revision label`. */
function shorten(entry: StoredEntry, labels: string[]): StoredEntry | string {
  const { fingerprint, token, ...rest } = entry;
  const label = readLabel(token);
  const known = labels.includes(label) ? labels : [...labels, label];
  const place = known.indexOf(label);
  const text = [fingerprint, readFingerprint(token), ...(place === 0 ? [] : [place])].join(" ");
  const isAll = Object.keys(rest).length === 0 && isDeepStrictEqual(expand(text, known), { fingerprint, token });
  if (!isAll) return entry;
  if (place === labels.length) labels.push(label);
  return text;
}

function expand(text: string, labels: readonly string[]): StoredEntry {
  const [fingerprint = "", shown = "", place = "0"] = text.split(" ");
  return { fingerprint, token: formatRevision({ label: labels[Number(place)] ?? "", fingerprint: shown }) };
}

/** Not by assignment, which would lose `__proto__`, a legal key. */
function mapEntries<A, B>(slots: Slots<A>, change: (entry: A) => B): Slots<B> {
  return mapMembers(slots, (keys) => mapMembers(keys, change));
}

function mapMembers<A, B>(map: Readonly<Record<string, A>>, change: (member: A) => B): Readonly<Record<string, B>> {
  return Object.fromEntries(Object.entries(map).map(([name, member]) => [name, change(member)]));
}

function ifThere<T extends object>(members: T): { [M in keyof T]?: Exclude<T[M], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
