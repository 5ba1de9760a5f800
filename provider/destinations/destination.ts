// Pure: the interface of a destination. It observes, writes and polls; it never compares, and it never decides.

import type { Desired, Placement } from "../core/desired.js";
import type { Edit, Ledger, LiveEntry, Place, Spot } from "../core/entry.js";
import type { Plan } from "../core/plan.js";
import type { KeyGrammar } from "../core/preflight.js";
import type { Problem } from "../errors.js";
import type { Redacted } from "../redacted.js";
import type { Destination, DestinationType } from "../../schema/index.js";

export type { Account, Credentials } from "../credentials/credentials.js";

/** What a destination can and cannot do, as data. Shared code asks these, never who the vendor is. */
export interface Capabilities {
  /** `document`: one write carries all edits. `entry`: each edit is a write of its own. */
  readonly granularity: "document" | "entry";
  /** Every write starts a deployment. */
  readonly writeDeploys: boolean;
  readonly keyGrammar: KeyGrammar;
  /** What people call it. */
  readonly platform: string;
  /** The slot whose entries hold at every slot where their key has none of its own. */
  readonly coveringSlot?: string;
  /** What it mostly means when every key of ours is gone at once. */
  readonly wipeHint?: string;
}

/** One look at a target. */
export interface Snapshot {
  /** The vendor's id of the app or site. */
  readonly targetId: string;
  readonly targetName: string;
  readonly targetUrl: string | undefined;
  /** Slots that exist there. */
  readonly slots: readonly string[];
  /** Why nothing can be written now, for example a pinned app. */
  readonly obstacles: readonly Problem[];
  /** A deployment that is under way and has to end before a write. */
  readonly busyWith: string | undefined;
  /** Names of places where what runs is not what is stored; undefined where the vendor does not tell. */
  readonly notLive?: ReadonlySet<string> | undefined;
  /** The adapter's own view of the target, handed back to `write`. Nobody else looks inside. */
  readonly document: unknown;
}

/** A write of several requests that ended half-way. Edits named in neither list were not sent. */
export interface Halt {
  readonly problem: Problem;
  readonly done: readonly Place[];
  /** Sent, and nobody knows whether they arrived: they stay ours. */
  readonly unknown: readonly Place[];
}

/** What a person should know of a key that was written, and what is no problem. */
export interface Note {
  readonly key: string;
  readonly text: string;
}

/** What a write left behind. */
export interface Receipt {
  /** False when the target already was as wanted and nothing was sent. */
  readonly changed: boolean;
  /** Set when not every edit was made. Only destinations that write entry by entry end so. */
  readonly halt?: Halt;
  /** Somebody else claimed one of the keys, or changed the target, in between: nothing of this write is left, and it has to be planned anew. */
  readonly yielded: boolean;
  /** Stored, and yet a person has to look. */
  readonly problem?: Problem;
  readonly notes?: readonly Note[];
  /** Written, and perhaps changed by somebody else before the look: places whose values nobody can compare. */
  readonly overtaken?: readonly Place[];
  /** The deployment to follow, if the write started one. */
  readonly deploymentId: string | undefined;
  /** The target as the answer of the write shows it. */
  readonly snapshot: Snapshot;
}

/** What a look ahead has found. */
export interface Findings {
  /** Why the write would fail. */
  readonly problems: readonly Problem[];
  /** What a person should know, and what forbids nothing. Told once, however many ask. */
  readonly warnings: readonly string[];
}

/** What became of the orders of a deployment. */
export interface Deployed {
  /** To be followed for all orders that were taken; undefined where none was. */
  readonly deploymentId: string | undefined;
  /** Orders by which nothing was started, as far as anybody knows. */
  readonly failed: ReadonlyArray<{ readonly order: unknown; readonly error: unknown }>;
}

/** How a deployment stands. */
export type Progress =
  | { readonly state: "pending"; readonly detail: string }
  | { readonly state: "done" }
  /** It ended without going live, but not by its own fault: look at the target again. */
  | { readonly state: "superseded"; readonly detail: string }
  /** `wayBack`: what a sync may do that does not put the earlier entries back by itself. */
  | { readonly state: "failed"; readonly problem: Problem; readonly wayBack?: string };

/** How recent an answer has to be. */
export interface Look {
  /** True just before a write: no earlier answer will do. */
  readonly fresh: boolean;
  /** Milliseconds since the epoch: an answer from before may miss what another resource of this run has done. */
  readonly notBefore?: number | undefined;
}

/** Whether and how long a deployment is followed. */
export interface DeploymentPolicy {
  readonly wait: boolean;
  /** What to deploy after a write, in the adapter's own words, where a write does not deploy by itself and the sync asks for it. */
  readonly order?: unknown;
  readonly timeoutMs: number;
  readonly onFailure: "report" | "restore";
}

/** What a run is about to write. */
export interface Intent {
  readonly plan: Plan;
  readonly edits: readonly Edit[];
}

/** One destination of one sync: its arguments and its connection are bound. */
export interface Target {
  readonly capabilities: Capabilities;
  readonly deployment: DeploymentPolicy;
  /** The same text for syncs whose writes may share one request: same target and same credentials. */
  readonly credentialsId: string;
  readonly type: DestinationType;
  /** Overrides per key in the arguments, for the check of idle ones. */
  readonly overrides: readonly string[];
  /** Slots that the arguments aim at when no override says otherwise. */
  readonly slots: readonly string[];
  /** The least arguments that address this target when only state is left: by id, because names change. */
  addressOf(targetId: string): Destination;
  /** Where a key goes and how it will look there. */
  place(key: string): readonly Placement[];
  /** Value and slot rules of the vendor that can be checked before a write. */
  inspect(desired: Desired, snapshot: Snapshot | undefined, plan: Plan): readonly Problem[];
  /**
   * Why a look cannot show all that stands there, judged by what this sync owns. It forbids a removal as well: what is not seen would
   * be forgotten.
   */
  doubt?(snapshot: Snapshot, plan: Plan): readonly Problem[];
  /** What a person should know before a write, and what forbids nothing. */
  advise?(desired: Desired, snapshot: Snapshot, plan: Plan): readonly string[];
  /** The vendor's id of the target, looked up when only a name is given. */
  resolve(): Promise<string>;
  /**
   * What became of the target of an earlier run, when the address leads nowhere now, or to another one. One look at most; left out
   * where an address never changes its meaning.
   */
  explainAddress?(earlierId: string, now: Snapshot | undefined): Promise<string | undefined>;
  /**
   * Looks at the target.
   *
   * @throws SecretSyncError `destination.not_found` and the `http.*` codes.
   */
  observe(look: Look): Promise<Snapshot>;
  /**
   * The live entries of a snapshot. Fingerprints are salted, so each sync sees its own. With the ledger, an entry that shows every sign of
   * our own write gets the revision that was written down then, also where the vendor's own signs moved for another reason.
   */
  read(snapshot: Snapshot, salt: string, ledger?: Ledger): readonly LiveEntry[];
  /**
   * What the vendor would say to this write and to the credentials, asked without changing anything; one question per target and
   * run. It is asked in previews only, where a write is to be expected.
   */
  probe(snapshot: Snapshot, intent: Intent): Promise<Findings>;
  /** The plain value of an entry; undefined where the vendor does not show it, and where it is no plain value. */
  reveal(snapshot: Snapshot, place: Place): Redacted | undefined;
  /** Whether the entry at a place has this value; undefined where the vendor does not show its value. */
  compare(snapshot: Snapshot, place: Place, value: Redacted): boolean | undefined;
  /**
   * Every value that a look shows in clear, whoever it belongs to, and those that the ledger remembers: what the vendor may quote, and
   * what nobody may see.
   */
  listReadable(snapshot: Snapshot, ledger: Ledger | undefined): Iterable<Redacted>;
  /** How an entry looks now, to be given back later. */
  remember(snapshot: Snapshot, spot: Spot): unknown;
  /**
   * Whether an entry that looked so before its adoption, and is gone, may have been lost while it was given back. Left out where giving
   * back is one request.
   */
  readonly mayBeLost?: (prior: unknown) => boolean;
  /** One write with every edit. Never repeats a request whose outcome is unknown without looking first. */
  write(snapshot: Snapshot, edits: readonly Edit[]): Promise<Receipt>;
  /** Starts one deployment for the orders of every sync that was written. Only where a write does not deploy by itself. */
  deploy?(orders: readonly unknown[]): Promise<Deployed>;
  poll(deploymentId: string): Promise<Progress>;
  /** Where no look shows what runs: the newest deployment so far, which tells those that are started from now on from earlier ones. */
  position?(): Promise<string>;
  /** Whether one that was started after a position went well, of the kind that this sync orders. */
  hasDeployedSince?(position: string): Promise<boolean>;
}
