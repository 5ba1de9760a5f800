// Random histories of a program of several syncs: none loses a key of its own, and none touches what is somebody else's.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { startNetlify } from "../emulators/netlify/index.js";
import { host } from "../lifecycle/host.js";
import { onEnd } from "../running.js";
import { seedOf } from "../seed.js";
import { openApps, switchesOfAppPlatform } from "./app-platform.js";
import { histories } from "./arbitraries.js";
import { play } from "./course.js";
import { openSites, switchesOfNetlify } from "./netlify-sites.js";
import type { Platform } from "./platform.js";

/** Thousands of requests of one token would meet the hourly limit. */
const unlimited = { perHour: 1_000_000, perMinute: 1_000_000 };

/** Where a history may take place: on the same emulator, which answers what is not documented otherwise each time. */
interface Ground {
  readonly switches: object;
  readonly open: () => Platform;
}

const grounds: Readonly<Record<string, () => Promise<fc.Arbitrary<Ground>>>> = {
  "App Platform": async () => {
    const cloud = await openCloud();
    return switchesOfAppPlatform.map((switches) => ({ switches, open: () => openApps(cloud, switches) }));
  },
  Netlify: async () => {
    const cloud = await openCloud();
    const netlify = await startNetlify({ perMinute: 1_000_000, buildsPerMinute: 1_000_000, buildsPerDay: 1_000_000 });
    onEnd(() => netlify.close());
    return switchesOfNetlify.map((switches) => ({ switches, open: () => openSites({ netlify, cloud }, switches) }));
  },
};

async function openCloud() {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 0 }, rateLimit: unlimited });
  onEnd(() => cloud.close());
  return cloud;
}

const rows = [
  ...[21, 22, 23, 24, 25].map((seed) => ({ seed, on: "App Platform" })),
  ...[31, 32, 33].map((seed) => ({ seed, on: "Netlify" })),
];
/** With the plugin a history costs three times as much. */
const count = Number(process.env["HISTORIES"] ?? (host.name === "plugin" ? 24 : 80));
const perRow = Math.ceil(count / rows.length);
/** A row takes a quarter of a minute; on a busy machine it took a whole one. */
const patienceMs = Math.max(240_000, count * 2_000);

// Most of the time of a run is waiting, so several rows of histories go side by side.
test.concurrent.for(rows)(
  "whatever a program changes and however its runs fail on $on (row $seed), each key has one owner, and what is somebody else's stays",
  { timeout: patienceMs + 60_000 },
  async ({ seed, on }) => {
    const ground = await grounds[on]?.();
    if (ground === undefined) throw new Error(`nothing is known of ${on}`);
    let played = 0;
    const property = fc.asyncProperty(histories, ground, async (history, { open }) => {
      await play(history, open());
      played += 1;
    });
    const time = { interruptAfterTimeLimit: patienceMs, markInterruptAsFailure: true };
    await fc.assert(property, { numRuns: perRow, seed: seedOf(seed), ...time });
    expect(played).toBe(perRow);
  },
);
