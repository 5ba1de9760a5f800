// What one run may make of each variable, however it ends.

import { expect } from "vitest";
import { listDiffering, nameOf } from "./place.js";
import { claims, claimsAt, type Declared } from "./program.js";
import type { Judged, Moment, World } from "./world.js";

/** A variable that is not what it was. */
interface Change {
  readonly place: string;
  /** The syncs that claim it. */
  readonly wanting: readonly Declared[];
  readonly isOwner: (one: Declared) => boolean;
}

export function expectTransitions(world: World, judged: Judged, is: Moment): void {
  const { was, acting } = judged;
  for (const place of listDiffering(was.entries, is.entries)) {
    const owners = was.owners.get(place) ?? [];
    const isOwner = ({ name, alias = name }: Declared) => owners.some((owner) => owner === name || owner === alias);
    const change = { place, wanting: acting.filter((one) => claimsAt(one, place)), isOwner };
    if (is.entries.get(place)?.isOurs === true) expectMayTake(world, judged, change);
    else expectMayGo(world, judged, { ...change, to: is.entries.get(place)?.text });
  }
  expectKinds(judged, is);
}

function expectMayTake(world: World, judged: Judged, { place, wanting, isOwner }: Change): void {
  const from = judged.was.entries.get(place);
  expect(wanting, `syncs that want ${place}`).not.toEqual([]);
  const isFree = from === undefined || (from.isOurs && mayGoFirst(world, judged));
  const mayTake = isFree || wanting.some((one) => one.adopts || isOwner(one));
  expect(mayTake, `${place} was to be adopted by name, and was taken`).toBe(true);
  if (from?.isOurs !== true && wanting.some(isOwner)) world.people.repair(place);
}

interface Going extends Change {
  readonly to: string | undefined;
}

function expectMayGo(world: World, judged: Judged, { place, wanting, isOwner, to }: Going): void {
  const { people, platform } = world;
  const { key = "", settings = "", isOurs } = judged.was.entries.get(place) ?? {};
  expect(isOurs, `${place} is somebody else's, and was removed`).toBe(true);
  if (to !== undefined) return expect(to, `${place} is given back`).toBe(people.latest(place));
  const isCut = judged.fault === "halfway" || judged.fault === "unheard";
  const isBetween = (one: Declared) => isCut && platform.isRemovedFirst(settings, platform.settingsOf(one, key));
  const staying = mayGoFirst(world, judged) ? [] : wanting.filter((one) => !isBetween(one));
  // What another sync may not take, or fails to take, stays.
  expect(staying, `syncs that want ${place}`).toEqual([]);
  // It leaves by the source of a sync that goes on.
  if (judged.acting.some(isOwner)) people.lose(place);
}

/** Whether a key may be removed before the sync that claims it has its turn, or although that one fails. */
function mayGoFirst({ stack, source }: World, { continueOnError }: Judged): boolean {
  const isFirst = source.syncs.some(({ replacement }) => replacement.deleteBeforeReplace === true);
  return stack.parallel !== undefined || isFirst || continueOnError;
}

/** A variable of somebody else stays secret or plain, unless a sync takes it over, or gives it back, in another place. */
function expectKinds({ was, acting }: Judged, is: Moment): void {
  for (const [place, from] of was.entries) {
    const to = is.entries.get(place);
    if (from.isOurs || to === undefined || to.isOurs || from.settings === to.settings) continue;
    const isSame = (other: string) => other.split("/")[0] === place.split("/")[0] && other.endsWith(`/${from.key}`);
    const isTaken = acting.some((one) => one.adopts && claims(one).map(nameOf).some(isSame));
    expect(isTaken || [...was.owners.keys()].some(isSame), `${place} has become ${to.settings}`).toBe(true);
  }
}
