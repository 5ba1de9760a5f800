// Composition: which file reads which type of source. A reader, and the parsers and clients it needs, load on first use.

import type { Account, Credentials, CredentialSettings } from "../credentials/credentials.js";
import type { Network } from "../http/network.js";
import type { ConnectionApp, RemoteSource, RemoteSourceType, Source, SourceType } from "../../schema/index.js";
import { findSourceCredentials } from "../credentials/source-lookup.js";
import { refuseSource } from "./refusal.js";
import type { SyncLister } from "./sync-lister.js";
import type { ReadSource, RemoteStore, SourceContent, SourceOptions, WriteSource, WriteInput } from "./source.js";

type LocalSourceType = Exclude<SourceType, RemoteSourceType>;

/** One loader per type; the compiler finds the missing one. */
const local: { readonly [T in LocalSourceType]: () => Promise<ReadSource<T>> } = {
  inline: async () => (await import("./local/inline.js")).readInline,
  file: async () => (await import("./local/file.js")).readFileSource,
  exec: async () => (await import("./local/exec.js")).readExec,
  environment: async () => (await import("./local/environment.js")).readEnvironment,
};

/** Local sources that can be written. */
const localWriters: { readonly [T in LocalSourceType]?: () => Promise<WriteSource<T>> } = {
  file: async () => (await import("./local/file.js")).writeFileSource,
};

/** Remote ones, whose stores have a `write`. */
const remoteWriters: ReadonlySet<SourceType> = new Set(["infisical", "vault"] satisfies RemoteSourceType[]);

/** Stores of one process; each is made on first use and keeps its sessions. */
function createStores(network: Network): { readonly [T in RemoteSourceType]: () => Promise<RemoteStore<T>> } {
  return {
    infisical: once(async () => (await import("./remote/infisical/index.js")).createInfisicalStore(network)),
    vault: once(async () => (await import("./remote/vault/index.js")).createVaultStore(network)),
    doppler: once(async () => (await import("./remote/doppler/index.js")).createDopplerStore(network)),
    "aws-secrets-manager": once(async () => (await import("./remote/aws-secrets-manager/index.js")).createAwsStore()),
  };
}

function once<S>(load: () => Promise<S>): () => Promise<S> {
  let loaded: Promise<S> | undefined;
  return () => (loaded ??= load());
}

/** The one vault whose own syncs can be listed. */
export async function loadSyncLister(network: Network): Promise<SyncLister> {
  return (await import("./remote/infisical/syncs.js")).createSyncLister(network);
}

/** Which source's store proves a connection. */
const provenBy = {
  infisical: "infisical",
  vault: "vault",
  doppler: "doppler",
  aws: "aws-secrets-manager",
} as const satisfies Partial<Record<ConnectionApp, RemoteSourceType>>;

/** Apps whose credentials a source proves; destinations prove the others. */
export type SourceApp = keyof typeof provenBy;

export interface SourceReading {
  readonly source: Source;
  readonly options: SourceOptions;
  /** The explicit connection; without one, stack config and environment are searched. */
  readonly credentials?: Credentials | undefined;
}

export interface Sources {
  /** Values may be undefined only for `inline`; an `exec` needs every secret of its environment known. */
  read(reading: SourceReading): Promise<SourceContent>;
  /** A text that changes when the source does; undefined if only a read can show that. */
  look(source: Source, directory: string): Promise<string | undefined>;
  /** Whether sources of this type can be written, judging by the type. */
  isWritable(source: Source): boolean;
  write(request: SourceReading & WriteInput): Promise<void>;
  /** Whether the credentials of an app are proven here. */
  proves(app: ConnectionApp): app is SourceApp;
  prove(app: SourceApp, credentials: Credentials): Promise<Account>;
}

/** All sources of one process. */
export function createSources(network: Network, settings: () => CredentialSettings): Sources {
  const stores = createStores(network);
  const readRemote = async <T extends RemoteSourceType>(
    type: T,
    { source, explicit }: { source: Extract<Source, { type: T }>; explicit: Credentials | undefined },
  ): Promise<SourceContent> => {
    const credentials = findSourceCredentials(type, explicit, settings());
    const store = await stores[type]();
    return store.read(source, { credentials, environment: settings().environment });
  };
  const writeRemote = async <T extends RemoteSourceType>(
    type: T,
    {
      source,
      explicit,
      writing,
    }: { source: Extract<Source, { type: T }>; explicit: Credentials | undefined; writing: WriteInput },
  ): Promise<void> => {
    const credentials = findSourceCredentials(type, explicit, settings());
    const store = await stores[type]();
    if (store.write === undefined) throw refuseSource(`${type} source`, "sources of this type are read-only");
    await store.write(source, { ...writing, credentials, environment: settings().environment });
  };
  return {
    isWritable: ({ type }) => Object.hasOwn(localWriters, type) || remoteWriters.has(type),
    write: ({ source, options: { directory }, credentials: explicit, edits, rehearse }) =>
      isRemote(source)
        ? writeRemote(source.type, { source, explicit, writing: { edits, rehearse } })
        : writeLocal(source.type, { source, writing: { edits, rehearse, directory } }),
    read: ({ source, options, credentials }) =>
      isRemote(source)
        ? readRemote(source.type, { source, explicit: credentials })
        : readLocal(source.type, { source, options }),
    look: async (source, directory) =>
      source.type === "file" ? (await import("./local/file.js")).lookAtFile(source, directory) : undefined,
    proves: (app): app is SourceApp => Object.hasOwn(provenBy, app),
    prove: async (app, explicit) => {
      const credentials = findSourceCredentials(provenBy[app], explicit, settings());
      return (await stores[provenBy[app]]()).prove(credentials, settings().environment);
    },
  };
}

function isRemote(source: Source): source is RemoteSource {
  return !Object.hasOwn(local, source.type);
}

/** Ties the loader to the source: both have the same T, so no cast is needed. */
async function readLocal<T extends LocalSourceType>(
  type: T,
  reading: { source: Extract<Source, { type: T }>; options: SourceOptions },
): Promise<SourceContent> {
  const read = await local[type]();
  return read(reading.source, reading.options);
}

async function writeLocal<T extends LocalSourceType>(
  type: T,
  { source, writing }: { source: Extract<Source, { type: T }>; writing: Parameters<WriteSource<T>>[1] },
): Promise<void> {
  const load = localWriters[type];
  if (load === undefined) throw refuseSource(`${type} source`, "sources of this type are read-only");
  const write = await load();
  await write(source, writing);
}

/** Loads what asks git about a file, on first use. */
export async function loadGit() {
  return (await import("./local/git.js")).readGitState;
}
