// The unattended runner for as long as asked: whatever happens around it, no key is lost, no value is wrong, and nothing grows.

import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../e2e/watching.js";
import { openSoak, type Soak } from "./soak.js";
import { pickDisturbance } from "./disturbances.js";

const minutes = Number(process.env["SOAK_MINUTES"] ?? 10);
const seed = Number(process.env["SOAK_SEED"] ?? 1);

let soak: Soak;
beforeAll(async () => {
  soak = await openSoak(seed);
});
afterAll(() => soak.close());

test(`for ${minutes} minutes, seed ${seed}`, { timeout: (minutes + 10) * 60_000 }, async () => {
  const until = Date.now() + minutes * 60_000;
  const played: Record<string, number> = {};
  while (Date.now() < until) {
    const { name, play } = pickDisturbance(soak.random);
    await play(soak);
    played[name] = (played[name] ?? 0) + 1;
    expect(soak.violations).toEqual([]);
    await soak.pause(soak.random() < 0.3 ? 12_000 : 2500);
  }
  soak.world.cloud.faults.clear();
  await eventually(() => soak.isSettled(), `every app to be as its files say: ${soak.differences().join(", ")}`, 180);
  expect(soak.violations).toEqual([]);
  const leaks = await soak.findLeaks();
  const end = await soak.runner().end();
  const runs = soak.runs();
  process.stderr.write(
    `soak: ${runs} runs, ${soak.writes()} writes, ${soak.starts()} starts, seed ${seed}, played ${JSON.stringify(played)}\n`,
  );
  expect(leaks).toEqual([]);
  expect(end).toBe(0);
  expect(runs).toBeGreaterThan(minutes);
});
