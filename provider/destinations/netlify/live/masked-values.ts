// Pure: whether a masked value is still the one that this sync wrote. Netlify shows an id per value, but one time per variable.

import { fingerprintShown } from "../../../core/fingerprint.js";
import type { Value, Variable } from "../wire.js";

/** Revision of a value as shown: `id.time.rest` for a masked one, with an empty time if none is given; else a digest of the value. */
export function fingerprintValue(salt: string, variable: Variable, value: Value): string {
  if (!value.masked) return fingerprintShown(salt, value.value);
  const others = variable.values
    .filter((one) => one.slot !== value.slot)
    .map((one) => `${one.slot}\u0000${one.id}\u0000${one.masked ? "" : one.value}`)
    .sort();
  return [
    fingerprintShown(salt, value.id),
    variable.updatedAt === "" ? "" : fingerprintShown(salt, variable.updatedAt, 6),
    fingerprintShown(salt, others.join("\u0001"), 6),
  ].join(".");
}

/** What is known besides the two revisions. */
export interface RevisionFacts {
  /** This very run wrote some value of the variable. */
  readonly writtenNow: boolean;
  /** The variable has values that are not in the ledger: of other syncs or of other people. */
  readonly sharedWithOthers: boolean;
  /** As far as this run has seen, only the owner of our own token, or an unknown author, has changed the variable since. */
  readonly byOurselves: boolean;
}

/**
 * Whether a value that was recorded with one revision and now shows another is still ours.
 *
 * | id     | time  | why the time may have moved                                | verdict   |
 * | ------ | ----- | ---------------------------------------------------------- | --------- |
 * | other  |       |                                                            | changed   |
 * | same   | same  |                                                            | ours      |
 * | same   | none  | there was or is no time, so nothing speaks against it      | ours      |
 * | same   | moved | we wrote another value of the variable in this run         | ours      |
 * | same   | moved | another value visibly changed: new, gone, new id, new text | ours      |
 * | same   | moved | others have values, and only our own token has written     | ours      |
 * | same   | moved | nothing else explains it                                   | changed   |
 *
 * Certain: an id that differs, a value that can be read, a variable that only this sync has values in. It is not documented whether
 * a change of a value gives it a new id. If it does, the first row finds everything. If it does not, two gaps remain: a masked value
 * changed in place together with a visible change of another one; and one changed by the token's own owner in a variable shared with
 * other syncs, or before one of them wrote in an earlier run, which is why a machine user's token and one program for all are better.
 * Without author and time, the gaps are wider. In the other direction, somebody's change of another masked value may be taken for a
 * change of ours: it is then written again with the value that it has.
 */
export function isStillOurs(written: string, seen: string, facts: RevisionFacts): boolean {
  const [id, time, rest] = written.split(".");
  const [seenId, seenTime, seenRest] = seen.split(".");
  if (time === undefined || seenTime === undefined || id !== seenId) return written === seen;
  if (!hasTimeMoved(written, seen) || facts.writtenNow || rest !== seenRest) return true;
  return facts.sharedWithOthers && facts.byOurselves;
}

/** Whether only the time shows a change. All values of the variable share it, so any of them may be the changed one. */
export function showsNoPlace(written: string, seen: string): boolean {
  return written.split(".")[0] === seen.split(".")[0];
}

/** Whether another value of the variable has visibly changed, and would explain every later move of the time. */
export function hasRestMoved(written: string, seen: string): boolean {
  return written.split(".")[2] !== seen.split(".")[2];
}

/** The time in a revision; empty for one without. */
export function readTime(revision: string): string {
  return revision.split(".")[1] ?? "";
}

/** If a time is missing, then or now, nothing is known to have moved. */
export function hasTimeMoved(written: string, seen: string): boolean {
  const [time, seenTime] = [readTime(written), readTime(seen)];
  return time !== seenTime && time !== "" && seenTime !== "";
}
