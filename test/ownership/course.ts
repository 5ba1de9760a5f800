// A history as it is played: what others have, the rounds with their failures, two good runs, and the destroy.

import { expect } from "vitest";
import type { DigitalOceanEmulator } from "../emulators/digitalocean/index.js";
import { type Program, type Run, stackOn, sync } from "../lifecycle/stack.js";
import type { Edit, Fault, History, Round } from "./arbitraries.js";
import { expectEmpty, expectKept, expectLawful, expectQuiet, expectSingleOwners } from "./law.js";
import { listDoubts } from "./ledgers.js";
import { createPeople } from "./people.js";
import { drawValue, envsAt, nameOf } from "./place.js";
import { begin, change, listActing, programOf, settle } from "./program.js";
import { type Moment, readMoment, type World } from "./world.js";

export async function play({ count, foreign, first, rounds }: History, cloud: DigitalOceanEmulator): Promise<void> {
  const apps = ["shop", "other"].map((name) => openApp(cloud, `${name}-${cloud.apps().length}`));
  const stack = stackOn(cloud);
  stack.replaced = new Set();
  const world: World = { cloud, stack, apps, source: begin(count), people: createPeople() };
  for (const one of foreign) touch(world, { ...one, what: "set" });
  for (const one of first) change(world.source, one);
  for (const round of rounds) await playRound(world, round);
  await conclude(world);
}

function openApp(cloud: DigitalOceanEmulator, name: string): string {
  return cloud.createApp({ name, services: [{ name: "web" }, { name: "api" }] }).id;
}

async function playRound(world: World, round: Round): Promise<void> {
  const { stack, source, apps } = world;
  const { fault, at, hasPreview, continueOnError } = round;
  stack.parallel = round.parallel;
  for (const one of round.operations) change(source, one);
  for (const one of round.edits) touch(world, one);
  if (round.refresh) expect((await stack.refresh()).problems, "of a refresh").toBe("");
  const program = programOf(source, apps);
  // A sync that is refused: the engine begins no step after it.
  const broken = sync("broken", { "1-BAD": "x" }, { destination: { appId: apps[0] } });
  const given = fault === "cut" ? program.toSpliced(at, 0, broken) : program;
  const mend = fail(world, fault);
  const update = () => stack.up(given, { continueOnError });
  try {
    const run = await judge(world, { fault, continueOnError, hasPreview, update }, given);
    settle(source, run.problems === "");
  } finally {
    // Other histories follow on this platform, also after a counterexample.
    mend();
  }
}

interface Trial {
  readonly fault?: Fault | undefined;
  readonly continueOnError?: boolean;
  readonly hasPreview: boolean;
  readonly update: () => Promise<Run>;
}

/** A run, with or without its preview, and what it may do. */
async function judge(world: World, trial: Trial, program: Program): Promise<Run> {
  const { stack } = world;
  const { fault, continueOnError = false, hasPreview, update } = trial;
  const was = readMoment(world);
  const preview = hasPreview ? await stack.preview(program) : undefined;
  const seen = preview && { run: preview, is: readMoment(world) };
  const run = await update();
  settleApps(world);
  const acting = program.length === 0 ? [] : listActing(world.source);
  expectLawful(world, { was, preview: seen, run, acting, fault, continueOnError });
  return run;
}

function settleApps({ cloud, apps }: World): void {
  for (const id of apps) cloud.settle(id);
}

/** Lets every write fail in one way. @returns what ends it */
function fail(world: World, fault: Fault | undefined): () => void {
  const { cloud, apps } = world;
  const { faults } = cloud;
  const match = { method: "PUT", times: Infinity };
  const blind = () =>
    cloud.onRequest(
      { method: "PUT" },
      () => void faults.add({ match: { method: "GET", times: Infinity }, status: 503 }),
    );
  let stop = () => undefined as void;
  if (fault === "refused") faults.add({ match, status: 400, body: { id: "bad", message: "no" } });
  if (fault === "deployment") for (const id of apps) cloud.failNextDeployment(id, { step: "deploy" });
  if (fault === "lost" || fault === "unheard") {
    faults.add({ match, ...(fault === "lost" ? { resetBefore: true } : { resetAfter: true }) });
    stop = blind();
  }
  return () => {
    stop();
    faults.clear();
    for (const id of apps) cloud.app(id).nextFailures.length = 0;
    settleApps(world);
  };
}

/** Somebody sets or removes a variable in the console. */
function touch(world: World, { app, slot, key, what, type }: Edit): void {
  const { cloud, apps, people } = world;
  const id = apps[app] ?? "";
  const place = nameOf({ app, slot, key });
  // While a write is in doubt, nobody can tell what it has left from what somebody sets.
  if (listDoubts(world).has(place)) return;
  const was: Moment = readMoment(world);
  cloud.editConsole(id, (spec) => {
    const envs = envsAt(spec, slot);
    const at = envs.findIndex((env) => env.key === key);
    const set = what === "set" ? [{ key, value: drawValue("person"), type, scope: "RUN_TIME" as const }] : [];
    envs.splice(at === -1 ? envs.length : at, 1, ...set);
  });
  cloud.settle(id);
  const text = readMoment(world).entries.get(place)?.text;
  if (was.entries.get(place)?.text !== text) people.edit(place, { text, wasOwned: was.owners.has(place) });
}

/** What failed does not fail again, and every sync may have what it wants. */
async function conclude(world: World): Promise<void> {
  const { cloud, source, stack, apps } = world;
  stack.parallel = undefined;
  // A readable value that never went live is brought to life by a deployment only.
  for (const id of apps) cloud.deploy(id);
  settleApps(world);
  for (const one of source.syncs) one.adopts = true;
  for (let runs = 0; runs < 2; runs += 1) {
    const program = programOf(source, apps);
    await judge(world, { hasPreview: true, update: () => stack.up(program) }, program);
    settle(source, true);
  }
  await expectQuiet(world, programOf(source, apps));
  expectKept(world);
  expectSingleOwners(world);
  await judge(world, { hasPreview: false, update: () => stack.destroy() }, []);
  expectEmpty(world);
}
