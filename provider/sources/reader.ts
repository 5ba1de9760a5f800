// IO side: reads each source at most once per run, however many syncs use it, and lets imports into one source wait for each other.

import { createHash } from "node:crypto";
import path from "node:path";
import type { Credentials } from "../credentials/credentials.js";
import type { SourceValues } from "../core/desired.js";
import { canonical } from "../core/fingerprint.js";
import type { Redacted } from "../redacted.js";
import type { Source } from "../../schema/index.js";
import { SecretSyncError } from "../errors.js";
import { createOwnWrites, type OwnWrites } from "./own-writes.js";
import type { SourceReading, Sources } from "./registry.js";
import { changedSource } from "./refusal.js";
import { takeKeys } from "./selection.js";
import type { SourceContent, SourceOptions, SourceRequest, WriteInput } from "./source.js";

export type ReadOnce = (
  source: Source,
  secrets: ReadonlyMap<string, Redacted | undefined>,
  credentials?: Credentials,
) => Promise<SourceValues>;

/** Whether a source still gives what it gave. @throws SecretSyncError `source.changed` */
export type ConfirmRead = (...read: Parameters<ReadOnce>) => Promise<void>;

export interface SourceReader {
  readonly read: ReadOnce;
  readonly confirm: ConfirmRead;
  /** The same of everything that it holds, before something is written into it. @throws SecretSyncError `source.changed` */
  readonly confirmWhole: (request: SourceRequest) => Promise<void>;
}

export type WriteBack = (source: Source, credentials: Credentials | undefined, writing: WriteInput) => Promise<void>;

/**
 * Writes to a place one after the other, each proven by reading it again. What the run has read before remains valid for it: another
 * sync of the same source takes the imported keys in the next run, whose preview names them.
 */
export function createSourceWriter(
  sources: Pick<Sources, "read" | "write">,
  options: Omit<SourceOptions, "secrets">,
  own: OwnWrites = createOwnWrites(),
): WriteBack {
  let last: Promise<unknown> = Promise.resolve();
  return (source, credentials, writing) => {
    const secrets = new Map<string, Redacted>();
    const reading = { source, options: { ...options, secrets }, credentials };
    const write = async () => {
      keepPromises(own, namePlace(reading), { source, writing });
      await sources.write({ ...reading, ...writing });
      if (writing.rehearse) return;
      proveWrite(await sources.read(reading), writing, source);
    };
    const turn = last.then(write, write);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** A file is one place, however its path is spelt, and whatever is taken from it. */
function namePlace({ source, options: { directory, secrets }, credentials }: SourceReading): string {
  return source.type === "file" ? path.resolve(directory, source.path) : nameRead(source, secrets, credentials);
}

/** One key of a source cannot hold the values of two destinations: the other value would be lost in the next run. */
function keepPromises(
  own: OwnWrites,
  place: string,
  { source, writing: { edits } }: { source: Source; writing: WriteInput },
): void {
  const torn = edits.filter(({ key, value }) => own.holds(place, key, value) === false);
  if (torn.length === 0) {
    own.keep(
      place,
      edits.map(({ key, value }) => [key, value] as const),
    );
    return;
  }
  throw new SecretSyncError({
    code: "import.conflict",
    message: `two syncs of this program would import different values into the same keys of one ${source.type} source (${torn.map(({ key }) => key).join(", ")}); leave these keys to one of them (include, exclude or keySchema), or give each sync a source of its own`,
  });
}

/** Nothing is taken over at the destination before the source has it. */
function proveWrite({ values: now }: SourceContent, { edits }: WriteInput, { type }: Source): void {
  const missing = edits.filter(({ key, value }) => now.get(key)?.reveal() !== value.reveal()).map(({ key }) => key);
  if (missing.length === 0) return;
  throw new SecretSyncError({
    code: "import.unverified",
    message: `the ${type} source does not read back what was imported (${missing.join(", ")}), and nothing was written at the destination; compare the values there, then run again`,
  });
}

export interface SourcePlaces {
  /** A text that changes when the source does; undefined if only a read can show that. */
  readonly look: (source: Source) => Promise<string | undefined>;
  readonly own: OwnWrites;
}

interface Read {
  /** Taken before the read, so that it is never newer than what was read. */
  readonly state: Promise<string | undefined>;
  readonly content: Promise<SourceContent>;
}

/**
 * Equal descriptions with equal secrets and credentials share one read. Which keys are taken is decided afterwards, and only those are
 * judged: faults of others do not matter. A source that has changed since is read again to confirm it: it has to give what the plan was
 * made from, except for what imports of this run have put there.
 *
 * @param places gives the state of a source without reading it, if that is possible, and what was written into it
 */
export function createSourceReader(
  sources: Pick<Sources, "read">,
  options: Omit<SourceOptions, "secrets">,
  { look = async () => undefined, own = createOwnWrites() }: Partial<SourcePlaces> = {},
): SourceReader {
  const reads = new Map<string, Read>();
  const begin = (reading: SourceReading): Read => {
    const state = look(reading.source);
    return { state, content: state.then(() => sources.read(reading)) };
  };
  const find = (reading: SourceReading): Read => {
    const name = nameRead(reading.source, reading.options.secrets, reading.credentials);
    const read = reads.get(name) ?? begin(reading);
    reads.set(name, read);
    return read;
  };
  const confirm = async (
    { source, secrets, credentials }: SourceRequest,
    take: (content: SourceContent) => SourceValues,
  ): Promise<void> => {
    // What a program computes cannot change under it; without a state, only another read would show a change.
    if (source.type === "inline") return;
    const reading = { source, options: { ...options, secrets }, credentials };
    const { state, content } = find(reading);
    const read = await state;
    if (read === undefined || (await look(source)) === read) return;
    const before = take(await content);
    // A file that can no longer be read may be in the middle of a change: the next run reports what is wrong with it.
    const now = await sources
      .read(reading)
      .then(take)
      .catch(() => undefined);
    if (now === undefined || !areEqual(...leaveOut(own, namePlace(reading), [before, now])))
      throw changedSource(source);
  };
  return {
    read: async (source, secrets, credentials) => {
      const reading = { source, options: { ...options, secrets }, credentials };
      // Inline values are in memory already: remembering them twice saves nothing.
      if (source.type === "inline") return takeKeys(source, await sources.read(reading));
      return takeKeys(source, await find(reading).content);
    },
    confirm: (source, secrets, credentials) =>
      confirm({ source, secrets, credentials }, (content) => takeKeys(source, content)),
    confirmWhole: (request) => confirm(request, ({ values }) => values),
  };
}

/** Without the keys that now hold what an import has put there. */
function leaveOut(own: OwnWrites, place: string, [before, now]: readonly [SourceValues, SourceValues]) {
  const others = (values: SourceValues): SourceValues =>
    new Map([...values].filter(([key]) => own.holds(place, key, now.get(key)) !== true));
  return [others(before), others(now)] as const;
}

function areEqual(before: SourceValues, now: SourceValues): boolean {
  return before.size === now.size && [...before].every(([key, value]) => now.get(key)?.reveal() === value?.reveal());
}

function nameRead(
  { include: _in, exclude: _out, allowReferences: _allowed, ...source }: Source,
  secrets: ReadonlyMap<string, Redacted | undefined>,
  credentials: Credentials | undefined,
): string {
  const own = [...secrets].map(([key, value]) => [key, value?.reveal() ?? null]);
  const fields = [...(credentials?.fields ?? [])].map(([field, value]) => [field, value.reveal()]);
  return createHash("sha256")
    .update(canonical([source, own, credentials?.baseUrl ?? null, fields]))
    .digest("base64url");
}
