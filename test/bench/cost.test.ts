// Test world: what a run costs. Prints one table; every goal is an assertion. Run with `npm run bench`.

import { performance } from "node:perf_hooks";
import { afterAll, expect, test } from "vitest";
import { decide } from "../../provider/core/decision.js";
import { openWorld, type World } from "../e2e/harness.js";
import { watchMemory } from "./memory.js";
import { planningWorld, trivialProgram } from "./programs.js";

const rows: Array<readonly [string, string, string]> = [];
const note = (what: string, measured: string, goal: string) => rows.push([what, measured, goal]);

afterAll(() => {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  |  "));
});

const calls = (world: World) =>
  Object.entries(world.cloud.counts())
    .map(([call, count]) => `${count} ${call.replace("/v2/apps", "")}`)
    .join(", ");
const count = (world: World, call: string) => world.cloud.counts()[call] ?? 0;

async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  return [await run(), performance.now() - start];
}

const syncs = (
  appIds: readonly string[],
  { perApp, keys, from = 0 }: { perApp: number; keys: number; from?: number },
) => `
const appIds = ${JSON.stringify(appIds)};
appIds.forEach((appId, a) => {
  for (let s = 0; s < ${perApp}; s += 1) {
    const values = {};
    for (let k = 0; k < ${keys}; k += 1) values["K" + s + "_" + k] = "value-" + (${from} + k) + "-" + s;
    new SecretSync("sync-" + a + "-" + s, { source: { type: "inline", values }, destination: { type: "digital-ocean-app-platform", appId, deployment: { wait: ${perApp > 6 ? "true" : "false"} } } });
  }
});`;

const app = (name: string) => ({
  name,
  services: [{ name: "web", image: { registry_type: "DOCKER_HUB", repository: "nginx" } }],
});

test("N syncs on one app cost one read, one write and one deployment", async () => {
  const world = await openWorld({ deployment: { phaseMs: 2 } });
  const { id } = world.cloud.createApp(app("one"));
  await world.program(syncs([id], { perApp: 8, keys: 5 }));
  world.cloud.resetCounts();
  await world.preview();
  note("8 syncs, 1 app: preview", calls(world), "1 read");
  expect(count(world, "GET /v2/apps/{id}")).toBe(1);
  world.cloud.resetCounts();
  await world.up("--skip-preview", "--parallel", "16");
  note("8 syncs, 1 app: first up", calls(world), "1 GET, 1 PUT, 1 verification, 1 deployment");
  expect(count(world, "PUT /v2/apps/{id}")).toBe(1);
  expect(count(world, "GET /v2/apps/{id}")).toBe(2);
  world.cloud.resetCounts();
  await world.up("--skip-preview");
  note("8 syncs, 1 app: unchanged up", calls(world), "0 writes");
  expect(count(world, "PUT /v2/apps/{id}")).toBe(0);
  await world.program(syncs([id], { perApp: 8, keys: 5, from: 100 }));
  world.cloud.resetCounts();
  await world.up("--skip-preview", "--parallel", "16");
  note("8 syncs, 1 app: every value changed", calls(world), "1 PUT, 1 deployment");
  expect(count(world, "PUT /v2/apps/{id}")).toBe(1);
  const state = await world.pulumi("stack", "export");
  const resource = (
    JSON.parse(state.stdout) as { deployment: { resources: Array<{ type: string }> } }
  ).deployment.resources.find(({ type }) => type.endsWith("SecretSync"));
  note("state of one sync with 5 keys", `${JSON.stringify(resource).length} bytes`, "printed");
  world.cloud.resetCounts();
  await world.pulumi("destroy", "--yes", "--parallel", "16");
  note("8 syncs, 1 app: destroy", calls(world), "1 PUT");
  expect(count(world, "PUT /v2/apps/{id}")).toBe(1);
  await world.close();
});

test("1,000 unchanged syncs on 200 apps cost at most two list calls and little more than as many trivial resources", async () => {
  const world = await openWorld({ deployment: { phaseMs: 0 } });
  const ids = Array.from({ length: 200 }, (_, index) => world.cloud.createApp(app(`app-${String(index)}`)).id);
  await world.program(syncs(ids, { perApp: 5, keys: 50 }));
  // Without this the engine writes its whole state after each of 1,000 steps, and that is all one would measure.
  Object.assign(world.environment, { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" });
  const [, first] = await timed(() => world.up("--skip-preview", "--parallel", "64"));
  note("1,000 syncs of 50 keys, 200 apps: first up", `${(first / 1000).toFixed(1)} s, ${calls(world)}`, "printed");
  world.cloud.resetCounts();
  const memory = watchMemory();
  const [, unchanged] = await timed(() => world.up("--skip-preview"));
  const peak = memory();
  note("provider process, 1,000 syncs of 50 keys", `${String(Math.round(peak))} MB`, "less than 300 MB");
  note(
    "1,000 syncs, 200 apps: unchanged up",
    `${(unchanged / 1000).toFixed(1)} s, ${calls(world)}`,
    "at most 2 list calls, 0 writes",
  );
  expect(count(world, "GET /v2/apps")).toBeLessThanOrEqual(2);
  expect(count(world, "PUT /v2/apps/{id}")).toBe(0);
  await world.close();
  const trivial = await openWorld();
  await trivialProgram(trivial, 1000);
  await trivial.up("--skip-preview");
  const [, reference] = await timed(() => trivial.up("--skip-preview"));
  note("1,000 trivial dynamic resources: unchanged up", `${(reference / 1000).toFixed(1)} s`, "reference");
  await trivial.program("");
  const [, empty] = await timed(() => trivial.preview());
  note("empty program: preview", `${(empty / 1000).toFixed(1)} s`, "reference");
  note("ratio to trivial resources", (unchanged / reference).toFixed(2), "at most 1.2");
  await trivial.close();
});

test("planning 10,000 keys takes less than 25 ms", () => {
  const request = planningWorld(10_000);
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    expect(decide(request).problems).toEqual([]);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const median = times[7] ?? 0;
  note("plan of 10,000 keys, median of 15", `${median.toFixed(1)} ms`, "less than 25 ms");
});
