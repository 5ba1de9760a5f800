// A run that is killed right after a write: what was done stays done, and state is as it was at that moment.

import type { Run, Stack } from "../lifecycle/stack.js";
import { listDoubts } from "./ledgers.js";
import { listDiffering } from "./place.js";
import { type Moment, readMoment, type World } from "./world.js";

/** The problems of such a run. */
export const killed = "killed";

/** Runs an update until so many writes have taken effect. The process is the test's own, so it goes on, and reaches nothing any more. */
export async function runUntil(
  writes: number,
  { stack, platform }: Pick<World, "stack" | "platform">,
  update: () => Promise<Run>,
): Promise<Run> {
  let restore: (() => void) | undefined;
  const end = platform.stopAfter(writes, () => (restore ??= keepState(stack)));
  try {
    const run = await update();
    return restore === undefined ? run : { ...run, problems: killed };
  } finally {
    end();
    restore?.();
  }
}

/** @returns what gives the stack back its records */
function keepState({ state, replaced = new Set() }: Stack): () => void {
  const records = [...state];
  const pending = [...replaced].map((one) => ({ ...one }));
  return () => {
    state.clear();
    for (const [urn, one] of records) state.set(urn, one);
    replaced.clear();
    for (const one of pending) replaced.add(one);
  };
}

/**
 * What no record says of a sync counts as somebody else's doing. If an earlier write of the key is in doubt, it may be recognised as that
 * one.
 */
export function takeNoteOfUnrecorded(world: World, was: Moment): void {
  const { people } = world;
  const { entries, owners, records } = readMoment(world);
  const doubts = listDoubts(world);
  for (const place of listDiffering(was.entries, entries)) {
    const isRecorded = owners.has(place) && records.get(place) !== was.records.get(place);
    if (isRecorded || doubts.has(place)) continue;
    const { text, isOurs } = entries.get(place) ?? {};
    people.edit(place, { text, wasOwned: owners.has(place) });
    if (isOurs === true && text !== undefined) people.disown(place, text);
  }
}
