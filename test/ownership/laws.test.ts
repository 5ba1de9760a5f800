// Random histories of a program of several syncs: none loses a key of its own, and none touches what is somebody else's.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { onEnd } from "../running.js";
import { seedOf } from "../seed.js";
import { histories } from "./arbitraries.js";
import { play } from "./course.js";

/** Thousands of requests of one token would meet the hourly limit. */
const unlimited = { perHour: 1_000_000, perMinute: 1_000_000 };

const count = Number(process.env["HISTORIES"] ?? 75);
const rows = [21, 22, 23, 24, 25];
const perRow = Math.ceil(count / rows.length);
/** A row takes a quarter of a minute; on a busy machine it took a whole one. */
const patienceMs = Math.max(240_000, count * 2_000);

// Most of the time of a run is waiting, so several rows of histories go side by side.
test.concurrent.for(rows)(
  "whatever a program changes and however its runs fail (row %i), each key has one owner, and what is somebody else's stays",
  { timeout: patienceMs + 60_000 },
  async (seed) => {
    const cloud = await startDigitalOcean({ deployment: { phaseMs: 0 }, rateLimit: unlimited });
    onEnd(() => cloud.close());
    let played = 0;
    const property = fc.asyncProperty(histories, async (history) => {
      await play(history, cloud);
      played += 1;
    });
    const time = { interruptAfterTimeLimit: patienceMs, markInterruptAsFailure: true };
    await fc.assert(property, { numRuns: perRow, seed: seedOf(seed), ...time });
    expect(played).toBe(perRow);
  },
);
