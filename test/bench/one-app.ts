// Several syncs of one app cost one look, one write and one deployment, and little state.

import { performance } from "node:perf_hooks";
import { openWorld, type World } from "../e2e/harness.js";
import { countCalls, nameCalls } from "./calls.js";
import { appSpec, syncProgram } from "./programs.js";
import type { Table } from "./table.js";

const put = "PUT /v2/apps/{id}";
const propose = "POST /v2/apps/propose";

export async function measureOneApp(table: Table): Promise<void> {
  const world = await openWorld({ deployment: { phaseMs: 2 } });
  const { id } = world.cloud.createApp(appSpec("one"));
  const counted = async (what: string, run: () => Promise<unknown>) => {
    world.cloud.resetCounts();
    const deployments = world.cloud.deployments(id).length;
    await run();
    table.note(`8 syncs, 1 app: ${what}`, nameCalls(world));
    return world.cloud.deployments(id).length - deployments;
  };
  const wide = ["--skip-preview", "--parallel", "16"];
  await world.program(syncProgram([id], { perApp: 8, keys: 5 }));
  await counted("preview", () => world.preview());
  table.goal({ what: "  reads", value: countCalls(world, "GET /v2/apps/{id}"), atMost: 1 });
  table.goal({ what: "  questions to the platform about the write", value: countCalls(world, propose), atMost: 1 });
  const deployments = await counted("first up", () => world.up(...wide));
  table.goal({ what: "  writes", value: countCalls(world, put), atMost: 1 });
  table.goal({ what: "  reads, verification included", value: countCalls(world, "GET /v2/apps/{id}"), atMost: 2 });
  table.goal({ what: "  questions about it", value: countCalls(world, propose), atMost: 0 });
  table.goal({ what: "  deployments", value: deployments, atMost: 1 });
  await counted("unchanged preview", () => world.preview());
  table.goal({ what: "  questions about a write", value: countCalls(world, propose), atMost: 0 });
  await counted("unchanged up", () => world.up("--skip-preview"));
  table.goal({ what: "  writes", value: countCalls(world, put), atMost: 0 });
  await world.program(syncProgram([id], { perApp: 8, keys: 5, from: 100 }));
  await counted("preview with every value changed", () => world.preview());
  table.goal({ what: "  questions about the write", value: countCalls(world, propose), atMost: 1 });
  const again = await counted("up with every value changed", () => world.up(...wide));
  table.goal({ what: "  writes", value: countCalls(world, put), atMost: 1 });
  table.goal({ what: "  deployments", value: again, atMost: 1 });
  await measureTime(world, table);
  const small = await stateOf(world);
  await world.program(syncProgram([id], { perApp: 8, keys: 50 }));
  await world.up(...wide);
  const large = await stateOf(world);
  const perKey = (large - small) / 45;
  table.goal({
    what: "state of a sync beside its keys, bytes",
    value: Math.round(small - 5 * perKey),
    atMost: 1024,
    known: "the engine's own fields and the provider text, which every dynamic resource holds twice, are 2 KB of it",
  });
  table.goal({
    what: "  per key, bytes",
    value: Math.round(perKey),
    atMost: 120,
  });
  await counted("destroy", () => world.pulumi("destroy", "--yes", "--parallel", "16"));
  table.goal({ what: "  writes", value: countCalls(world, put), atMost: 1 });
  await world.close();
}

/** Without `--parallel` the engine runs four steps a core at once, and a write takes along what is there. */
export async function measureGroups(table: Table): Promise<void> {
  const world = await openWorld({ deployment: { phaseMs: 2 } });
  const { id } = world.cloud.createApp(appSpec("many"));
  await world.program(syncProgram([id], { perApp: 20, keys: 5 }));
  world.cloud.resetCounts();
  await world.up("--skip-preview", "--parallel", "8");
  table.note("20 syncs, 1 app, 8 steps at once: first up", nameCalls(world));
  table.goal({ what: "  writes: one for each group of 8", value: countCalls(world, put), atMost: 3 });
  await world.close();
}

/** The wall clock of a preview beside that of a program that declares nothing. */
async function measureTime(world: World, table: Table): Promise<void> {
  const timed = async () => {
    const start = performance.now();
    await world.preview();
    return performance.now() - start;
  };
  const own = await timed();
  const empty = await openWorld();
  const start = performance.now();
  await empty.preview();
  const reference = performance.now() - start;
  await empty.close();
  table.note("8 syncs, 1 app: time of an unchanged preview", `${(own / 1000).toFixed(1)} s`);
  table.note("  beside an empty program", `${(own / reference).toFixed(2)} x ${(reference / 1000).toFixed(1)} s`);
}

/** Bytes of one sync in the exported state. */
export async function stateOf(world: World): Promise<number> {
  const { stdout } = await world.pulumi("stack", "export");
  const { deployment } = JSON.parse(stdout) as { deployment: { resources: Array<{ type: string }> } };
  return JSON.stringify(deployment.resources.find(({ type }) => type.endsWith("SecretSync"))).length;
}
