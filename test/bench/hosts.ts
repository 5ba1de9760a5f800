// The two hosts of the same core, the dynamic provider and the plugin: start, time, memory and state, of one TypeScript program.

import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import { join, resolve } from "node:path";
import { openWorld, type World } from "../e2e/harness.js";
import { placePlugin, pluginProgram } from "../e2e/plugin-world.js";
import { median } from "./median.js";
import { stateOf } from "./one-app.js";
import { measureUp, type Usage } from "./processes.js";
import { appSpec, syncProgram } from "./programs.js";
import type { Table } from "./table.js";

const rounds = 7;
const hosts = ["dynamic", "plugin"] as const;
const dynamicProvider = resolve(__dirname, "../../node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js");
const programs = { dynamic: dynamicProvider, plugin: pluginProgram } as const;

interface Hosted {
  readonly world: World;
  readonly declare: (keys: number, from: number) => Promise<void>;
  readonly starts: number[];
  readonly unchanged: Usage[];
  readonly cached: Usage[];
  readonly changed: Usage[];
}

export async function measureHosts(table: Table): Promise<void> {
  const dynamic = await openHosted("dynamic");
  const plugin = await openHosted("plugin");
  // In turns, so that whatever else the machine does meets all of them.
  for (let round = 1; round <= rounds; round += 1) {
    for (const host of hosts) {
      const hosted = host === "dynamic" ? dynamic : plugin;
      hosted.starts.push(await timeStart(programs[host]));
      hosted.unchanged.push(await measureUp(hosted.world));
      hosted.cached.push(await measureCached(hosted.world));
      await hosted.declare(5, round * 100);
      hosted.changed.push(await measureUp(hosted.world));
    }
  }
  const compare = (what: string, of: (hosted: Hosted) => number, unit: string) =>
    table.note(
      what,
      `${of(plugin).toFixed(2)} ${unit} by the plugin, ${of(dynamic).toFixed(2)} by the dynamic provider`,
    );
  const seconds = (runs: readonly Usage[]) => median(runs.map(({ ms }) => ms)) / 1000;
  compare("1 sync: start of the provider's process", ({ starts }) => median(starts) / 1000, "s");
  compare("  unchanged up", ({ unchanged }) => seconds(unchanged), "s");
  compare("  the same with NODE_COMPILE_CACHE", ({ cached }) => seconds(cached), "s");
  compare("  up with its values changed, deployment included", ({ changed }) => seconds(changed), "s");
  compare("  memory of the provider's process, peak", peak, "MB");
  for (const hosted of [dynamic, plugin]) await measureState(hosted, hosted === plugin ? "plugin" : "dynamic", table);
  for (const { world } of [dynamic, plugin]) await world.close();
}

const stateGoals = { dynamic: 3072, plugin: 2048 } as const;

/** What is not ours to change. */
const engines = {
  dynamic: "the engine's own fields, the provider text twice and the arguments of the program are 2.2 KB of it",
  plugin: "the engine's own fields and the arguments of the program are 1.1 KB of it, two envelopes of secrets 0.3 KB",
} as const;

async function measureState({ world, declare }: Hosted, host: (typeof hosts)[number], table: Table): Promise<void> {
  const few = await stateOf(world);
  await declare(50, 0);
  await world.up("--skip-preview");
  const perKey = ((await stateOf(world)) - few) / 45;
  const beside = Math.round(few - 5 * perKey);
  table.goal({
    what: `  state of a sync beside its keys, ${host}, bytes`,
    value: beside,
    atMost: stateGoals[host],
    known: engines[host],
  });
  table.goal({ what: `  per key, ${host}, bytes`, value: Math.round(perKey), atMost: 200 });
}

async function openHosted(host: (typeof hosts)[number]): Promise<Hosted> {
  const world = await openWorld({ deployment: { phaseMs: 5 } });
  if (host === "plugin") await placePlugin(world);
  world.environment["PULUMI_SECRET_SYNC_HOST"] = host;
  const { id } = world.cloud.createApp(appSpec("one"));
  const declare = (keys: number, from: number) => world.program(syncProgram([id], { perApp: 1, keys, from }));
  await declare(5, 0);
  await measureUp(world);
  await measureCached(world);
  return { world, declare, starts: [], unchanged: [], cached: [], changed: [] };
}

/** What V8 made of the SDK in an earlier run is used again. */
async function measureCached(world: World): Promise<Usage> {
  const { NODE_DISABLE_COMPILE_CACHE: off = "", ...others } = world.environment;
  world.environment = { ...others, NODE_COMPILE_CACHE: join(world.directory, "compiled") };
  try {
    return await measureUp(world);
  } finally {
    world.environment = { ...others, NODE_DISABLE_COMPILE_CACHE: off };
  }
}

/** From the start of the process to the port that the engine waits for. */
function timeStart(program: string): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [program, "127.0.0.1:1"], { stdio: ["ignore", "pipe", "ignore"] });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.stdout.once("data", () => {
      const took = performance.now() - start;
      child.once("close", () => done(took));
      child.kill();
    });
  });
}

function peak({ unchanged, changed }: Hosted): number {
  return Math.max(...[...unchanged, ...changed].map(({ providerMb }) => providerMb));
}
