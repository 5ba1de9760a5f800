// Pure: what a SecretSync keeps in state besides its visible outputs, under the names that the lifecycle knows.

import type { Naming } from "../core/decision.js";
import type { Ledger, Place } from "../core/entry.js";
import type { Destination } from "../../schema/index.js";

/** The destination's explicit connection, as far as a run without the program needs it. */
export interface KeptConnection {
  readonly app: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly baseUrl?: string | undefined;
}

/** What a SecretSync keeps in state besides its visible outputs, encrypted as a whole. A member that is undefined is not written. */
export interface SyncRecord {
  /** Of revisions. That of values is in the inputs only: outputs are printed in clear by `pulumi up --json`. */
  readonly salt: string;
  /** Digest of the inputs of the last run that changed anything. */
  readonly inputs: string;
  /** How keys were named by that run. */
  readonly naming?: Naming | undefined;
  readonly ledger: Ledger;
  readonly address: Destination;
  readonly isEnabled: boolean;
  readonly onDestroy: "delete" | "retain" | "restore";
  /** The first run has written, and has not succeeded yet. */
  readonly isFirst?: true | undefined;
  /** Keys that a first run which has not succeeded yet may take over because of its import. */
  readonly agreed?: readonly string[] | undefined;
  /** Places that were removed and still ran at the end of the last run. */
  readonly removed?: readonly Place[] | undefined;
  /** The newest deployment, by the target's own words, when this sync left the deployment of what it stored to a later one of the same run. */
  readonly leftAt?: string | undefined;
  /** What was stored was not seen live before the sync was disabled, which its status says no more. */
  readonly isOwed?: true | undefined;
  /** Of an import that no update has followed yet: the ledger holds what was seen, and nothing of it is ours. */
  readonly imported?: true | undefined;
  /** Only with an explicit connection: destroy runs without the program. */
  readonly connection?: KeptConnection | undefined;
  /** How long a destroy may wait, in milliseconds, where the program said it. */
  readonly deleteTimeoutMs?: number | undefined;
}
