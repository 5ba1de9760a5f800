// What one run may make of each variable, however it ends.

import { expect } from "vitest";
import { nameOf as nameOfUrn } from "../lifecycle/workers.js";
import { hasAdopted } from "./ledgers.js";
import { isOfSync, listDiffering, nameOf } from "./place.js";
import { claims, claimsAt, type Declared, imports, overwrites } from "./program.js";
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
  const isPruned = from?.isOurs === false && isPrunedFirst(world, judged, place);
  if (isPruned && !wanting.some(({ name }) => hasAdopted(world, name, from.key))) world.people.lose(place);
  const isFree = from === undefined || isPruned || (from.isOurs && mayGoFirst(world, judged));
  const mayTake = isFree || wanting.some((one) => takesOver(one, place) || isOwner(one));
  expect(mayTake, `${place} was to be adopted by name, and was taken`).toBe(true);
  if (from?.isOurs !== true && wanting.some(isOwner)) world.people.repair(place);
}

function takesOver(one: Declared, place: string): boolean {
  return one.adopts || overwrites(one) || imports(one) || one.found.has(place);
}

interface Going extends Change {
  readonly to: string | undefined;
}

function expectMayGo(world: World, judged: Judged, { place, wanting, isOwner, to }: Going): void {
  const { people } = world;
  const from = judged.was.entries.get(place);
  // What a killed run has written of a key on record may be known by its author, and what was imported is a sync's as it is.
  const { value = "" } = from ?? {};
  const isOurs = from?.isOurs === true || ((isOfSync(value) || people.isShared(value)) && judged.was.owners.has(place));
  if (!isOurs && to === undefined) return expectPruned(world, judged, { place, wanting, isOwner });
  expect(isOurs, `${place} is somebody else's, and was changed`).toBe(true);
  if (to !== undefined) return expect(to, `${place} is given back`).toBe(people.latest(place));
  // A run that is cut short may have removed it before it came to the sync that claims it.
  const isMissed = (one: Declared) => judged.fault === "cut" && !hadTurn(judged, one);
  const mayVanish = (one: Declared) => isMissed(one) || isBetween(world, judged, { place, one });
  const staying = mayGoFirst(world, judged) ? [] : wanting.filter((one) => !mayVanish(one));
  expectNotKept(judged, place);
  // What another sync may not take, or fails to take, stays.
  expect(staying, `syncs that want ${place}`).toEqual([]);
  // It leaves by the source of a sync that goes on.
  if (judged.acting.some(isOwner)) people.lose(place);
}

/** A variable that is deleted to be made anew is missing where the run fails in between. */
function isBetween(
  { platform }: World,
  { was, fault }: Judged,
  { place, one }: { readonly place: string; readonly one: Declared },
): boolean {
  const { key = "", settings = "" } = was.entries.get(place) ?? {};
  const isCut = fault === "halfway" || fault === "unheard" || fault === "killed";
  return isCut && platform.isRemovedFirst(settings, platform.settingsOf(one, key));
}

/** What is somebody else's is removed by a sync only that begins at its app by overwriting what it finds, and only where it aims at. */
function expectPruned(world: World, judged: Judged, { place, wanting, isOwner }: Change): void {
  const isTaken = wanting.some(
    (one) => (takesOver(one, place) || isOwner(one)) && isBetween(world, judged, { place, one }),
  );
  expect(isTaken || isPrunable(judged.acting, place), `${place} is somebody else's, and was removed`).toBe(true);
  world.people.lose(place);
}

function isPrunable(acting: readonly Declared[], place: string): boolean {
  const [app, slot = ""] = place.split("/");
  return acting.some((one) => overwrites(one) && String(one.app) === app && one.slots.includes(slot));
}

/** A serial run may do so before it knows the new sync that claims the key, and that one finds nothing there. */
function isPrunedFirst({ stack }: World, { acting }: Judged, place: string): boolean {
  return stack.parallel !== undefined && isPrunable(acting, place);
}

/** What a sync keeps though its source lacks it is removed by no other one. */
function expectNotKept({ was, acting }: Judged, place: string): void {
  const [app, slot = ""] = place.split("/");
  const isKeeping = (one: Declared) =>
    one.disableSecretDeletion && String(one.app) === app && one.slots.includes(slot) && !claimsAt(one, place);
  const owners = was.owners.get(place) ?? [];
  const keeping = acting.filter((one) => isKeeping(one) && owners.every((owner) => owner === (one.alias ?? one.name)));
  expect(owners.length > 0 ? keeping : [], `syncs that keep ${place}`).toEqual([]);
}

function hadTurn({ run: { steps, failures } }: Judged, { name }: Declared): boolean {
  return [...steps, ...failures].some(({ urn }) => nameOfUrn(urn) === name);
}

/** Whether a key may be removed before the sync that claims it has its turn, or although that one fails. */
function mayGoFirst(world: World, { continueOnError }: Judged): boolean {
  return removesFirst(world) || continueOnError;
}

/** Whether the engine may have a key removed before it knows the sync that claims it. */
export function removesFirst({ stack, source }: World): boolean {
  return (
    stack.parallel !== undefined || source.syncs.some(({ replacement }) => replacement.deleteBeforeReplace === true)
  );
}

/** A variable of somebody else stays secret or plain, unless a sync takes it over, or gives it back, in another place. */
function expectKinds({ was, acting }: Judged, is: Moment): void {
  for (const [place, from] of was.entries) {
    const to = is.entries.get(place);
    if (from.isOurs || to === undefined || to.isOurs || from.settings === to.settings) continue;
    const isSame = (other: string) => other.split("/")[0] === place.split("/")[0] && other.endsWith(`/${from.key}`);
    const isTaken = acting.some((one) => takesOver(one, place) && claims(one).map(nameOf).some(isSame));
    expect(isTaken || [...was.owners.keys()].some(isSame), `${place} has become ${to.settings}`).toBe(true);
  }
}
