// The law of ownership: what one run may do, what has to hold after it, and what is left in the end.

import { expect } from "vitest";
import { said, type Program, type Run } from "../lifecycle/stack.js";
import { nameOf as nameOfUrn } from "../lifecycle/workers.js";
import { expectExplained } from "./failures.js";
import { killed, takeNoteOfUnrecorded } from "./killed.js";
import { hasAdopted, isReplaced, listOwners } from "./ledgers.js";
import { listDiffering, nameOf } from "./place.js";
import { claims, claimsAt, type Declared, listActing } from "./program.js";
import { expectImported } from "./sources.js";
import { expectTransitions, removesFirst } from "./transitions.js";
import { type Judged, type Moment, readMoment, type World } from "./world.js";

/** What a run may do, however it ends, and what it has to do if it succeeds. */
export function expectLawful(world: World, judged: Judged): void {
  const { was, preview, run, acting, fault } = judged;
  takeNoteOfLeft(world, run, was);
  takeNoteOfReleased(world, run);
  takeNoteOfGivenBack(world, fault);
  expectTransitions(world, judged, readMoment(world));
  if (run.problems === killed) takeNoteOfUnrecorded(world, was);
  settlePeople(world, was, readMoment(world));
  const is = readMoment(world);
  expectExplained(run, { was, acting, fault });
  if (preview !== undefined) {
    expect(listDiffering(was.entries, preview.is.entries), "a preview changes nothing").toEqual([]);
    if (fault === undefined) expectForeseen(world, judged, is);
  }
  for (const [place, { isOurs, value }] of is.entries)
    if (isOurs) expect(is.owners.get(place) ?? [], `owners of ${place}=${value}`).not.toEqual([]);
  if (run.problems !== "") return;
  expectWanted(world, acting, is);
  expectImported(world, judged);
}

/** A message that names keys as no sync's leaves them to people; it has to be true where its own sync had them. */
function takeNoteOfLeft(world: World, run: Run, was: Moment): void {
  const { platform, people } = world;
  const entries = people.read(platform.look());
  const owners = listOwners(world, ({ isRemoved }) => isRemoved !== true);
  for (const { urn, text: told } of run.messages) {
    for (const [, name, why = "", names = ""] of told.matchAll(/\bkeys? stays? at (\S+), ([^:]*): (.*)/g)) {
      const app = platform.ids.findIndex((_, at) => platform.nameOf(at) === name);
      for (const [place, { isOurs, text, key }] of entries) {
        if (!isOurs || !place.startsWith(`${app}/`) || !names.split(", ").includes(key)) continue;
        const isOwn = was.owners.get(place)?.includes(nameOfUrn(urn)) === true;
        if (isOwn && why.includes("no sync owns"))
          expect(owners.get(place) ?? [], `owners of ${place}: ${why}`).toEqual([]);
        if (!owners.has(place)) people.leave(place, text);
      }
    }
  }
}

/**
 * What a killed run has written, and another one has adopted, looks the same when it is given back. If that fails half-way, the record
 * still has it.
 */
function takeNoteOfGivenBack(world: World, fault: Judged["fault"]): void {
  const { entries, owners } = readMoment(world);
  for (const [place, { text }] of entries) {
    const isGivenUp = !owners.has(place) || fault !== undefined;
    if (isGivenUp && world.people.latest(place) === text) world.people.disown(place, text);
  }
}

function settlePeople({ people, source }: World, was: Moment, is: Moment): void {
  const nameNow = (owner: string) => source.syncs.find(({ alias }) => alias === owner)?.name ?? owner;
  const isNow = (place: string, owner: string) => is.owners.get(place)?.includes(owner) === true;
  const goesOn = (place: string) =>
    was.owners.get(place)?.some((owner) => isNow(place, owner) || isNow(place, nameNow(owner))) === true;
  people.settle(is.entries, goesOn);
}

/** A destroy that cannot give back what was adopted leaves it to people, and says so. */
function takeNoteOfReleased({ platform, people }: World, { messages }: Run): void {
  const entries = platform.look();
  for (const { text } of messages) {
    const app = platform.ids.findIndex((_, at) => text.split("\n")[0]?.endsWith(`: ${platform.nameOf(at)}`));
    for (const [, name = ""] of text.matchAll(/^ {2}\. ([\w-]+\/\w+): left in place/gm)) {
      const place = `${app}/${name}`;
      people.leave(place, entries.get(place)?.text ?? "");
    }
  }
}

/** An update fails as its preview did, takes the same steps, and writes nothing else than the preview has named. */
function expectForeseen(world: World, { was, preview, run }: Judged, is: Moment): void {
  const seen = preview?.run ?? run;
  // How a deployment ends is known afterwards.
  const isLate = removesFirst(world) && run.problems === "" && seen.problems.startsWith("conflict.exists");
  if (isLate || run.failures.some(({ text }) => text.startsWith("deployment."))) return;
  expect([run.problems !== "", run.problems], `the preview said: ${seen.problems}`).toEqual([
    seen.problems !== "",
    expect.anything(),
  ]);
  if (seen.problems !== "") return;
  // One that has its turn after another one of the same variable takes note of that write.
  const isNoted = world.platform.hasSharedVariables && world.stack.parallel !== undefined;
  const listSteps = ({ steps }: Run) =>
    steps.map(({ urn, op }) => `${isNoted && op === "same" ? "update" : op} ${nameOfUrn(urn)}`).sort();
  expect(listSteps(run), "the steps of the preview").toEqual(listSteps(seen));
  expect(listUntold(seen, { was, is }), `written, but not announced by: ${said(seen)}`).toEqual([]);
}

function listUntold(preview: Run, { was, is }: { was: Moment; is: Moment }): string[] {
  // The engine asks no provider when it previews a removal, also of what an earlier run has replaced.
  const isPending = [...was.owners.values()].flat().some(isReplaced);
  const removes = isPending || preview.steps.some(({ op }) => op === "delete" || op === "replace");
  const written = listDiffering(was.entries, is.entries).filter(
    (place) => !removes || is.entries.get(place)?.isOurs === true,
  );
  const named = [...said(preview).matchAll(/^ {2}[-+~<>=] ([\w-]+\/\w+)/gm)].map(([, name]) => name);
  const shown = preview.steps.flatMap((step) => step.shown);
  return written.filter((place) => {
    const [, slot = "", key = ""] = place.split("/");
    return !named.includes(`${slot}/${key}`) && !shown.includes(`keys.${key}`);
  });
}

function expectWanted(world: World, acting: readonly Declared[], { entries, owners }: Moment): void {
  for (const one of acting) {
    for (const claimed of claims(one)) {
      const place = nameOf(claimed);
      const { platform, people } = world;
      const { value, settings, text = "" } = entries.get(place) ?? {};
      expect({ value, settings }, `${place}, as ${one.name} wants it`).toEqual({
        value: one.values.get(claimed.key),
        settings: platform.settingsOf(one, claimed.key),
      });
      expect(owners.get(place), `owners of ${place}`).toContain(one.name);
      people.recognise(place, { text, isMaker: !hasAdopted(world, one.name, claimed.key) });
    }
  }
}

/**
 * After two good runs. A disabled sync takes no note of what others have taken over, nor does one that only keeps a value of a shared
 * variable, if what another sync writes there looks unchanged.
 */
export function expectSingleOwners(world: World): void {
  const { entries, owners } = readMoment(world);
  const { source, platform } = world;
  for (const [place, names] of owners) {
    const isBlind = (one: Declared) =>
      !one.isEnabled || (platform.hasSharedVariables && one.disableSecretDeletion && !claimsAt(one, place));
    const blind = new Set(source.syncs.filter(isBlind).map(({ name }) => name));
    const noting = entries.has(place) ? names.filter((name) => !blind.has(name)) : [];
    expect(noting.length, `owners of ${place}: ${names.join(" and ")}`).toBeLessThan(2);
  }
}

export async function expectQuiet({ stack, platform }: World, program: Program): Promise<void> {
  const before = platform.countWrites();
  const run = await stack.up(program);
  const acting = run.steps.filter(({ op }) => op !== "same");
  expect([run.problems, platform.countWrites() - before, acting], "a run without a change").toEqual(["", 0, []]);
}

/** What no sync wants any longer is kept by one that keeps such keys, or rests. */
export function expectKept(world: World): void {
  const { entries, owners } = readMoment(world);
  const acting = listActing(world.source);
  const keeping = world.source.syncs.filter((one) => one.disableSecretDeletion || !one.isEnabled);
  for (const [place, { isOurs }] of entries) {
    if (!isOurs || acting.some((one) => claimsAt(one, place))) continue;
    const isKept = keeping.some(({ name }) => owners.get(place)?.includes(name));
    expect(isKept, `${place} is wanted or kept by a sync`).toBe(true);
  }
}

/** After the destroy: what is somebody else's, as it was. */
export function expectEmpty(world: World): void {
  const { entries } = readMoment(world);
  const { people } = world;
  for (const place of new Set([...entries.keys(), ...people.places()]))
    expect(entries.get(place)?.text, `what is left at ${place}`).toBe(people.latest(place));
}
