// The unattended runner: what a look and a rotation of 100 syncs on 20 apps cost, in one stack and in thirty.

import { performance } from "node:perf_hooks";
import { startProgram, openWorld, type World } from "../e2e/harness.js";
import { runnerProgram } from "../e2e/watching.js";
import { countCalls, nameCalls } from "./calls.js";
import { appSpec } from "./programs.js";
import type { Table } from "./table.js";

const amount = { apps: 20, syncs: 100 };
const put = "PUT /v2/apps/{id}";

export async function measureRunner(table: Table): Promise<void> {
  await measureStacks(table, 1);
  await measureStacks(table, 30);
}

async function measureStacks(table: Table, count: number): Promise<void> {
  const world = await openWorld({ deployment: { phaseMs: 5 } });
  const appIds = Array.from({ length: amount.apps }, (_, app) => world.cloud.createApp(appSpec(`app-${app}`)).id);
  const stacks = Array.from({ length: count }, (_, index) => `s${index}`);
  await world.program(shareProgram(appIds, count));
  await writeValues(world);
  for (const stack of stacks) {
    if (stack !== "test") await world.openStack(stack);
    await world.up("--skip-preview", "--stack", stack);
  }
  const name = `${count === 1 ? "1 stack" : `${count} stacks`}, ${amount.syncs} syncs, ${amount.apps} apps`;
  const look = await watchOnce(world, stacks);
  table.note(`watch, ${name}: a look`, `${(look.ms / 1000).toFixed(1)} s`);
  table.note("  processor time", `${look.cpuSeconds.toFixed(1)} s`);
  table.note("  calls", nameCalls(world));
  table.goal({ what: "  writes", value: countCalls(world, put), atMost: 0 });
  await writeValues(world);
  const rotation = await watchOnce(world, stacks);
  table.note(`watch, ${name}: a rotation of every value`, `${(rotation.ms / 1000).toFixed(1)} s`);
  table.note("  calls", nameCalls(world));
  // A stack writes an app once; each of thirty has syncs of two apps.
  const atMost = count === 1 ? amount.apps + 4 : 2 * count;
  table.goal({ what: "  writes", value: countCalls(world, put), atMost });
  await world.close();
}

/** Each stack has its share of the syncs, each sync an app and a file. */
function shareProgram(appIds: readonly string[], stacks: number): string {
  return `
const own = Number(pulumi.getStack().slice(1));
for (const [sync, appId] of Array.from({ length: ${amount.syncs} }, (_, n) => [n, ${JSON.stringify(appIds)}[n % ${amount.apps}]])) {
  if (sync % ${stacks} !== own) continue;
  new SecretSync("sync-" + sync, {
    source: { type: "file", path: sync + ".env" },
    destination: { type: "digital-ocean-app-platform", appId },
  });
}`;
}

async function writeValues(world: World): Promise<void> {
  for (let sync = 0; sync < amount.syncs; sync += 1)
    await world.write(`${sync}.env`, [0, 1, 2].map((key) => `K${sync}_${key}=${world.secret("k")}\n`).join(""));
}

/** One look at every stack, with what it takes from start to end; its own process and all that it has started. */
async function watchOnce(world: World, stacks: readonly string[]): Promise<{ ms: number; cpuSeconds: number }> {
  world.cloud.resetCounts();
  const start = performance.now();
  const timed = ["bash", "-c", 'time "$@"', "time", process.execPath, runnerProgram, "watch", "--once"];
  const run = await startProgram(world, [...timed, ...stacks.map((stack) => `.#${stack}`)], { TIMEFORMAT: "%U %S" })
    .done;
  if (run.code !== 0) throw new Error(`the runner ended with ${run.code}:\n${run.text}`);
  const [, user = "", system = ""] = /^([\d.]+) ([\d.]+)$/m.exec(run.text.slice(run.stdout.length)) ?? [];
  return { ms: performance.now() - start, cpuSeconds: Number(user) + Number(system) };
}
