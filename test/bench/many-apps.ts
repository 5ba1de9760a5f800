// A thousand syncs on two hundred apps, when nothing has changed, beside a thousand dynamic resources that do nothing.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openWorld, type World } from "../e2e/harness.js";
import { median } from "./median.js";
import { countBusiest, countCalls, nameCalls } from "./calls.js";
import { measureUp, type Usage } from "./processes.js";
import { appSpec, syncProgram, writeTrivialProgram } from "./programs.js";
import type { Table } from "./table.js";

const apps = 200;
const perApp = 5;
const rounds = 3;

/** Without this the engine writes its whole state after each of 1,000 steps, and that is all one would measure. */
const oneCheckpoint = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

interface Stack {
  readonly world: World;
  readonly runs: Usage[];
}

export async function measureManyApps(table: Table): Promise<void> {
  const full = await openSyncs(50);
  const heavy = await openTrivial(50);
  const light = await openSyncs(5);
  const bare = await openTrivial(0);
  const stacks = [full, heavy, light, bare];
  // In turns, so that whatever else the machine does meets all of them.
  for (let round = 0; round < rounds; round += 1) {
    for (const { world, runs } of stacks) {
      world.cloud.resetCounts();
      runs.push(await measureUp(world));
    }
  }
  table.note("1,000 syncs of 50 keys, 200 apps: unchanged up", describe(full));
  table.note("  its calls", nameCalls(full.world));
  table.goal({ what: "  lists", value: countCalls(full.world, "GET /v2/apps"), atMost: 2 });
  table.goal({ what: "  single reads", value: countCalls(full.world, "GET /v2/apps/{id}"), atMost: 1 });
  table.goal({ what: "  writes", value: countCalls(full.world, "PUT /v2/apps/{id}"), atMost: 0 });
  table.note("1,000 trivial resources with 50 secret inputs: unchanged up", describe(heavy));
  table.note("1,000 syncs of 5 keys, 200 apps: unchanged up", describe(light));
  table.note("1,000 trivial resources without inputs: unchanged up", describe(bare));
  const engine =
    "the engine and the SDK carry 17 properties and the fingerprints, where these have 2 properties; CPU as above";
  table.goal({ what: "ratio: 50 keys to 50 secret inputs", ...ratio(full, heavy), atMost: 1.2 });
  table.goal({ what: "ratio: 5 keys to no inputs", ...ratio(light, bare), atMost: 1.2, known: engine });
  table.goal({ what: "ratio: 50 keys to no inputs", ...ratio(full, bare), atMost: 1.2, known: engine });
  table.goal({
    what: "memory of the provider process, 1,000 syncs of 50 keys, MB",
    value: Math.round(Math.min(...full.runs.map(({ providerMb }) => providerMb))),
    atMost: 300,
    known:
      "V8 keeps what it once took; below, what is in use, and what the SDK's process takes for resources that do nothing",
  });
  table.goal({ what: "  in use after a collection, MB", value: await measureHeap(full.world), atMost: 150 });
  table.note("  peak with trivial resources of 50 secret inputs", `${Math.round(least(heavy))} MB`);
  for (const { world } of stacks) await world.close();
}

function least({ runs }: Stack): number {
  return Math.min(...runs.map(({ providerMb }) => providerMb));
}

/** Makes the stack with the pace lifted: 1,000 first writes would otherwise wait for the burst limit for minutes. */
async function openSyncs(keys: number): Promise<Stack> {
  const world = await openWorld({ deployment: { phaseMs: 0 } });
  const ids = Array.from({ length: apps }, (_, index) => world.cloud.createApp(appSpec(`app-${index}`)).id);
  await world.program(syncProgram(ids, { perApp, keys }));
  Object.assign(world.environment, oneCheckpoint, { NODE_OPTIONS: `--require ${join(__dirname, "unpaced.cjs")}` });
  await world.up("--skip-preview", "--parallel", "64");
  delete world.environment["NODE_OPTIONS"];
  return { world, runs: [] };
}

async function openTrivial(keys: number): Promise<Stack> {
  const world = await openWorld();
  await writeTrivialProgram(world, { count: apps * perApp, keys });
  Object.assign(world.environment, oneCheckpoint);
  await world.up("--skip-preview");
  return { world, runs: [] };
}

/** The most that one more run holds on to, by collections in between; they would spoil the other measurements. */
async function measureHeap(world: World): Promise<number> {
  const file = join(world.directory, "heap.txt");
  const preload = { NODE_OPTIONS: `--require ${join(__dirname, "heap.cjs")}`, BENCH_HEAP_FILE: file };
  Object.assign(world.environment, preload);
  await world.up("--skip-preview");
  const megabytes = (await readFile(file, "utf8")).trim().split("\n").map(Number);
  return Math.max(...megabytes);
}

/** Of pairs that ran one after the other; the best pair decides, since whatever disturbs makes a run longer. */
function ratio(own: Stack, reference: Stack): { value: number; measured: string } {
  const pairs = own.runs.map(({ ms }, round) => ms / (reference.runs[round]?.ms ?? ms));
  const value = Math.min(...pairs);
  return { value, measured: `${value.toFixed(2)} (median ${median(pairs).toFixed(2)})` };
}

function describe({ runs }: Stack): string {
  const seconds = (median(runs.map(({ ms }) => ms)) / 1000).toFixed(1);
  const cpu = (role: keyof Usage["cpuSeconds"]) => median(runs.map(({ cpuSeconds }) => cpuSeconds[role]));
  return `${seconds} s (CPU: engine ${cpu("engine")}, program ${cpu("program")}, provider ${cpu("provider")})`;
}

/** The first write of many apps, where four calls each are more than the platform takes in a minute. */
export async function measureBurst(table: Table): Promise<void> {
  const world = await openWorld({ deployment: { phaseMs: 0 }, rateLimit: { perMinute: 250 } });
  Object.assign(world.environment, oneCheckpoint);
  const ids = Array.from({ length: 80 }, (_, index) => world.cloud.createApp(appSpec(`app-${index}`)).id);
  await world.program(syncProgram(ids, { perApp: 1, keys: 3 }));
  const { ms } = await measureUp(world, "--parallel", "64");
  const refused = world.cloud.requests.filter(({ status }) => status === 429).length;
  table.note("80 apps: first up", `${(ms / 1000).toFixed(0)} s, ${nameCalls(world)}`);
  table.goal({ what: "  calls in the busiest minute", value: countBusiest(world, 60_000), atMost: 250 });
  table.goal({ what: "  refused for their rate", value: refused, atMost: 0 });
  await world.close();
}
