// One world that a runner is left alone in: what every app has to hold, what it must never hold, and what must not grow.

import { readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { valuesAt } from "../e2e/evidence.js";
import { openWorld, type World } from "../e2e/harness.js";
import { startWatch, type Watching } from "../e2e/watching.js";

export interface SoakSync {
  readonly name: string;
  readonly appId: string;
  /** What its file says when it is whole. */
  keys: Record<string, string>;
  /** What it has ever said, whole. */
  readonly past: Map<string, Set<string>>;
  /** Keys that the source has had and has dropped. */
  readonly dropped: Set<string>;
  /** Keys that a person has removed, until a write brings them back: one that meets the edit half-way respects it. */
  readonly removedByHand: Set<string>;
}

export interface Soak {
  readonly world: World;
  readonly syncs: readonly SoakSync[];
  readonly random: () => number;
  /** A key that was lost, a value that was never whole. */
  readonly violations: readonly string[];
  pickSync(): SoakSync;
  pause(ms: number): Promise<void>;
  rotate(sync: SoakSync): Promise<void>;
  writeSlowly(sync: SoakSync): Promise<void>;
  breakFor(sync: SoakSync, ms: number): Promise<void>;
  dropKey(sync: SoakSync): Promise<void>;
  restart(signal: NodeJS.Signals): Promise<void>;
  runner(): Watching;
  runs(): number;
  writes(): number;
  starts(): number;
  differences(): string[];
  isSettled(): boolean;
  findLeaks(): Promise<string[]>;
  close(): Promise<void>;
}

/** Mulberry32: the same changes for the same seed. */
function startRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pause = (ms: number) => new Promise<void>((later) => setTimeout(later, ms));

export async function openSoak(seed: number): Promise<Soak> {
  const world = await openWorld();
  const random = startRandom(seed);
  const syncs = ["a", "b", "c", "d"].map((name) => makeSync(world, name));
  for (const sync of syncs) await save(world, sync, changeKeys(world, sync));
  await world.program(syncs.map(({ name, appId }) => declare(name, appId)).join(""));
  await world.up("--skip-preview");
  const violations = watchWrites(world, syncs);
  const started: Watching[] = [];
  const start = () => void started.push(startWatch(world, ["--interval", "10s"]));
  const runner = () => started.at(-1) as Watching;
  start();
  const baseline = { memory: 0, descriptors: 0 };
  // After the first minute, everything that is loaded once has been loaded.
  const measuring = pause(60_000).then(async () => Object.assign(baseline, await measure(runner().pid)));
  const leaks: string[] = [];
  // Each runner is compared with itself, before it ends.
  const measureGrowth = async () => {
    await measuring;
    leaks.push(...findLeaks(baseline, await measure(runner().pid)));
    return leaks;
  };
  const differences = () => syncs.flatMap((sync) => compare(world, sync));
  return {
    world,
    syncs,
    random,
    violations,
    pickSync: () => {
      const [sync] = syncs.slice(Math.floor(random() * syncs.length));
      if (sync === undefined) throw new Error("there is no sync");
      return sync;
    },
    pause,
    rotate: (sync) => save(world, sync, changeKeys(world, sync)),
    writeSlowly: (sync) => writeSlowly(world, sync),
    breakFor: async (sync, ms) => {
      await world.write(`${sync.name}.env`, "no dotenv\n");
      await pause(ms);
      await save(world, sync, sync.keys);
    },
    dropKey: async (sync) => {
      const [gone = ""] = Object.keys(sync.keys).slice(-1);
      sync.dropped.add(gone);
      const { [gone]: _, ...rest } = sync.keys;
      await save(world, sync, rest);
      await pause(20_000);
      sync.dropped.delete(gone);
      await save(world, sync, changeKeys(world, sync));
    },
    restart: async (signal) => {
      await measureGrowth();
      await runner().end(signal);
      start();
      await runner().next();
      Object.assign(baseline, await measure(runner().pid));
    },
    runner,
    runs: () => started.reduce((sum, one) => sum + one.lines(), 0),
    writes: () => world.cloud.requests.filter(({ method }) => method === "PUT").length,
    starts: () => started.length,
    differences,
    isSettled: () => differences().length === 0,
    findLeaks: measureGrowth,
    close: async () => {
      await runner().end();
      await world.close();
    },
  };
}

const names = ["K1", "K2", "K3", "K4", "K5"];

function makeSync(world: World, name: string): SoakSync {
  const { id } = world.cloud.createApp({ name: `app-${name}`, services: [{ name: "web" }] });
  return { name, appId: id, keys: {}, past: new Map(), dropped: new Set(), removedByHand: new Set() };
}

const declare = (name: string, appId: string) => `
  new SecretSync("${name}", {
    source: { type: "file", path: "${name}.env" },
    destination: { type: "digital-ocean-app-platform", appId: "${appId}", deployment: { timeoutSeconds: 60 } },
  });`;

/** New values for every key. */
function changeKeys(world: World, { name }: SoakSync): Record<string, string> {
  return Object.fromEntries(names.map((key) => [key, world.secret(`${name}-${key}`)]));
}

const textOf = (keys: Record<string, string>) =>
  Object.entries(keys)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");

function remember(sync: SoakSync, keys: Record<string, string>): void {
  sync.keys = keys;
  for (const [key, value] of Object.entries(keys)) sync.past.set(key, (sync.past.get(key) ?? new Set()).add(value));
}

/** As the documents say: beside its place, then renamed. */
async function save(world: World, sync: SoakSync, keys: Record<string, string>): Promise<void> {
  remember(sync, keys);
  await world.write(`${sync.name}.new`, textOf(keys));
  await rename(join(world.directory, `${sync.name}.new`), join(world.directory, `${sync.name}.env`));
}

/** Counted from the look at the half: an update would have read it by then, and a second look, ten seconds later, not yet. */
const halfSeen = 9000;

/** As the documents warn of: in place, with a pause in the middle. */
async function writeSlowly(world: World, sync: SoakSync): Promise<void> {
  const keys = changeKeys(world, sync);
  remember(sync, keys);
  const lines = textOf(keys).split("\n");
  await world.write(`${sync.name}.env`, `${lines.slice(0, 3).join("\n")}\n`);
  const looks = () => world.cloud.requests.filter(({ path }) => path.includes(sync.appId)).length;
  const before = looks();
  for (let waited = 0; looks() === before && waited < 20_000; waited += 100) await pause(100);
  await pause(halfSeen);
  await world.write(`${sync.name}.env`, textOf(keys));
}

/** Looks at every write, before its answer: it may add, change and repair; it may take away only what its source has dropped. */
function watchWrites(world: World, syncs: readonly SoakSync[]): string[] {
  const violations: string[] = [];
  world.cloud.onAnswer({ method: "PUT", times: Infinity }, ({ path }) => {
    const sync = syncs.find(({ appId }) => path.includes(appId));
    if (sync === undefined) return;
    const held = valuesAt(world, sync.appId);
    for (const key of names) {
      if (held[key] !== undefined) sync.removedByHand.delete(key);
      else if (!sync.dropped.has(key) && !sync.removedByHand.has(key)) violations.push(`${sync.name} has lost ${key}`);
    }
    for (const [key, value] of Object.entries(held))
      if (sync.past.get(key)?.has(value) !== true) violations.push(`${sync.name} holds a wrong value of ${key}`);
  });
  return violations;
}

function compare(world: World, sync: SoakSync): string[] {
  const held = valuesAt(world, sync.appId);
  return names.filter((key) => held[key] !== sync.keys[key]).map((key) => `${sync.name}/${key}`);
}

interface Measure {
  readonly memory: number;
  readonly descriptors: number;
}

/** Where /proc tells it; elsewhere nothing is known, and nothing grows. */
async function measure(pid: number): Promise<Measure> {
  const [status, descriptors] = await Promise.all([
    readFile(`/proc/${pid}/status`, "utf8").catch(() => ""),
    readdir(`/proc/${pid}/fd`).catch(() => []),
  ]);
  return { memory: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024, descriptors: descriptors.length };
}

/** Megabytes that the heap may breathe. */
const mostGrowth = 60;

function findLeaks(before: Measure, after: Measure): string[] {
  return [
    ...(after.memory > before.memory + mostGrowth ? [`memory grew from ${before.memory} to ${after.memory} MB`] : []),
    ...(after.descriptors > before.descriptors + 10
      ? [`descriptors grew from ${before.descriptors} to ${after.descriptors}`]
      : []),
  ];
}
