// Provider process: `onFailure: "restore"`. After a failed deployment the entries of a batch go back to what they were.

import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../clock.js";
import { keepOrigin } from "../../core/commitment.js";
import {
  type Edit,
  formatRevision,
  type Ledger,
  type LiveEntry,
  type Place,
  placeName,
  readLabel,
  type Spot,
} from "../../core/entry.js";
import { lastRevision, ledgerAt, makeLedger, ledgerPlaces, type OwnedPlace } from "../../core/ledger.js";
import { nameSome } from "../../core/policy.js";
import { indexByPlace, listOwn } from "../../core/own-entries.js";
import { firstProblem, isAmbiguous, type Problem } from "../../errors.js";
import type { Receipt, Snapshot, Target } from "../../destinations/destination.js";
import { type Batch, type Track, type Undoable, unsettled } from "../batch/batch.js";
import { traceOrigins } from "../origins.js";
import { settle } from "./settle.js";

const takenOver = "the earlier entries were not restored, because another writer took over one of the keys meanwhile";

const mostTries = 3;

interface RestoreInput {
  readonly failure: Problem;
  /** The way back for the other syncs. */
  readonly wayBack: string | undefined;
  readonly clock: Clock;
}

/**
 * Puts the earlier entries back, byte for byte: their ciphertexts are still valid. What somebody has changed since our write is
 * theirs and stays. The failure stays a failure, and says for each sync what happened to its entries. A timeout is left alone: the
 * deployment may still succeed.
 */
export async function putBack(batch: Batch, { failure, wayBack, clock }: RestoreInput): Promise<void> {
  const tell = (track: Track, text: string) => {
    track.failure = { ...failure, message: `${failure.message}; ${text}` };
  };
  if (wayBack !== undefined) for (const track of unsettled(batch)) if (!isRestoring(track)) tell(track, wayBack);
  // A job that has its answer keeps what that says it has written.
  const waiting = new Set(unsettled(batch));
  const writes = batch.undoable.filter(({ draft }) => waiting.has(draft.track) && isRestoring(draft.track));
  if (writes.length === 0 || failure.code !== "deployment.failed") return;
  try {
    for (const [track, text] of await undo(batch, { writes, clock })) tell(track, text);
  } catch (error) {
    const what = isAmbiguous(error)
      ? "it is not known whether the earlier entries were restored"
      : "the earlier entries could not be restored";
    for (const { draft } of writes) tell(draft.track, `${what} (${firstProblem(error).message})`);
  }
}

function isRestoring({ job }: Track): boolean {
  return job.target.deployment.onFailure === "restore";
}

/** @returns what became of the entries of each sync, in words */
async function undo(
  { target, door }: Batch,
  { writes, clock }: Pick<RestoreInput, "clock"> & { writes: readonly Undoable[] },
): Promise<ReadonlyMap<Track, string>> {
  for (let tries = 1; ; tries += 1) {
    const now = await freeTarget(target, clock);
    const undoings = writes.map((write) => planUndoing(write, now));
    const receipt = await writeUndoings(target, undoings, now);
    // The target changed after the look, and nothing was sent: read it again.
    if (receipt?.yielded && !receipt.changed && tries < mostTries) continue;
    if (receipt?.yielded) return new Map(undoings.map(({ track }) => [track, takenOver]));
    for (const undoing of undoings) recordUndoing(undoing, { isCertain: true });
    if (receipt?.deploymentId !== undefined) door.own.add(receipt.deploymentId);
    const followed = await followUndoing(target, receipt?.deploymentId, clock);
    // This write, too, may have replaced what somebody else stored a moment earlier.
    const doubt = receipt?.problem === undefined ? [] : [`${receipt.problem.code}: ${receipt.problem.message}`];
    return new Map(undoings.map((one) => [one.track, [describeUndoing(one), ...followed, ...doubt].join("; ")]));
  }
}

/** The entries are back, whatever happens to their deployment. @returns why it was not followed, in words */
async function followUndoing(target: Target, deploymentId: string | undefined, clock: Clock): Promise<string[]> {
  if (deploymentId === undefined) return [];
  try {
    await settleQuietly(target, deploymentId, clock);
    return [];
  } catch (error) {
    return [`their deployment could not be followed (${firstProblem(error).message})`];
  }
}

async function writeUndoings(target: Target, undoings: readonly Undo[], now: Snapshot): Promise<Receipt | undefined> {
  const edits = undoings.flatMap((undoing) => undoing.edits);
  if (edits.length === 0) return undefined;
  try {
    return await target.write(now, edits);
  } catch (error) {
    if (isAmbiguous(error)) for (const undoing of undoings) recordUndoing(undoing, { isCertain: false });
    throw error;
  }
}

/** Waits for a rollback that the platform itself may have started. */
async function freeTarget(target: Target, clock: Clock): Promise<Snapshot> {
  const now = await target.observe({ fresh: true });
  if (now.busyWith === undefined) return now;
  await settleQuietly(target, now.busyWith, clock);
  return target.observe({ fresh: true });
}

async function settleQuietly(target: Target, deploymentId: string, clock: Clock): Promise<void> {
  await settle({ target, deploymentId, timeoutMs: target.deployment.timeoutMs, report: () => undefined }, clock);
}

/** What is to be done for one sync. */
interface Undo {
  readonly track: Track;
  readonly edits: readonly Edit[];
  /** Places that look as before our write, or will. */
  readonly back: readonly Place[];
  /** Places that look neither as before our write nor as it left them. */
  readonly theirs: readonly Place[];
  /** What was ours before our write, or belonged to another sync that has handed it over to this one. */
  readonly earlier: Ledger;
}

/** Gives back what was there before, and removes what was not. */
function planUndoing({ draft, before }: Undoable, now: Snapshot): Undo {
  const { track, edits: written } = draft;
  const { target, salt } = track.job;
  const there = Map.groupBy(target.read(now, salt), placeName);
  const isPlace = ({ slot }: Place) => target.capabilities.granularity === "entry" || now.slots.includes(slot);
  const judged = written.map((edit) => {
    const prior = target.remember(before, edit);
    const entries = there.get(placeName(edit)) ?? [];
    const seen = { entries, isPlace: isPlace(edit), look: (spot: Spot) => target.remember(now, spot), prior };
    return { edit, prior, isBack: holdsPrior(seen, edit), left: findLeft(seen, edit, track) };
  });
  const undone = judged.filter((one) => !one.isBack && one.left !== undefined);
  const isUndone = (one: (typeof judged)[number]) => one.isBack || one.left !== undefined;
  return {
    track,
    edits: undone.map(({ prior, left, edit: { slot, key } }): Edit => {
      const spot = { slot, key, ...left };
      return prior === undefined ? { action: "remove", ...spot } : { action: "restore", ...spot, prior };
    }),
    back: judged.filter(isUndone).map(({ edit }) => edit),
    theirs: judged.filter((one) => !isUndone(one)).map(({ edit }) => edit),
    earlier: makeLedger([...listReceived({ draft, before }), ...ledgerPlaces(track.earlier)]),
  };
}

/** Keys that our write took over from other syncs of the stack: those may have let them go already, so they stay ours. */
function listReceived({ draft, before }: Undoable): OwnedPlace[] {
  const { job } = draft.track;
  const origin = traceOrigins(job.formers?.() ?? [], { target: job.target, snapshot: before });
  const stood = indexByPlace(job.target.read(before, job.salt), {});
  return draft.edits.flatMap(({ action, slot, key }) => {
    const [former, found] = [origin({ slot, key }), stood.get(placeName({ slot, key }))];
    if (action !== "set" || former === undefined || found === undefined) return [];
    // It is not known here whose value that is, so it is written again.
    return [{ slot, key, entry: { ...keepOrigin(former), fingerprint: "", revision: formatRevision(found) } }];
  });
}

/** What is at a place now: normally one entry, and somebody else's beside ours if the key occurs twice. */
interface Seen {
  readonly entries: readonly LiveEntry[];
  /** Its slot is still there; somebody may have removed it meanwhile. */
  readonly isPlace: boolean;
  readonly look: (spot: Spot) => unknown;
  readonly prior: unknown;
}

/** Whether the place again holds what it held before our write. */
function holdsPrior({ entries, look, prior }: Seen, edit: Edit): boolean {
  const { slot, key } = edit;
  if (edit.nth === undefined) return entries.length <= 1 && isDeepStrictEqual(look({ slot, key }), prior);
  return entries.some((entry) => isDeepStrictEqual(look(entry), prior));
}

/** Which entry our write left there; undefined if the place has changed since. */
function findLeft({ entries, isPlace, look }: Seen, edit: Edit, { ledger }: Track): Pick<Spot, "nth"> | undefined {
  const pick = (left: readonly LiveEntry[]) => {
    const [entry, another] = left;
    if (entry === undefined || another !== undefined) return undefined;
    return { nth: entry.nth };
  };
  if (edit.action === "restore") return pick(entries.filter((entry) => isDeepStrictEqual(look(entry), edit.prior)));
  if (edit.action === "set") {
    const owned = ledgerAt(ledger, edit);
    return owned?.revision === undefined ? undefined : pick(listOwn(entries, owned));
  }
  // Entries beside ours stay; what is given back goes after them.
  if (edit.nth !== undefined) return { nth: entries.length };
  return isPlace && entries.length === 0 ? {} : undefined;
}

/**
 * The earlier ledger if the entries are back. If somebody else was faster, the ledger of our write: that is drift. If it is not known
 * whether they are back, both may be ours, and what our write removed stays ours: it may be there again.
 */
function recordUndoing({ track, edits, back, theirs, earlier }: Undo, { isCertain }: { isCertain: boolean }): void {
  const { ledger } = track;
  const open = new Set(isCertain ? [] : edits.map(placeName));
  const known = new Set(back.map(placeName).filter((name) => !open.has(name)));
  const isBack = (place: Place) => known.has(placeName(place));
  track.ledger = makeLedger([
    // Where our write left an entry, that one follows and counts.
    ...ledgerPlaces(earlier).filter((place) => isBack(place) || open.has(placeName(place))),
    ...ledgerPlaces(ledger)
      .filter((place) => !isBack(place))
      .map((place) => (open.has(placeName(place)) ? leaveOpen(place, earlier) : place)),
  ]);
  track.restored = edits.length > 0 || theirs.length === 0;
  track.job.withdraw?.(track.ledger);
}

/** Leaves open whether our write is there, or what was ours before it. */
function leaveOpen(place: OwnedPlace, earlier: Ledger): OwnedPlace {
  const before = ledgerAt(earlier, place);
  const [label, was] = [before && lastRevision(before), place.entry.revision];
  if (label === undefined || was === undefined) return place;
  const { fingerprint } = place.entry;
  return {
    ...place,
    entry: { ...keepOrigin(place.entry), fingerprint, unconfirmed: { label: readLabel(label), was } },
  };
}

function describeUndoing({ theirs, back }: Undo): string {
  if (theirs.length === 0) return "the earlier entries were restored";
  const names = nameSome(theirs.map(placeName));
  return back.length === 0
    ? `the earlier entries were not restored, because somebody has changed them since (${names})`
    : `the earlier entries were restored, except those that somebody has changed since (${names})`;
}
