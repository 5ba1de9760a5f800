// A history as it is played: what others have, the rounds with their failures, two good runs, and the destroy.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { host } from "../lifecycle/host.js";
import type { Pending } from "../lifecycle/engine.js";
import { type Program, type Run, stackOn, sync } from "../lifecycle/stack.js";
import type { Edit, Fault, History, Round } from "./arbitraries.js";
import { runUntil } from "./killed.js";
import { expectEmpty, expectKept, expectLawful, expectQuiet, expectSingleOwners } from "./law.js";
import { listDoubts } from "./ledgers.js";
import { createPeople } from "./people.js";
import { listDiffering } from "./place.js";
import type { Platform } from "./platform.js";
import { begin, change, declareNew, listActing, programOf, settle } from "./program.js";
import { readSources, writeSources } from "./sources.js";
import { readMoment, type World } from "./world.js";

export async function play({ count, foreign, first, rounds }: History, platform: Platform): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "ownership-"));
  const stack = Object.assign(stackOn(platform.cloud), { directory, replaced: new Set<Pending>() });
  Object.assign(stack.environment, platform.environment);
  const world: World = { platform, stack, source: begin(count, platform.slots), people: createPeople() };
  for (const one of foreign) touch(world, { ...one, what: "set" });
  for (const one of first) change(world.source, one);
  try {
    for (const round of rounds) await playRound(world, round);
    await conclude(world);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function playRound(world: World, round: Round): Promise<void> {
  const { stack, source, platform } = world;
  const { fault, at, continueOnError } = round;
  stack.parallel = round.parallel;
  for (const one of round.operations) change(source, one);
  for (const one of round.edits) touch(world, one);
  if (round.refresh) expect((await stack.refresh()).problems, "of a refresh").toBe("");
  await importSyncs(world);
  const targets = round.targets?.flatMap((one) => source.syncs[one]?.name ?? []);
  const program = programOf(source, platform);
  // A sync that is refused: the engine begins no step after it.
  const destination = platform.destinationOf(declareNew("broken", platform.slots));
  const broken = sync("broken", { "1-BAD": "x" }, { destination });
  const given = fault === "cut" ? program.toSpliced(at, 0, broken) : program;
  const mend = platform.fail(fault);
  const update = async () => {
    const up = () => stack.up(given, { continueOnError, targets: targets && [...targets, "broken"] });
    return fault === "killed" ? runUntil(at === 3 ? 2 : 1, world, up) : up();
  };
  try {
    const hasPreview = round.hasPreview && targets === undefined;
    const run = await judge(world, { fault, continueOnError, targets, hasPreview, update }, given);
    settle(source, run.problems === "", targets);
  } finally {
    // Other histories follow on this platform, also after a counterexample.
    mend();
  }
}

/** What is there and state does not have can be imported. */
async function importSyncs(world: World): Promise<void> {
  const { stack, source, platform } = world;
  for (const one of source.syncs) {
    const { name, alias = name, app, importFrom: slot } = one;
    one.importFrom = undefined;
    if (
      slot === undefined ||
      host.name !== "plugin" ||
      stack.resource(name).id !== "" ||
      stack.resource(alias).id !== ""
    )
      continue;
    const was = readMoment(world);
    expect((await stack.import(name, platform.importId({ app, slot }))).problems, "of an import").toBe("");
    const { entries, owners } = readMoment(world);
    expect([listDiffering(was.entries, entries), owners], "what an import changes").toEqual([[], was.owners]);
    one.found = new Map([...entries].filter(([place]) => place.startsWith(`${app}/${slot}/`)));
  }
}

interface Trial {
  readonly fault?: Fault | undefined;
  readonly continueOnError?: boolean;
  readonly targets?: readonly string[] | undefined;
  readonly hasPreview: boolean;
  readonly update: () => Promise<Run>;
}

/** A run, with or without its preview, and what it may do. */
async function judge(world: World, trial: Trial, program: Program): Promise<Run> {
  const { stack } = world;
  const { fault, continueOnError = false, targets, hasPreview, update } = trial;
  const was = readMoment(world);
  await writeSources(world);
  const preview = hasPreview ? await stack.preview(program) : undefined;
  const seen = preview && { run: preview, is: readMoment(world) };
  if (hasPreview) expect(await readSources(world), "what a preview imports").toEqual([]);
  const run = await update();
  await readSources(world);
  world.platform.settle();
  const acting = program.length === 0 ? [] : listActing(world.source, targets);
  expectLawful(world, { was, preview: seen, run, acting, fault, continueOnError });
  return run;
}

/** Somebody sets or removes a variable in the console. */
function touch(world: World, edit: Edit): void {
  const { platform, people } = world;
  // While a write is in doubt, nobody can tell what it has left from what somebody sets.
  const isMeant = (place: string) => place.startsWith(`${edit.app}/`) && place.endsWith(`/${edit.key}`);
  if ([...listDoubts(world)].some(isMeant)) return;
  const was = readMoment(world);
  // The limit is documented (docs/destinations.md, "What drift can be found").
  if (platform.hides(edit) && [...was.owners.keys()].some(isMeant)) return;
  platform.edit(edit);
  const is = readMoment(world);
  for (const place of listDiffering(was.entries, is.entries))
    people.edit(place, { text: is.entries.get(place)?.text, wasOwned: was.owners.has(place) });
}

/** What failed does not fail again, and every sync may have what it wants. */
async function conclude(world: World): Promise<void> {
  const { platform, source, stack } = world;
  stack.parallel = undefined;
  // A readable value that never went live is brought to life by a deployment only.
  platform.deploy();
  for (const one of source.syncs) one.adopts = true;
  platform.agree(source.syncs);
  for (let runs = 0; runs < 2; runs += 1) {
    const program = programOf(source, platform);
    await judge(world, { hasPreview: true, update: () => stack.up(program) }, program);
    settle(source, true);
  }
  await expectQuiet(world, programOf(source, platform));
  expectKept(world);
  expectSingleOwners(world);
  await judge(world, { hasPreview: false, update: () => stack.destroy() }, []);
  expectEmpty(world);
}
