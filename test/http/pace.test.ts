// The burst limit: decisions as a table, and a simulated thousand requests.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGate } from "../../provider/http/gate.js";
import {
  decidePace,
  defaultPaceLimits,
  freshPace,
  type PaceDecision,
  type PaceState,
} from "../../provider/http/pace.js";
import { createQueuedClock } from "./simulated-clock.js";

const limits = { requests: 3, windowMs: 1000, parallel: 2 };

test.each<[string, Partial<PaceState>, PaceDecision]>([
  ["nothing has happened", {}, { kind: "go" }],
  ["room in the window", { ended: [9500, 9600] }, { kind: "go" }],
  ["full window", { ended: [9500, 9600, 9700] }, { kind: "wait", until: 10_501, asked: false }],
  [
    "full together with one under way",
    { ended: [9500, 9600], inFlight: 1 },
    { kind: "wait", until: 10_501, asked: false },
  ],
  ["old ones do not count", { ended: [8000, 8999, 9700] }, { kind: "go" }],
  ["the end of the window belongs to it", { ended: [9000, 9600, 9700] }, { kind: "wait", until: 10_001, asked: false }],
  ["too many at a time", { inFlight: 2 }, { kind: "crowded" }],
  ["told to stay away", { closedUntil: 12_000 }, { kind: "wait", until: 12_000, asked: true }],
  ["told to stay away before", { closedUntil: 10_000 }, { kind: "go" }],
  ["nothing left", { server: { remaining: 0, resetAt: 11_000 } }, { kind: "wait", until: 11_000, asked: true }],
  ["all that is left is under way", { inFlight: 1, server: { remaining: 1, resetAt: 11_000 } }, { kind: "crowded" }],
  ["something left", { inFlight: 1, server: { remaining: 2, resetAt: 11_000 } }, { kind: "go" }],
  ["after the reset one may look", { server: { remaining: 0, resetAt: 10_000 } }, { kind: "go" }],
  ["after the reset only one", { inFlight: 1, server: { remaining: 0, resetAt: 10_000 } }, { kind: "crowded" }],
])("%s", (_, state, decision) => {
  expect(decidePace({ ...freshPace, ...state }, 10_000, limits)).toEqual(decision);
});

/** Sends `count` requests through a gate and notes when a server far away sees them. */
async function simulate(count: number, draw: { before: () => number; after: () => number }) {
  const clock = createQueuedClock();
  const gate = createGate(clock, defaultPaceLimits);
  const arrivals: number[] = [];
  let underWay = 0;
  let most = 0;
  const one = async () => {
    const turn = await gate.enter(0);
    if (turn.kind === "refused") throw new Error("refused without having been asked");
    underWay += 1;
    most = Math.max(most, underWay);
    await clock.sleep(draw.before());
    arrivals.push(clock.now());
    await clock.sleep(draw.after());
    underWay -= 1;
    turn.leave(undefined);
  };
  const start = clock.now();
  await clock.run(Promise.all(Array.from({ length: count }, one)));
  return { arrivals: arrivals.sort((a, b) => a - b), took: clock.now() - start, most };
}

function busiestWindow(arrivals: readonly number[], windowMs: number): number {
  let first = 0;
  let most = 0;
  arrivals.forEach((at, index) => {
    while ((arrivals[first] ?? at) < at - windowMs) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

describe("a thousand requests", () => {
  test("never exceed 250 in any 60 seconds, whatever the latency", async () => {
    const latency = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 3, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(latency, latency, async (before, after) => {
        let step = 0;
        const draw = (from: number[]) => () => from[(step += 1) % from.length] ?? 0;
        const { arrivals, most } = await simulate(1000, { before: draw(before), after: draw(after) });
        expect(arrivals).toHaveLength(1000);
        expect(busiestWindow(arrivals, 60_000)).toBeLessThanOrEqual(250);
        expect(most).toBeLessThanOrEqual(16);
      }),
      { numRuns: 10 },
    );
  });

  test("are not slower than they must be", async () => {
    const { took, arrivals } = await simulate(1000, { before: () => 50, after: () => 50 });
    // Three full windows have to pass before the last 250 may start.
    expect(took).toBeGreaterThan(180_000);
    expect(took).toBeLessThan(190_000);
    expect(busiestWindow(arrivals, 60_000)).toBe(250);
  });
});

test("the first requests are not delayed", async () => {
  const { took } = await simulate(250, { before: () => 0, after: () => 0 });
  expect(took).toBe(0);
});

test("after a 429 nobody knocks before the time, and who has less patience is told at once", async () => {
  const clock = createQueuedClock();
  const gate = createGate(clock, defaultPaceLimits);
  gate.close(clock.now() + 30_000);
  const start = clock.now();
  const [impatient, patient] = await clock.run(Promise.all([gate.enter(10_000), gate.enter(60_000)]));
  expect(impatient).toEqual({ kind: "refused", askedMs: 30_000 });
  expect(patient.kind).toBe("entered");
  expect(clock.now() - start).toBe(30_000);
});

test("what the server says is left is not overdrawn by parallel requests", async () => {
  const clock = createQueuedClock();
  const gate = createGate(clock, defaultPaceLimits);
  const starts: number[] = [];
  let remaining = 5;
  const resetAt = clock.now() + 20_000;
  const one = async () => {
    const turn = await gate.enter(60_000);
    if (turn.kind === "refused") throw new Error("refused");
    starts.push(clock.now());
    await clock.sleep(100);
    if (clock.now() >= resetAt) remaining = 100;
    remaining -= 1;
    expect(remaining).toBeGreaterThanOrEqual(0);
    turn.leave({ remaining, resetAt: clock.now() >= resetAt ? resetAt + 60_000 : resetAt });
  };
  await clock.run(one());
  await clock.run(Promise.all(Array.from({ length: 12 }, one)));
  expect(starts.filter((at) => at < resetAt)).toHaveLength(5);
  expect(starts).toHaveLength(13);
});
