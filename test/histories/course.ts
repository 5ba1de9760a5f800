// A story of deployments as it is played: what others did, our run and who comes in between, the next run, and the end of the sync.

import { switchNames, type Variant } from "../emulators/digitalocean/index.js";
import type { Event, History, Interference } from "./arbitraries.js";
import { expectConverged, runByLaw, type Trial } from "./law.js";
import { openShop, type Order, type Race, type Shop, type Words } from "./shop.js";

const first: Words = { A: "first", B: "first" };

/** The sync as the story goes on. */
interface Course {
  readonly shop: Shop;
  readonly history: History;
  words: Words;
}

export async function play(history: History): Promise<void> {
  const shop = await openShop(history.platform);
  try {
    const course: Course = { shop, history, words: first };
    if (history.operation !== "create")
      await runByLaw(shop, trialOf(course, first, { end: history.platform.birth === "ACTIVE" ? "ACTIVE" : "ERROR" }));
    for (const event of history.events) await happen(course, event);
    await conclude(course);
  } finally {
    await shop.cloud.close();
  }
}

async function happen(course: Course, event: Event): Promise<void> {
  if (event.by === "others") return interfere(course.shop, event);
  // A first run of ours stays the first.
  if (course.history.operation === "create") return;
  course.words = event.words;
  await runByLaw(course.shop, trialOf(course, event.words, { end: event.end, deployment: { wait: event.wait } }));
}

async function interfere(shop: Shop, event: Exclude<Event, { by: "us" }>): Promise<void> {
  if ("change" in event) return shop.store(event.change, event.ending);
  if ("does" in event) return event.does === "redeploy" ? shop.redeploy(event.ending) : shop.restart(event.ending);
  if ("rollsBackTo" in event) return shop.rollBack(event.rollsBackTo, { pin: event.pin }, event.ending);
  return event.unpins === "commit" ? shop.commitRollback() : shop.revertRollback(event.ending);
}

/** The run that the story is about, the next one, and the end of the sync. */
async function conclude(course: Course): Promise<void> {
  const { shop, history } = course;
  const order: Order = { ...raceOf(course), end: history.end };
  const trial = finalTrial(course, order);
  const isDone = await runByLaw(shop, trial);
  const isIdle = trial.isDestroy === true || shop.cloud.app(shop.appId).pinned !== undefined;
  if (!isIdle && (isDone || history.operation === "restore") && trial.hasMoved !== true) {
    if ((trial.excuses ?? []).length > 0) return;
    await expectConverged(shop, trialOf(course, trial.wanted, trial.order));
    await runByLaw(shop, { ...trialOf(course, {}, {}), isDestroy: true });
  }
}

function finalTrial(course: Course, order: Order): Trial {
  const { words, history } = course;
  const changed = { ...words, [Object.keys(words)[0] ?? "A"]: "last" };
  switch (history.operation) {
    case "create":
      return trialOf(course, first, order);
    case "update":
      return trialOf(course, changed, order);
    case "remove": {
      const kept = Object.entries(words).slice(1);
      return trialOf(course, kept.length === 0 ? changed : Object.fromEntries(kept), order);
    }
    case "destroy":
      return { ...trialOf(course, {}, order), isDestroy: true };
    case "restore": {
      const end = order.end === "ROLLED_BACK" ? "ROLLED_BACK" : "ERROR";
      return trialOf(course, changed, { ...order, end, deployment: { onFailure: "restore" } });
    }
  }
}

function raceOf({ shop, history: { race, operation } }: Course): { race?: Race } {
  if (race === undefined) return {};
  const { event } = race;
  // Only what is put back is a second write without a merge.
  const nth = operation === "restore" ? race.nth : 1;
  const at = nth === 1 ? race.at : "write";
  const act = async () => {
    await interfere(shop, event);
    // A new name alone starts no deployment: nobody could find it afterwards.
    if ("change" in event && event.change === "rename-app") await shop.store("image", event.ending);
  };
  return { race: { at, nth, act } };
}

function trialOf(course: Course, wanted: Words, order: Order): Trial {
  const { shop, history } = course;
  const { aim, follows, platform } = history;
  const components = follows ? shop.facts().component : "web";
  const isRolledBack = order.race !== undefined && isRollback(history.race?.event);
  return {
    wanted,
    order: { ...order, ...(aim === "component" ? { components: [components] } : {}) },
    excuses: excusesOf(course, { wanted, isRolledBack }),
    mayDoubt: platform.pace === "within a second" || isRolledBack || isReticent(shop),
    isRolledBack,
    hasMoved: aim === "component" && isRenamed(history),
  };
}

/** Whether the answers leave out by what a racer is told from history, or a copy from an edit. */
function isReticent({ cloud: { variant } }: Shop): boolean {
  const told: Partial<Variant> = {
    clonedFrom: "shown",
    cause: "shown",
    lastDeploymentCreatedAt: "shown",
    deploymentList: "current",
  };
  return switchNames().some((name) => name in told && told[name] !== variant[name]) || variant.times === "seconds";
}

/** What may stand in the way of a run of ours. */
function excusesOf({ shop, history }: Course, run: { wanted: Words; isRolledBack: boolean }): string[] {
  const { wanted, isRolledBack } = run;
  const isPinned = shop.cloud.app(shop.appId).pinned !== undefined;
  const mayBePinned = isRolledBack && isRollback(history.race?.event) && history.race.event.pin;
  const mayMeetTwins = isRolledBack || Object.keys(wanted).some((key) => shop.revived().has(key));
  const hasMoved = history.aim === "component" && isRenamed(history);
  return [
    ...(isPinned || mayBePinned ? ["destination.pinned"] : []),
    ...(mayBePinned ? ["destination.rejected"] : []),
    ...(mayMeetTwins || hasMoved ? ["conflict.exists"] : []),
    ...(hasMoved ? ["destination.unknown_component", "conflict.moved"] : []),
  ];
}

function isRollback(event: Interference | undefined): event is Extract<Interference, { rollsBackTo: number }> {
  return event !== undefined && "rollsBackTo" in event;
}

function isRenamed({ events, race }: History): boolean {
  return [...events, ...(race === undefined ? [] : [race.event])].some(
    (event) => "change" in event && event.change === "rename-component",
  );
}
