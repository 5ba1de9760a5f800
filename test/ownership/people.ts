// What people have at each place: what they have set there themselves, and what a run has named as no sync's any longer.

import type { Entries, Found } from "./place.js";

export interface People {
  /** Somebody has set a variable, or removed it: then it has no text. */
  edit(place: string, edited: { readonly text: string | undefined; readonly wasOwned: boolean }): void;
  /** A sync has repaired what somebody has done to a variable of its own. */
  repair(place: string): void;
  /**
   * A sync takes note of what it has written in a run that state knows nothing of. Unless it owned the place before, or says that it has
   * made what is there, it adopts that.
   */
  recognise(place: string, by: { readonly text: string; readonly isMaker: boolean }): void;
  /** After a run: only what is still there can be theirs, and only a sync that goes on owning a place repairs it. */
  settle(entries: Entries, goesOn: (place: string) => boolean): void;
  /** A sync has removed a variable that it had adopted, because the key has left its source. */
  lose(place: string): void;
  /** What a sync has written counts as somebody else's. */
  disown(place: string, text: string): void;
  /** A sync has taken a value of theirs into its source: where it is not theirs, or not as they have it, that sync has written it. */
  share(value: string): void;
  isShared(value: string): boolean;
  /** A run has named a variable as no sync's. */
  leave(place: string, text: string): void;
  /** What is theirs, or was before a sync adopted it; undefined for nothing. */
  latest(place: string): string | undefined;
  /** The places where there is, or was, something of theirs. */
  places(): string[];
  /** The same entries; what has been left to people counts as theirs. */
  read(entries: Entries): Entries;
}

export function createPeople(): People {
  const known = new Map<string, ReadonlyArray<string | undefined>>();
  const left = new Map<string, string>();
  const shared = new Set<string>();
  const isOurs = (place: string, { text, value, isOurs: isOfSync }: Found) =>
    left.get(place) !== text && (isOfSync || (shared.has(value) && known.get(place)?.at(-1) !== text));
  const disown = (place: string, text: string) => void left.set(place, text);
  const repair = (place: string) => {
    const texts = known.get(place) ?? [];
    if (texts.length > 1) known.set(place, texts.slice(0, -1));
  };
  return {
    edit: (place, { text, wasOwned }) => {
      // A repair undoes every edit of a place that a sync owns at once.
      const earlier = wasOwned ? [known.get(place)?.at(0)] : [];
      known.set(place, [...earlier, text]);
      left.delete(place);
    },
    repair,
    recognise: (place, { text, isMaker }) => {
      if (left.get(place) !== text) return;
      left.delete(place);
      if ((known.get(place)?.length ?? 0) > 1) repair(place);
      else if (isMaker) known.delete(place);
    },
    settle: (entries, goesOn) => {
      for (const [place, text] of left) if (entries.get(place)?.text !== text) left.delete(place);
      for (const [place, texts] of known) if (!goesOn(place)) known.set(place, texts.slice(-1));
    },
    lose: (place) => void known.delete(place),
    disown,
    share: (value) => void shared.add(value),
    isShared: (value) => shared.has(value),
    leave: (place, text) => {
      disown(place, text);
      known.set(place, [text]);
    },
    latest: (place) => known.get(place)?.at(-1),
    places: () => [...known.keys()].filter((place) => known.get(place)?.at(-1) !== undefined),
    read: (entries) =>
      new Map([...entries].map(([place, found]) => [place, { ...found, isOurs: isOurs(place, found) }])),
  };
}
