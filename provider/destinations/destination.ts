// Pure: the interface of a destination. It observes, writes and polls; it never compares and never decides.

import type { Claim } from "../core/claims.js";
import type { Desired, Placement } from "../core/desired.js";
import type { Edit, Ledger, LiveEntry, Place, Spot } from "../core/entry.js";
import type { Plan } from "../core/plan.js";
import type { KeyGrammar } from "../core/preflight.js";
import type { Problem } from "../errors.js";
import type { Redacted } from "../redacted.js";
import type { Destination, DestinationType } from "../../schema/index.js";

export type { Account, Credentials } from "../credentials/credentials.js";

/** What a destination can and cannot do, as data. Shared code checks these, never who the vendor is. */
export interface Capabilities {
  /** `document`: one write carries all edits. `entry`: each edit is a write of its own. */
  readonly granularity: "document" | "entry";
  /** Every write starts a deployment. */
  readonly writeDeploys: boolean;
  readonly keyGrammar: KeyGrammar;
  /** Its everyday name. */
  readonly platform: string;
  /** The slot whose entries hold in every slot that has no entry of the same key. */
  readonly coveringSlot?: string;
  /** What it usually means when every key of ours is gone at once. */
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
  /** A running deployment that has to end before a write. */
  readonly busyWith: string | undefined;
  /** Names of places that do not run what is stored there; undefined if the vendor does not show that. */
  readonly notLive?: ReadonlySet<string> | undefined;
  /** The adapter's own view of the target, handed back to `write`. Nobody else looks inside. */
  readonly document: unknown;
}

/** A write of several requests that ended half-way. Edits named in neither list were not sent. */
export interface Halt {
  readonly problem: Problem;
  readonly done: readonly Place[];
  /** Sent, but not known to have arrived: they stay ours. */
  readonly unknown: readonly Place[];
}

/** What a person should know about a key that was written, without being a problem. */
export interface Note {
  readonly key: string;
  readonly text: string;
}

/** What a write left behind. */
export interface Receipt {
  /** False when the target already was as wanted and nothing was sent. */
  readonly changed: boolean;
  /** Set when not every edit was made. Only destinations that write entry by entry end this way. */
  readonly halt?: Halt;
  /** Somebody else claimed one of the keys, or changed the target, in between: nothing of this write is left, and it needs a new plan. */
  readonly yielded: boolean;
  /** Stored, but a person has to look. */
  readonly problem?: Problem;
  readonly notes?: readonly Note[];
  /** Places that were written, but perhaps changed by somebody else before the look, and whose values cannot be compared. */
  readonly overtaken?: readonly Place[];
  /** The deployment to follow, if the write started one. */
  readonly deploymentId: string | undefined;
  /** The target as the answer of the write shows it. */
  readonly snapshot: Snapshot;
}

/** The findings of a look ahead. */
export interface Findings {
  /** Why the write would fail. */
  readonly problems: readonly Problem[];
  /** What a person should know, but what forbids nothing. Reported once, however many syncs ask. */
  readonly warnings: readonly string[];
}

/** What happened to the orders of a deployment. */
export interface Deployed {
  /** To be followed for all orders that were taken; undefined if none was. */
  readonly deploymentId: string | undefined;
  /** Orders that started nothing, as far as is known. */
  readonly failed: ReadonlyArray<{ readonly order: unknown; readonly error: unknown }>;
}

/** The state of a deployment. */
export type Progress =
  | { readonly state: "pending"; readonly detail: string }
  | { readonly state: "done" }
  /** It ended without going live, but not by its own fault: look at the target again. */
  | { readonly state: "superseded"; readonly detail: string }
  /** `wayBack`: the way back for a sync that does not put the earlier entries back itself. */
  | { readonly state: "failed"; readonly problem: Problem; readonly wayBack?: string };

/** How recent an answer has to be. */
export interface Look {
  /** True right before a write: no earlier answer will do. */
  readonly fresh: boolean;
  /** Milliseconds since the epoch: an earlier answer may miss what another resource of this run has done. */
  readonly notBefore?: number | undefined;
}

/** Whether and how long a deployment is followed. */
export interface DeploymentPolicy {
  readonly wait: boolean;
  /** What to deploy after a write, in the adapter's own terms, if a write does not deploy by itself and the sync asks for it. */
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
  /** Equal for syncs whose writes may share one request: same target and same credentials. */
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
  /** Why keys of this sync cannot stand beside what other syncs of the run want at this target. Left out if all of them can. */
  contend?(desired: Desired, claims: readonly Claim[], snapshot: Snapshot | undefined): readonly Problem[];
  /** Value and slot rules of the vendor that can be checked before a write. */
  inspect(desired: Desired, snapshot: Snapshot | undefined, plan: Plan): readonly Problem[];
  /**
   * Why a look cannot show everything at the target, judged by what this sync owns. It forbids a removal, too: what is not seen would
   * be forgotten.
   */
  doubt?(snapshot: Snapshot, plan: Plan): readonly Problem[];
  /** What a person should know before a write, but what forbids nothing. */
  advise?(desired: Desired, snapshot: Snapshot, plan: Plan): readonly string[];
  /** The vendor's id of the target, looked up when only a name is given. */
  resolve(): Promise<string>;
  /**
   * What happened to the target of an earlier run, when the address now leads nowhere, or to another one. One look at most; left out
   * if an address never changes its meaning.
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
   * our own write gets the revision recorded then, even if the vendor's own signs moved for another reason.
   */
  read(snapshot: Snapshot, salt: string, ledger?: Ledger): readonly LiveEntry[];
  /**
   * What the vendor would say to this write and to the credentials, asked without changing anything; one question per target and
   * run. Called in previews only, when a write is expected.
   */
  probe(snapshot: Snapshot, intent: Intent): Promise<Findings>;
  /** The plain value of an entry; undefined if the vendor does not show it, or if it is not a plain value. */
  reveal(snapshot: Snapshot, place: Place): Redacted | undefined;
  /** Whether the entry at a place has this value; undefined if the vendor does not show its value. */
  compare(snapshot: Snapshot, place: Place, value: Redacted): boolean | undefined;
  /**
   * Every value that a look shows in clear, whoever owns it, and those that the ledger remembers: what the vendor may quote, and
   * what must be hidden.
   */
  listReadable(snapshot: Snapshot, ledger: Ledger | undefined): Iterable<Redacted>;
  /** How an entry looks now, to be given back later. */
  remember(snapshot: Snapshot, spot: Spot): unknown;
  /**
   * Whether an entry that looked so before its adoption, and is gone, may have been lost while it was given back. Left out if giving
   * back is one request.
   */
  readonly mayBeLost?: (prior: unknown) => boolean;
  /** Whether an entry looked so before its adoption that it cannot be given back. Left out if every entry can be. */
  readonly isUnreadable?: (prior: unknown) => boolean;
  /** One write with every edit. Never repeats a request whose outcome is unknown without looking first. */
  write(snapshot: Snapshot, edits: readonly Edit[]): Promise<Receipt>;
  /** Starts one deployment for the orders of every sync that was written. Only if a write does not deploy by itself. */
  deploy?(orders: readonly unknown[]): Promise<Deployed>;
  poll(deploymentId: string): Promise<Progress>;
  /** If no look shows what runs: the newest deployment so far, which separates later deployments from earlier ones. */
  position?(): Promise<string>;
  /**
   * Whether a deployment of the kind that this sync orders was started after a position, and succeeded. With `mayBeOpen`, one that is
   * under way is enough, or one that the target does not show because it is locked.
   */
  hasDeployedSince?(position: string, mayBeOpen: boolean): Promise<boolean>;
}
