// Pure: what the plan of one sync says, read from the lines that a preview shows: its drift, what it removes, whether it is a repetition.

import type { Step } from "./preview.js";

/** `drift: 2 keys of shop changed outside this program`. The lines below it are its keys. */
const driftHead = /^drift: /;
const actionLine = /^\s+[+~>\-<!.] (.+?)(?: \([^)]*\))?(?:: (.*))?$/;

interface PlanLine {
  /** Slot and key. */
  readonly place: string;
  readonly reason: string;
  readonly isDrift: boolean;
}

function readLines(plan: string): PlanLine[] {
  let isDrift = false;
  return plan.split("\n").flatMap((line) => {
    if (/^\S/.test(line)) isDrift = driftHead.test(line);
    const [, place, reason = ""] = actionLine.exec(line) ?? [];
    return place === undefined ? [] : [{ place, reason, isDrift }];
  });
}

/** Keys that somebody else has changed or removed since. */
export function driftedKeys(plan: string): string[] {
  return readLines(plan).flatMap(({ place, isDrift }) => (isDrift ? [place] : []));
}

const again = /^(?:stored, but not in the running deployment|sent again, because a removed key still runs)$/;

/** Whether a write would send only what an earlier one has stored already, because it did not go live. */
export function isRepetition(plan: string): boolean {
  const lines = readLines(plan);
  return lines.length > 0 && lines.every(({ reason, isDrift }) => !isDrift && again.test(reason));
}

/** Keys that the source has no longer. */
export function removedKeys({ oldState, newState }: Step): string[] {
  const wanted = keysOf(newState);
  return [...keysOf(oldState)].filter((key) => !wanted.has(key)).sort();
}

function keysOf(state: Step["oldState"]): Set<string> {
  const keys = state?.inputs?.["keys"];
  return new Set(typeof keys === "object" && keys !== null ? Object.keys(keys) : []);
}
