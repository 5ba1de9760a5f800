// Two stacks, each with a process of its own, that write to one app at the same time, in an order that is given.

import { type DigitalOceanEmulator, startDigitalOcean } from "../emulators/digitalocean/index.js";
import { type Program, type Run, type Stack, stackOn, sync } from "../lifecycle/stack.js";
import { buildDoor, type Door } from "./door.js";

export interface Racer {
  readonly stack: Stack;
  readonly door: Door;
}

export interface Arena {
  readonly cloud: DigitalOceanEmulator;
  readonly appId: string;
  readonly racers: readonly [Racer, Racer];
  close(): Promise<void>;
}

export const foreign = { FOREIGN: "f" };

export async function openArena(): Promise<Arena> {
  // Time passes when a request looks at a deployment, so that an order of requests means the same every time.
  // It begins in the middle of a second, so that what is created within one second is so in every run.
  let now = Math.floor(Date.now() / 1000) * 1000 + 100;
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 }, clock: () => now });
  cloud.onRequest({ path: /\/deployments\/[\w-]+$/, times: Infinity }, () => void (now += 2));
  const { id: appId } = cloud.createApp({
    name: "shop",
    envs: [{ key: "FOREIGN", value: "f", scope: "RUN_TIME" }],
    services: [{ name: "web" }],
  });
  const racers: readonly [Racer, Racer] = [await enter(cloud), await enter(cloud)];
  const close = async () => {
    await Promise.all(racers.map(({ door }) => door.close()));
    await cloud.close();
  };
  return { cloud, appId, racers, close };
}

async function enter(cloud: DigitalOceanEmulator): Promise<Racer> {
  const door = await buildDoor(cloud.url);
  const stack = stackOn(cloud);
  stack.environment = { DIGITALOCEAN_TOKEN: cloud.token, DIGITALOCEAN_API_URL: door.url };
  return { stack, door };
}

export function programOf({ appId }: Arena, name: string, values: Readonly<Record<string, string>>): Program {
  return [sync(name, values, { destination: { appId } })];
}

/** Runs both to their ends; `turns` says whose request is next. @returns the order that came of it. */
export async function race(
  { racers }: Arena,
  start: readonly [(stack: Stack) => Promise<Run>, (stack: Stack) => Promise<Run>],
  turns: () => 0 | 1,
): Promise<{ runs: readonly [Run, Run]; order: string }> {
  const ended = new Set<Racer>();
  const finish = async (racer: Racer, run: Promise<Run>) => {
    await run.finally(() => ended.add(racer));
    return run;
  };
  const [one, two] = racers;
  const running = [finish(one, start[0](one.stack)), finish(two, start[1](two.stack))] as const;
  const order: string[] = [];
  for (;;) {
    await Promise.all([Promise.race([one.door.arrival(), running[0]]), Promise.race([two.door.arrival(), running[1]])]);
    if (ended.size === racers.length) break;
    const turn = turns();
    const next = ended.has(racers[turn]) ? 1 - turn : turn;
    order.push(`${nameOf(next)} ${await (next === 0 ? one : two).door.letThrough()}`);
  }
  return { runs: await Promise.all(running), order: order.join(", ") };
}

/** Both may send what they like from now on. */
export function openDoors({ racers }: Arena): void {
  for (const { door } of racers) door.open();
}

/** A row of turns that is the same for the same seed. */
export function turnsOf(seed: number): () => 0 | 1 {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 17) % 2 === 0 ? 0 : 1;
  };
}

/** What each had before the race, written one after the other. Undefined is a stack that does not exist. */
export async function settle(
  arena: Arena,
  values: readonly [Readonly<Record<string, string>> | undefined, Readonly<Record<string, string>> | undefined],
): Promise<void> {
  for (const [index, { stack }] of arena.racers.entries()) {
    const wanted = values[index === 0 ? 0 : 1];
    if (wanted === undefined) continue;
    const { DIGITALOCEAN_API_URL: door } = stack.environment;
    stack.environment["DIGITALOCEAN_API_URL"] = arena.cloud.url;
    const run = await stack.up(programOf(arena, nameOf(index), wanted));
    if (run.problems !== "") throw new Error(`the race did not begin: ${run.problems}`);
    stack.environment["DIGITALOCEAN_API_URL"] = door;
  }
}

export function nameOf(side: number): string {
  return side === 0 ? "one" : "two";
}
