// What a run costs. Prints one table; every goal is an assertion. Run with `npm run bench`.

import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { afterAll, expect, test } from "vitest";
import type * as Decision from "../../provider/core/decision.js";
import { measureEntry } from "./entry.js";
import { measureHosts } from "./hosts.js";
import { measureBurst, measureManyApps } from "./many-apps.js";
import { measureGroups, measureOneApp } from "./one-app.js";
import { measureOneSync } from "./one-sync.js";
import { planningWorld } from "./programs.js";
import { measureRunner } from "./runner.js";
import { createTable } from "./table.js";

// The built code: the test runner's own form of a module is slower.
const { decide } = createRequire(__filename)("../../dist/provider/core/decision.js") as typeof Decision;

const table = createTable();

afterAll(() => table.print());

test("planning 10,000 keys takes less than 25 ms", () => {
  const request = planningWorld(10_000);
  const times = Array.from({ length: 60 }, () => {
    const start = performance.now();
    expect(decide(request).problems).toEqual([]);
    return performance.now() - start;
  });
  table.note("plan of 10,000 keys, the first of all", `${(times[0] ?? 0).toFixed(1)} ms`);
  times.sort((a, b) => a - b);
  table.goal({ what: "  best of 60", value: times[0] ?? 0, atMost: 25, unit: " ms" });
  table.note("  median of 60", `${(times[30] ?? 0).toFixed(1)} ms`);
  expect(table.takeMissed()).toEqual([]);
});

test("the provider loads in no time, and nothing that is not used", async () => {
  await measureEntry(table);
  expect(table.takeMissed()).toEqual([]);
});

test("one sync takes about as long as a dynamic resource that does nothing", async () => {
  await measureOneSync(table);
  expect(table.takeMissed()).toEqual([]);
});

test("the plugin starts sooner than the dynamic provider, takes less memory, and keeps less state", async () => {
  await measureHosts(table);
  expect(table.takeMissed()).toEqual([]);
});

test("syncs of one app cost one read, one write and one deployment", async () => {
  await measureOneApp(table);
  expect(table.takeMissed()).toEqual([]);
});

test("more syncs than the engine runs at once cost one write for each group", async () => {
  await measureGroups(table);
  expect(table.takeMissed()).toEqual([]);
});

test("the burst limit is never exceeded, and never told by a refusal", async () => {
  await measureBurst(table);
  expect(table.takeMissed()).toEqual([]);
});

test("1,000 unchanged syncs on 200 apps cost at most two lists and little more than as many trivial resources", async () => {
  await measureManyApps(table);
  expect(table.takeMissed()).toEqual([]);
});

test("a look of the runner writes nothing", async () => {
  await measureRunner(table);
  expect(table.takeMissed()).toEqual([]);
});
