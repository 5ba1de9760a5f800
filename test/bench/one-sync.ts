// One sync as a whole process: unchanged, and with one value changed, beside a dynamic resource that does nothing and an empty program.

import { performance } from "node:perf_hooks";
import { openWorld, type World } from "../e2e/harness.js";
import { median } from "./median.js";
import { appSpec, syncProgram, writeTrivialProgram } from "./programs.js";
import type { Table } from "./table.js";

const rounds = 7;

export async function measureOneSync(table: Table): Promise<void> {
  const own = await openWorld({ deployment: { phaseMs: 5 } });
  const { id } = own.cloud.createApp(appSpec("one"));
  const bare = await openWorld();
  const empty = await openWorld();
  const declare = (from: number) => own.program(syncProgram([id], { perApp: 1, keys: 3, from }));
  await declare(0);
  await writeTrivialProgram(bare, { count: 1, keys: 3 });
  for (const world of [own, bare, empty]) await timeUp(world);
  const times = { own: [] as number[], bare: [] as number[], empty: [] as number[], changed: [] as number[] };
  // In turns, so that whatever else the machine does meets all of them.
  for (let round = 1; round <= rounds; round += 1) {
    times.own.push(await timeUp(own));
    times.bare.push(await timeUp(bare));
    times.empty.push(await timeUp(empty));
    await declare(round * 100);
    times.changed.push(await timeUp(own));
  }
  const unchanged = median(times.own);
  table.note("1 sync: unchanged up", seconds(unchanged));
  table.note("  beside a dynamic resource that does nothing", ratio(unchanged, median(times.bare)));
  table.note("  beside an empty program", ratio(unchanged, median(times.empty)));
  table.note("1 sync: up with its values changed, deployment included", seconds(median(times.changed)));
  for (const world of [own, bare, empty]) await world.close();
}

async function timeUp(world: World): Promise<number> {
  const start = performance.now();
  await world.up("--skip-preview");
  return performance.now() - start;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function ratio(ms: number, reference: number): string {
  return `${(ms / reference).toFixed(2)} x ${seconds(reference)}`;
}
