// Pure: entries of ours that are now at another place. No two writes share a ciphertext: one that we wrote is ours wherever it is.

import {
  comparePlaces,
  type Ledger,
  type LedgerEntry,
  type LiveEntry,
  readFingerprint,
  type Place,
  placeName,
  formatRevision,
} from "./entry.js";
import { isIn, lastRevision, ledgerAt, makeLedger, ledgerPlaces, type OwnedPlace } from "./ledger.js";
import { indexByPlace } from "./own-entries.js";

export interface MovesRequest {
  readonly ledger: Ledger;
  readonly live: readonly LiveEntry[];
  readonly desired: readonly Place[];
  /** Slots that the program aims at, besides those of `desired`. */
  readonly slots: readonly string[];
  /** Slots that exist at the target; undefined when unknown. */
  readonly existing: readonly string[] | undefined;
  readonly mayAdopt: (key: string) => boolean;
  /** Search every place for our entries, wanted or not: the sync is being removed, or there is no program to ask. */
  readonly anywhere: boolean;
}

/** Keys of ours that moved from one slot to another. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly keys: readonly string[];
  /** The slot itself was renamed. */
  readonly renamed: boolean;
}

export interface Followed {
  /** Every entry at its current place. */
  readonly ledger: Ledger;
  readonly moves: readonly Move[];
  /** Every entry of ours is where it was written. */
  readonly settled: boolean;
  /** The live entries by place. */
  readonly at: ReadonlyMap<string, LiveEntry>;
}

interface Step {
  readonly from: OwnedPlace;
  readonly to: Place;
}

/** A slot and its new name; a slot that was split has several. */
interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * The ledger with every entry at its current place. What is certain:
 *
 * - A ciphertext of ours that is missing at its own place, and is found under the same key where it is wanted, was moved there; also
 *   where another entry of ours was, wanted or not.
 * - A slot that is gone, or whose name another slot now has, was renamed if its ciphertexts are in a slot that is aimed at.
 *   Its other entries followed if they look as we left them. One that looks different may be somebody else's.
 * - A readable entry of a slot that is gone, if it may be adopted, is the one that looks the same where it is wanted.
 */
export function followMoves(request: MovesRequest): Followed {
  const { ledger, live } = request;
  const at = indexByPlace(live, ledger);
  const displaced = findDisplaced(ledger, at);
  if (displaced.length === 0) return { ledger, moves: [], settled: true, at };
  const view = openView(request, { at, displaced });
  const sealed = findSealed(view);
  const renames = findRenames(sealed, view);
  const steps = firstOfEach([...sealed, ...findFollowers(renames, sealed, view), ...findAdopted(view)]);
  if (steps.size === 0) return { ledger, moves: [], settled: false, at };
  return { ledger: relocate(steps, renames, view), moves: summarizeMoves(steps, renames, view), settled: false, at };
}

/** Entries of ours whose write is not visible at their own place. An unconfirmed write was never seen, so any entry may be it. */
function findDisplaced(ledger: Ledger, at: ReadonlyMap<string, LiveEntry>): OwnedPlace[] {
  const displaced: OwnedPlace[] = [];
  for (const [slot, keys] of Object.entries(ledger)) {
    for (const [key, entry] of Object.entries(keys)) {
      if (!readIsWrite(entry, at.get(placeName({ slot, key })))) displaced.push({ slot, key, entry });
    }
  }
  return displaced.sort(comparePlaces);
}

function readIsWrite({ revision }: LedgerEntry, live: LiveEntry | undefined): boolean {
  if (live === undefined || revision === undefined) return live !== undefined;
  // The cheap test first: it runs for every entry in every run.
  return revision.endsWith(live.fingerprint) && readFingerprint(revision) === live.fingerprint;
}

/** What the rules query; built only if an entry is not where it was written. */
interface View extends MovesRequest {
  readonly owned: readonly OwnedPlace[];
  readonly displaced: readonly OwnedPlace[];
  readonly at: ReadonlyMap<string, LiveEntry>;
  readonly isWanted: (place: Place) => boolean;
  readonly isAimedAt: (slot: string) => boolean;
  readonly isGone: (slot: string) => boolean;
}

function openView(request: MovesRequest, looked: Pick<View, "at" | "displaced">): View {
  const { ledger, desired, existing, slots } = request;
  const wanted = new Set(desired.map(placeName));
  const aimed = new Set([...slots, ...desired.map(({ slot }) => slot)]);
  return {
    ...request,
    ...looked,
    owned: ledgerPlaces(ledger),
    isWanted: (place) => wanted.has(placeName(place)),
    isAimedAt: (slot) => aimed.has(slot),
    isGone: (slot) => existing !== undefined && !existing.includes(slot),
  };
}

/** Ciphertexts of ours at places that are not their own. */
function findSealed({ displaced, live, ledger, anywhere, isWanted, isAimedAt, isGone }: View): Step[] {
  const sealed = Map.groupBy(
    live.filter((entry) => entry.sealed === true && !isOwnWrite(entry, ledger)),
    ({ key, fingerprint: shown }) => `${key}\u0000${shown}`,
  );
  const isOwned = isIn(ledger);
  return displaced.flatMap((from) =>
    (sealed.get(`${from.key}\u0000${readFingerprint(lastRevision(from.entry) ?? "")}`) ?? [])
      .filter((to) => anywhere || isWanted(to) || isOwned(to) || (isGone(from.slot) && isAimedAt(to.slot)))
      .map((to) => ({ from, to })),
  );
}

function isOwnWrite(live: LiveEntry, ledger: Ledger): boolean {
  const own = ledgerAt(ledger, live);
  return own !== undefined && readIsWrite(own, live);
}

/** Slots that are gone, or whose names other slots now have, with the slots where their ciphertexts are. */
function findRenames(sealed: readonly Step[], view: View): Rename[] {
  const taken = new Set(sealed.map(({ to }) => to.slot));
  const hasLeft = (slot: string) => view.isGone(slot) || (view.existing !== undefined && taken.has(slot));
  const pairs = new Map(sealed.map((step) => [namePair(step), { from: step.from.slot, to: step.to.slot }] as const));
  return [...pairs.values()].filter(({ from }) => hasLeft(from) && !keepsSealed(from, view));
}

/** A ciphertext of ours that is still in place rules out a rename. */
function keepsSealed(slot: string, { owned, at }: View): boolean {
  return owned.some((place) => {
    const live = at.get(placeName(place));
    return place.slot === slot && live?.sealed === true && readIsWrite(place.entry, live);
  });
}

function namePair({ from, to }: Step): string {
  return `${from.slot}\u0000${to.slot}`;
}

/** What a renamed slot took along besides the ciphertexts that prove it. */
function findFollowers(renames: readonly Rename[], sealed: readonly Step[], view: View): Step[] {
  const { owned, at, ledger, isWanted } = view;
  const left = new Set(renames.map(({ from }) => from));
  const found = new Set(sealed.map(({ from }) => placeName(from)));
  const mayFollow = ({ from, to }: Step, isSplit: boolean) => {
    const live = at.get(placeName(to));
    if (live === undefined) return isWanted(to) && !found.has(placeName(from));
    // An entry of ours that stays where it is.
    if (!left.has(to.slot) && isOwnWrite(live, ledger)) return false;
    if (formatRevision(live) === lastRevision(from.entry)) return true;
    // What is not wanted there is only reported, and forgotten.
    return lastRevision(from.entry) !== undefined && !isSplit && !isWanted(to);
  };
  return renames.flatMap((rename) => {
    const isSplit = renames.filter(({ from }) => from === rename.from).length > 1;
    return owned
      .filter(({ slot }) => slot === rename.from)
      .map((from): Step => ({ from, to: { slot: rename.to, key: from.key } }))
      .filter((step) => mayFollow(step, isSplit));
  });
}

/** Readable entries prove nothing by themselves; if they may be taken over, that needs no write. */
function findAdopted({ displaced, live, ledger, mayAdopt, isWanted, isGone }: View): Step[] {
  return displaced
    .filter(({ slot, key }) => isGone(slot) && mayAdopt(key))
    .flatMap((from) =>
      live
        .filter((to) => to.key === from.key && to.sealed !== true && formatRevision(to) === lastRevision(from.entry))
        .filter((to) => isWanted(to) && ledgerAt(ledger, to) === undefined)
        .map((to) => ({ from, to })),
    );
}

/** The first step to each place, by its name: two entries never end up in one place. */
function firstOfEach(steps: readonly Step[]): Map<string, Step> {
  const first = new Map<string, Step>();
  for (const step of steps) {
    const name = placeName(step.to);
    if (!first.has(name)) first.set(name, step);
  }
  return first;
}

function relocate(steps: ReadonlyMap<string, Step>, renames: readonly Rename[], view: View): Ledger {
  const left = new Set(renames.map(({ from }) => from));
  const moved = new Set([...steps.values()].map(({ from }) => placeName(from)));
  // A copy was taken elsewhere, and the original is gone from where it is still wanted: that is drift.
  const isMissed = (place: Place) => view.isWanted(place) && !view.at.has(placeName(place));
  const staying = view.owned.filter((place) => {
    const name = placeName(place);
    return !steps.has(name) && !left.has(place.slot) && (!moved.has(name) || isMissed(place));
  });
  const arriving = [...steps.values()].map(({ from, to: { slot, key } }) => ({ slot, key, entry: from.entry }));
  return makeLedger([...staying, ...arriving]);
}

function summarizeMoves(steps: ReadonlyMap<string, Step>, renames: readonly Rename[], { at }: View): Move[] {
  const renamed = new Set(renames.map(({ from, to }) => `${from}\u0000${to}`));
  const seen = [...steps.values()].filter(({ to }) => at.has(placeName(to)));
  const pairs = Map.groupBy(seen, namePair);
  return [...pairs.keys()].sort().map((pair) => {
    const [from, to] = pair.split("\u0000") as [string, string];
    return {
      from,
      to,
      keys: (pairs.get(pair) as Step[]).map((step) => step.to.key).sort(),
      renamed: renamed.has(pair),
    };
  });
}
