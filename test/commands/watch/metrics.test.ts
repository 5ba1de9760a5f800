// What Prometheus reads of the runner.

import { beforeEach, expect, test } from "vitest";
import { noteOutcome, startHealth, type StackHealth } from "../../../provider/commands/watch/health.js";
import { type Metrics, openMetrics } from "../../../provider/commands/watch/metrics.js";
import { emptyOutcome, type Outcome } from "../../../provider/commands/watch/outcome.js";
import { readVendorCalls } from "../../../provider/vendor-calls.js";
import { type Family, parseExposition } from "./exposition.js";

const minute = 60_000;
const wall = Date.UTC(2026, 0, 2, 3, 0);
const input = { now: 60 * minute, wall, interval: 5 * minute, longestRun: 40 * minute };
/** Seconds since the epoch of a minute of the runner. */
const at = (time: number) => (wall - 60 * minute + time * minute) / 1000;
const urnOf = (name: string, kind = "") =>
  `urn:pulumi:prod::shop::${kind}pulumi-nodejs:dynamic/secret-sync:SecretSync::${name}`;
const urn = urnOf("web");

/** A stack after these runs, each with the minute of its end. */
function after(stack: string, runs: ReadonlyArray<readonly [number, Partial<Outcome>]>): StackHealth {
  let history = startHealth(stack, 0);
  for (const [time, outcome] of runs) {
    const times = { now: time * minute, wall: 0, durationMs: 1500 };
    history = noteOutcome(history, { ...emptyOutcome, result: "unchanged", ...outcome }, times);
  }
  return { ...history, nextAt: 61 * minute, failures: 2 };
}

const problems = [{ code: "deployment.failed", message: "m", urn }] as const;
const web = (result: "failed" | "synced" | "waiting") => ({ syncs: [{ urn, sync: "web", result }] });
const written: Partial<Outcome> = {
  result: "synced",
  changes: [{ sync: "web", did: "1 changed", keys: 1, repaired: 2 }],
  ...web("synced"),
  vendors: readVendorCalls("DigitalOcean 4990\nInfisical \nDigitalOcean 4989\nDigital"),
};
const failed: Partial<Outcome> = {
  result: "failed",
  problems,
  ...web("failed"),
  vendors: readVendorCalls("DigitalOcean 4980\n"),
};

let metrics: Metrics;
beforeEach(() => {
  metrics = openMetrics();
});

async function scrape(...stacks: StackHealth[]) {
  return parseExposition(await metrics.render(stacks, input));
}

function read(families: ReadonlyMap<string, Family>, name: string) {
  return families.get(`secret_sync_${name}`)?.samples.map(({ labels, value }) => [labels, value]);
}

test("metrics are what the page of watch names, each with its kind and its help", async () => {
  const families = await scrape(
    after("shop/prod", [
      [40, written],
      [59, failed],
    ]),
  );
  const stack = "shop/prod";
  expect([...families.values()].every(({ help }) => help.endsWith("."))).toBe(true);
  expect([...families].map(([name, { type }]) => [name, type])).toEqual([
    ["secret_sync_runs_total", "counter"],
    ["secret_sync_run_seconds_total", "counter"],
    ["secret_sync_writes_total", "counter"],
    ["secret_sync_repaired_keys_total", "counter"],
    ["secret_sync_failed_deployments_total", "counter"],
    ["secret_sync_consecutive_failures", "gauge"],
    ["secret_sync_last_success_timestamp_seconds", "gauge"],
    ["secret_sync_needs_person_since_timestamp_seconds", "gauge"],
    ["secret_sync_locked_since_timestamp_seconds", "gauge"],
    ["secret_sync_vendor_calls_total", "counter"],
    ["secret_sync_rate_limit_remaining", "gauge"],
    ["secret_sync_sync_failures", "gauge"],
    ["secret_sync_sync_needs_person", "gauge"],
    ["secret_sync_sync_last_success_timestamp_seconds", "gauge"],
  ]);
  expect(
    Object.fromEntries([...families.keys()].map((name) => [name.slice(12), read(families, name.slice(12))])),
  ).toEqual({
    runs_total: [
      [{ stack, result: "synced" }, 1],
      [{ stack, result: "failed" }, 1],
    ],
    run_seconds_total: [[{ stack }, 3]],
    writes_total: [[{ stack }, 1]],
    repaired_keys_total: [[{ stack }, 2]],
    failed_deployments_total: [[{ stack }, 1]],
    consecutive_failures: [[{ stack }, 2]],
    last_success_timestamp_seconds: [[{ stack }, at(40)]],
    needs_person_since_timestamp_seconds: [],
    locked_since_timestamp_seconds: [],
    vendor_calls_total: [
      [{ stack, vendor: "DigitalOcean" }, 3],
      [{ stack, vendor: "Infisical" }, 1],
    ],
    rate_limit_remaining: [[{ stack, vendor: "DigitalOcean" }, 4980]],
    sync_failures: [[{ stack, sync: "web" }, 1]],
    sync_needs_person: [[{ stack, sync: "web" }, 0]],
    sync_last_success_timestamp_seconds: [[{ stack, sync: "web" }, at(40)]],
  });
});

test("metrics are of now: what is over is gone in the next answer, and a count goes on from itself", async () => {
  const waiting = { result: "waiting", waiting: ["run pulumi up yourself"], ...web("waiting") } as const;
  const locked = { result: "locked", isWhole: true, problems: [{ code: "stack.locked", message: "m" }] } as const;
  const first = await scrape(
    after("shop/prod", [
      [50, waiting],
      [55, locked],
    ]),
  );
  expect(read(first, "locked_since_timestamp_seconds")).toEqual([[{ stack: "shop/prod" }, at(55)]]);
  expect(read(first, "needs_person_since_timestamp_seconds")).toEqual([[{ stack: "shop/prod" }, at(50)]]);
  expect(read(first, "sync_needs_person")).toEqual([[{ stack: "shop/prod", sync: "web" }, 1]]);
  const second = await scrape(
    after("shop/prod", [
      [50, waiting],
      [55, locked],
      [58, { result: "synced" }],
    ]),
  );
  expect(read(second, "locked_since_timestamp_seconds")).toEqual([]);
  expect(read(second, "needs_person_since_timestamp_seconds")).toEqual([]);
  expect(read(second, "sync_needs_person")).toEqual([]);
  expect(read(second, "runs_total")?.map(([, value]) => value)).toEqual([1, 1, 1]);
});

test("two scrapes at a time are each answered whole", async () => {
  const one = after("shop/prod", [[40, written]]);
  const [first, second] = await Promise.all([scrape(one), scrape(one, { ...one, stack: "site/prod" })]);
  expect(read(first, "writes_total")).toEqual([[{ stack: "shop/prod" }, 1]]);
  expect(read(second, "writes_total")).toHaveLength(2);
});

test("a name of whatever signs is one label, of which nothing acts in a terminal", async () => {
  const sync = 'we"b\\ \u001b[31m\r\n,sync="x"} 1';
  const syncs = [{ urn: urnOf("web"), sync, result: "synced" }] as const;
  const families = await scrape(after('a"\\b\n', [[40, { syncs }]]));
  expect(read(families, "sync_failures")).toEqual([
    [{ stack: String.raw`a"\b\n`, sync: String.raw`we"b\ \u001b[31m\r\n,sync="x"} 1` }, 0],
  ]);
});

test("of syncs of one name, in components of different kinds, the worst is told, once", async () => {
  const twins = (result: "failed" | "synced") =>
    [
      { urn: urnOf("web", "shop:web:Left$"), sync: "web", result },
      { urn: urnOf("web", "shop:web:Right$"), sync: "web", result: "synced" },
    ] as const;
  const families = await scrape(
    after("shop/prod", [
      [40, { syncs: twins("synced") }],
      [59, { result: "failed", syncs: twins("failed") }],
    ]),
  );
  expect(read(families, "sync_failures")).toEqual([[{ stack: "shop/prod", sync: "web" }, 1]]);
  expect(read(families, "sync_last_success_timestamp_seconds")).toEqual([
    [{ stack: "shop/prod", sync: "web" }, at(40)],
  ]);
});

test("of syncs of one name, of which one was never seen as it should be, no success is told", async () => {
  const syncs = [
    { urn: urnOf("web", "shop:web:Left$"), sync: "web", result: "failed" },
    { urn: urnOf("web", "shop:web:Right$"), sync: "web", result: "synced" },
  ] as const;
  const families = await scrape(after("shop/prod", [[59, { result: "failed", syncs }]]));
  expect(read(families, "sync_failures")).toEqual([[{ stack: "shop/prod", sync: "web" }, 1]]);
  expect(read(families, "sync_last_success_timestamp_seconds")).toEqual([]);
});

test("two runners in one process know nothing of each other, and nothing is in the registry of the process", async () => {
  await scrape(after("shop/prod", [[40, written]]));
  const other = parseExposition(await openMetrics().render([], input));
  expect([...other.values()].flatMap(({ samples }) => samples)).toEqual([]);
  expect(other.size).toBe(14);
  const { register } = await import("prom-client");
  expect(await register.metrics()).toBe("\n");
});

test("a runner that has not begun has metrics without samples", async () => {
  const families = await scrape();
  expect([...families.values()].flatMap(({ samples }) => samples)).toEqual([]);
  expect(metrics.type).toBe("text/plain; version=0.0.4; charset=utf-8");
});
