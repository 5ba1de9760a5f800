// Pure: what a SecretSync keeps in state besides its visible outputs, under the names that the lifecycle knows.

import type { Naming } from "../../core/decision.js";
import type { Ledger, Place } from "../../core/entry.js";
import type { Destination } from "../../../schema/index.js";

/** The destination's explicit connection, as far as a run without the program needs it. */
export interface KeptConnection {
  readonly app: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly baseUrl?: string | undefined;
}

/** What a SecretSync keeps in state besides its visible outputs, encrypted as a whole. A member that is undefined is not written. */
export interface SyncRecord {
  /** The salt of revisions. That of values is in the inputs only: `pulumi up --json` prints outputs in clear. */
  readonly salt: string;
  /** Digest of the inputs of the last run that changed anything. */
  readonly inputs: string;
  /** How keys were named by that run. */
  readonly naming?: Naming | undefined;
  readonly ledger: Ledger;
  readonly address: Destination;
  readonly isEnabled: boolean;
  readonly onDestroy: "delete" | "retain" | "restore";
  /** The first run has written, but has not succeeded yet. */
  readonly isFirst?: true | undefined;
  /** Keys that a first run which has not succeeded yet may take over because of its import. */
  readonly agreed?: readonly string[] | undefined;
  /** Places that were removed and still ran at the end of the last run. */
  readonly removed?: readonly Place[] | undefined;
  /** The newest deployment, in the target's own terms, before that of what this sync stored and did not follow. */
  readonly leftAt?: string | undefined;
  /** What was stored was not seen live before the sync was disabled; its status no longer shows that. */
  readonly isOwed?: true | undefined;
  /** Set by an import that no update has followed yet: the ledger holds what was seen, none of it ours. */
  readonly imported?: true | undefined;
  /** Only with an explicit connection: destroy runs without the program. */
  readonly connection?: KeptConnection | undefined;
  /** How long a destroy may wait, in milliseconds, if the program said so. */
  readonly deleteTimeoutMs?: number | undefined;
}
