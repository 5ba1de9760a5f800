// Pure: the nouns of the loop. An entry is one variable at one slot; desired, ledger and live are three views of it.

import type { Redacted } from "../redacted.js";

/** A slot is the part of the target that an entry lives in: an app's component, a deploy context. Opaque text to the core. */
export interface Place {
  readonly slot: string;
  readonly key: string;
}

/** One of several entries of one key in one list. */
export interface Spot extends Place {
  /** Counted from 0 in observed order; left out when the key occurs once. */
  readonly nth?: number | undefined;
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
  /** Short keyed digest of the value that the vendor shows: plain text, or ciphertext that changes with every write. */
  readonly fingerprint: string;
  /** The vendor shows ciphertext, which no two writes share: the same fingerprint elsewhere is the same write. */
  readonly sealed?: boolean;
  /** Who changed it last and when, if the vendor says so. For messages only. */
  readonly by?: string;
  /** The vendor says so only for all entries of the key together: that person may have changed another one. */
  readonly byKey?: true;
  /** Other slots of the key that may be the changed one: the vendor shows that one of them changed, but not which. */
  readonly among?: readonly string[];
  /** It is our write, but what identifies it has moved because somebody else changed the key elsewhere. */
  readonly moved?: true;
}

/** What is known about the author of a change. */
export type Author = Pick<LiveEntry, "by" | "byKey" | "among">;

/** What this sync wrote last at one place. */
export type LedgerEntry = {
  /** Of the value. */
  readonly fingerprint: string;
  /** How the entry looked before it was adopted, in the destination's own words; kept for `onDestroy: "restore"`. */
  readonly prior?: unknown;
  /** Somebody else made it, and how it looked is not kept: it had the value of the source, or `onDestroy` did not ask. Destroy leaves it. */
  readonly adopted?: true;
} & (Seen | Unconfirmed);

/** The write was seen. */
interface Seen {
  /** The live entry right after the write. */
  readonly revision: string;
  readonly unconfirmed?: undefined;
}

/** The outcome of the write was not seen: only what would be there can be compared. */
interface Unconfirmed {
  readonly revision?: undefined;
  readonly unconfirmed: {
    /** What the write would have left. */
    readonly label?: string | undefined;
    /** Somebody else's revision, which was there before an adoption. */
    readonly found?: string | undefined;
    /** Our own earlier revision: it is still there if the write never arrived. */
    readonly was?: string | undefined;
  };
}

/** Whether nothing of it was ever there, as far as anybody has seen: the first write got no answer. */
export function isUnseen({ unconfirmed }: LedgerEntry): boolean {
  return unconfirmed !== undefined && unconfirmed.found === undefined && unconfirmed.was === undefined;
}

/** By slot, then by key. Serialisable: state keeps it in this form. */
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
      /** The slot whose entry has held at this place so far, and is taken over for it. */
      readonly over?: string;
      /** It counts for every entry of the key. */
      readonly nth?: undefined;
    })
  /** Without `nth`: every entry of the key. */
  | (Spot & { readonly action: "remove" })
  /** An `nth` one past the last of several adds an entry beside them. */
  | (Spot & { readonly action: "restore"; readonly prior: unknown });

/**
 * The short text by which a later run recognises its own write, for example `SECRET RUN_TIME #3fa2c1d0`. It is never printed or stored
 * in plain, because the value behind it may be readable and short. People see the label.
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

/** A place as text, for maps and messages. */
export function placeName({ slot, key }: Place): string {
  return `${slot}/${key}`;
}

/** Sorts slots and keys the same everywhere, whatever the order of the inputs. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.slot !== b.slot) return a.slot < b.slot ? -1 : 1;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}
