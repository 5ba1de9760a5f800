// Pure: what the composition root hands to the loop and to the lifecycle. Everything outside the process is behind it.

import type { Clock } from "../clock.js";
import type { SourceValues } from "../core/desired.js";
import type { Account, Credentials, Target } from "../destinations/destination.js";
import type { Redacted } from "../redacted.js";
import type { Connection, Destination, Source } from "../../schema/index.js";
import type { SourceRequest, WriteInput } from "../sources/source.js";
import type { Arrivals } from "./batch/arrivals.js";
import type { Memory } from "./memory.js";
import type { Recorded } from "./past.js";
import type { TargetQueue } from "./target-queue.js";

/** How a message reaches the person who runs Pulumi: what the host of the provider gives. */
export interface Reporter {
  /** A text that stays: shown in previews, updates and pull request comments. */
  say(urn: string, severity: "info" | "warning", text: string): Promise<void>;
  /** Live status in the resource's row; gone when the operation ends. */
  show(urn: string, text: string): Promise<void>;
}

/** The same for lines that may hold foreign text: none of them can become two. */
export interface LineReporter extends Pick<Reporter, "show"> {
  say(urn: string, severity: "info" | "warning", lines: string | readonly string[]): Promise<void>;
}

export interface World {
  readonly clock: Clock;
  readonly memory: Memory;
  readonly arrivals: Arrivals;
  readonly queue: TargetQueue;
  readonly reporter: LineReporter;
  /** The syncs of a stack as state has them, by URN; none if that is unknown. Asked once, and again for `now`. */
  listRecorded(stack: string, asOf?: "now"): Promise<ReadonlyMap<string, Recorded>>;
  /** The keys that a source gives, read at most once per run for equal descriptions, secrets and credentials. */
  readSource(
    source: Source,
    secrets: ReadonlyMap<string, Redacted | undefined>,
    credentials?: Credentials,
  ): Promise<SourceValues>;
  /** Right before a write. @throws SecretSyncError `source.changed` when the source no longer gives what it gave */
  confirmSource(
    source: Source,
    secrets: ReadonlyMap<string, Redacted | undefined>,
    credentials?: Credentials,
  ): Promise<void>;
  /** The same of everything that a source holds, right before something is written into it. @throws SecretSyncError `source.changed` */
  confirmWholeSource(request: SourceRequest): Promise<void>;
  /** What a person should know about a source, reported once for each place. */
  adviseOnSource(source: Source): Promise<string | undefined>;
  /** What a source is called within a sentence. */
  nameSource(source: Source): string;
  /** Whether sources of this type take what is imported. */
  isWritable(source: Source): boolean;
  /** Writes into a source, or rehearses it. @throws SecretSyncError `import.*` and `source.*`. */
  writeSource(source: Source, credentials: Credentials | undefined, writing: WriteInput): Promise<void>;
  /** @throws SecretSyncError `connection.missing` when neither arguments, stack config nor environment give credentials. */
  findCredentials(destination: Destination, explicit: Credentials | undefined): Credentials;
  /** For an import, which has no `explicit` ones: all that may be meant, at least one. @throws SecretSyncError `connection.missing`. */
  listCredentials(destination: Destination, connections: readonly Connection[]): readonly Credentials[];
  openTarget(destination: Destination, credentials: Credentials): Promise<Target>;
  /** One live call that proves credentials. */
  prove(connection: Connection, credentials: Credentials): Promise<Account>;
}
