// Pure but for opening the old target: `check` never sees outputs, so it presumes the ledger from the old inputs.

import { type Ledger, type LiveEntry, type Place, placeName, tokenOf } from "../core/entry.js";
import { digest } from "../core/fingerprint.js";
import { ledgerOf, ledgerPlaces } from "../core/ownership.js";
import type { Snapshot, Target } from "../destinations/destination.js";
import { type Destination, destination as destinationSchema } from "../../schema/index.js";
import type { Properties } from "./wire.js";

export interface Presumed {
  readonly ledger: Ledger;
  /** The sync now aims at another target: what it owned there has no meaning here. */
  readonly moved: boolean;
}

interface Presuming {
  readonly olds: Properties;
  readonly snapshot: Snapshot | undefined;
  readonly live: readonly LiveEntry[];
  readonly desired: readonly Place[];
  readonly openTarget: (before: Destination) => Promise<Target>;
}

/**
 * Ownership by name: the keys of the old inputs, at the slots that the old destination gave them, and where they stand and are
 * wanted now, for a component may have been renamed. Drift and conflicts are left to `diff`, which has the true ledger: here every
 * entry that may be ours counts as ours, and as seen.
 */
export async function presumeLedger({ olds, snapshot, live, desired, openTarget }: Presuming): Promise<Presumed> {
  const old = destinationSchema.safeParse(olds["destination"]);
  if (!old.success) return { ledger: {}, moved: false };
  const before = await openTarget(old.data);
  const wasThere = (now: Snapshot) =>
    typeof olds["__targetId"] === "string" ? olds["__targetId"] === now.targetId : before.addresses(now);
  if (snapshot !== undefined && !wasThere(snapshot)) return { ledger: {}, moved: true };
  const keys = (olds["keys"] ?? {}) as Record<string, string>;
  const retained = (olds["retained"] ?? []) as string[];
  const marks = new Map([...retained.map((key) => [key, ""] as const), ...Object.entries(keys)]);
  const tokens = new Map(live.map((entry) => [placeName(entry), tokenOf(entry)]));
  const written = [...marks.keys()].flatMap((key) => before.place(key).map(({ slot }) => ({ slot, key })));
  const wanted = desired.filter((place) => marks.has(place.key) && tokens.has(placeName(place)));
  const places = new Map([...written, ...wanted].map((place) => [placeName(place), place]));
  const entryAt = ({ slot, key }: Place) => ({
    slot,
    key,
    entry: { fingerprint: marks.get(key) ?? "", token: tokens.get(placeName({ slot, key })) ?? "" },
  });
  return { ledger: ledgerOf([...places.values()].map(entryAt)), moved: false };
}

/** For example `3 of 3 keys #1a2b3c4d`: changes whenever anything of ours changes at the target. */
export function summarizeLive(ledger: Ledger): string {
  const places = ledgerPlaces(ledger);
  const there = places.filter(({ entry }) => entry.token !== "").length;
  const tokens = places.map(({ slot, key, entry }) => [slot, key, entry.token]);
  return `${there} of ${places.length} ${places.length === 1 ? "key" : "keys"} #${digest(tokens).slice(0, 8)}`;
}
