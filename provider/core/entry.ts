// Pure: the nouns of the loop. An entry is one variable at one slot; desired, ledger and live are three views of it.

import type { Redacted } from "../redacted.js";

/** A slot is where in the target an entry lives: an app's component, a deploy context. Opaque text to the core. */
export interface Place {
  readonly slot: string;
  readonly key: string;
}

/** One of several entries of one key in one list. */
export interface Spot extends Place {
  /** Counted from 0 in the order of the look; left out where the key stands once. */
  readonly nth?: number;
}

/** What the program wants at one place. It holds no value: only the value's keyed fingerprint. */
export interface DesiredEntry extends Place {
  /** Everything but the value, as the live entry will show it, for example `SECRET RUN_TIME`. */
  readonly label: string;
  /** Undefined while the value is not known yet, which happens in a preview only. */
  readonly fingerprint: string | undefined;
}

/** What can be seen of one entry at the target. */
export interface LiveEntry extends Spot {
  readonly label: string;
  /** Short keyed digest of what the vendor shows as value: plain text, or ciphertext that changes with every write. */
  readonly fingerprint: string;
  /** What is shown is ciphertext, which no two writes share: the same fingerprint elsewhere is the same write. */
  readonly sealed?: boolean;
  /** Who changed it last and when, where the vendor tells. For messages only. */
  readonly by?: string;
  /** The vendor tells that of all entries of the key together: whoever it was may have changed another one. */
  readonly byKey?: true;
  /** Slots of the same key that the change may be at instead: the vendor shows that one of them changed, and not which. */
  readonly among?: readonly string[];
  /** It is the write of ours, and what it is recognised by has moved because somebody else changed the key elsewhere. */
  readonly moved?: true;
}

/** What can be told of whoever changed an entry. */
export type Author = Pick<LiveEntry, "by" | "byKey" | "among">;

/** What this sync wrote last at one place. */
export type LedgerEntry = {
  /** Of the value. */
  readonly fingerprint: string;
  /** How the entry looked before it was adopted, in the destination's own words; kept for `onDestroy: "restore"`. */
  readonly prior?: unknown;
  /** Somebody else made it, with the very value that this sync took over: nothing is kept of that, and destroy leaves the entry. */
  readonly adopted?: true;
} & (Seen | Unconfirmed);

/** The write was seen. */
interface Seen {
  /** The live entry right after the write. */
  readonly revision: string;
  readonly unconfirmed?: undefined;
}

/** Nobody saw the outcome of the write: only what would have been there can be compared. */
interface Unconfirmed {
  readonly revision?: undefined;
  readonly unconfirmed: {
    /** What the write would have left. */
    readonly label?: string | undefined;
    /** Somebody else's revision, which stood there before an adoption. */
    readonly found?: string | undefined;
    /** Our own revision from before: it still stands there if the write never arrived. */
    readonly was?: string | undefined;
  };
}

/** Slot, then key. Serialisable: this is what state keeps. */
export type Ledger = Readonly<Record<string, Readonly<Record<string, LedgerEntry>>>>;

/** Values of one run by destination key. They never leave the process. */
export type Values = ReadonlyMap<string, Redacted>;

/** One change of the target, as the destination is asked to make it. */
export type Edit =
  | (Place & {
      readonly action: "set";
      readonly value: Redacted;
      readonly attributes: unknown;
      readonly label: string;
      /** The slot whose entry holds at this place until now, and is taken over for it. */
      readonly over?: string;
    })
  /** Without `nth` of every entry of the key. */
  | (Spot & { readonly action: "remove" })
  /** One more than the last of several adds an entry beside them. */
  | (Spot & { readonly action: "restore"; readonly prior: unknown });

/**
 * The short text by which a later run recognises its own write, for example `SECRET RUN_TIME #3fa2c1d0`. It is never printed and never
 * stored in plain: the value behind it may be readable and short. People are shown the label.
 */
export function formatRevision(entry: Pick<LiveEntry, "label" | "fingerprint">): string {
  return `${entry.label} #${entry.fingerprint}`;
}

/** The label part of a revision. */
export function readLabel(revision: string): string {
  return revision.slice(0, Math.max(0, revision.lastIndexOf(" #")));
}

/** The fingerprint part of a revision. */
export function readFingerprint(revision: string): string {
  const at = revision.lastIndexOf(" #");
  return at < 0 ? "" : revision.slice(at + 2);
}

/** One text for a place, for maps and messages. */
export function placeName({ slot, key }: Place): string {
  return `${slot}/${key}`;
}

/** Slots and keys in one order everywhere, whatever order the inputs had. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.slot !== b.slot) return a.slot < b.slot ? -1 : 1;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}
