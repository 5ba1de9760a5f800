// Pure: the interface of a source. It gives everything that it holds, or a failure, and decides nothing.

import type { Account, Credentials } from "../credentials/credentials.js";
import type { Redacted } from "../redacted.js";
import type { Content } from "./documents/content.js";
import type { SourceEdit } from "./documents/edit.js";
import type { RemoteSourceType, Source, SourceType } from "../../schema/index.js";

export type { SourceEdit };

/** What a source holds. In a preview a value may not be known yet. Which keys are taken is decided afterwards. */
export type SourceContent = Content<Redacted | undefined>;

/** What a source may need besides its own description. */
export interface SourceOptions {
  /** The environment of the provider process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The directory of the program; relative paths start here. */
  readonly directory: string;
  /** Secret parts that travel beside the description: inline values, the environment of a command. */
  readonly secrets: ReadonlyMap<string, Redacted | undefined>;
}

/**
 * Reads everything a source holds.
 *
 * @throws SecretSyncError with codes `source.*`; a source that cannot be read completely never returns a part. Problems of single keys
 * are faults in the result.
 */
export type ReadSource<T extends SourceType = SourceType> = (
  source: Extract<Source, { type: T }>,
  options: SourceOptions,
) => Promise<SourceContent>;

/** One source with what accompanies its description. */
export interface SourceRequest {
  readonly source: Source;
  readonly secrets: ReadonlyMap<string, Redacted | undefined>;
  /** The explicit connection. */
  readonly credentials?: Credentials | undefined;
}

export interface WriteInput {
  readonly edits: readonly SourceEdit[];
  /** True: everything but the write itself, so that a preview can show what would fail. */
  readonly rehearse: boolean;
}

/**
 * Writes keys and values into a source. Everything else in it stays as it is.
 *
 * @throws SecretSyncError `import.*` when the source cannot take them, `source.*` when it cannot be reached
 */
export type WriteSource<T extends SourceType = SourceType> = (
  source: Extract<Source, { type: T }>,
  writing: WriteInput & Pick<SourceOptions, "directory">,
) => Promise<void>;

/** A source behind a network. It keeps one session per set of credentials, so that a run logs in once. */
export interface RemoteStore<T extends RemoteSourceType = RemoteSourceType> {
  /** Reads everything, or fails with a `source.*` code that names source, path and remedy. */
  read(source: Extract<Source, { type: T }>, access: RemoteAccess): Promise<SourceContent>;
  /** As `WriteSource`; absent if nothing is written back. */
  write?(source: Extract<Source, { type: T }>, writing: WriteInput & RemoteAccess): Promise<void>;
  /**
   * One live call that proves credentials with as few permissions as possible.
   *
   * @throws SecretSyncError `http.*`, or `source.*` when a vendor's SDK makes the call
   */
  prove(credentials: Credentials, environment: SourceOptions["environment"]): Promise<Account>;
}

/** What is needed to read a remote source. */
export interface RemoteAccess {
  readonly credentials: Credentials;
  readonly environment: SourceOptions["environment"];
}
