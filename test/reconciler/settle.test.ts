// Following a deployment to its end, in simulated time.

import { describe, expect, test } from "vitest";
import type { Progress, Target } from "../../provider/destinations/destination.js";
import { settle } from "../../provider/reconciler/deployments/settle.js";
import { createJumpingClock } from "../http/simulated-clock.js";
import { createMemoryApp, openTarget } from "../scenarios/memory-app.js";

const pending: Progress = { state: "pending", detail: "deployment d1 BUILDING" };

/** Follows a deployment that goes through these states; the last one stays. */
async function follow(states: readonly Progress[], timeoutMs = 60_000) {
  const clock = createJumpingClock(0);
  const reports: string[] = [];
  let looks = 0;
  const target: Target = {
    ...openTarget(createMemoryApp({}), {}, { clock }),
    poll: async () => {
      looks += 1;
      const state = states[Math.min(looks, states.length) - 1];
      if (state === undefined) throw new Error("cannot look");
      return state;
    },
  };
  const report = (status: string) => reports.push(status);
  const end = await settle({ target, deploymentId: "d1", timeoutMs, report }, clock);
  return { end, reports, looks, clock };
}

describe("following a deployment", () => {
  const failed: Progress = { state: "failed", problem: { code: "deployment.failed", message: "it failed" } };
  const superseded: Progress = { state: "superseded", detail: "deployment d1 SUPERSEDED" };

  test.each([{ state: "done" } as const, failed, superseded])("ends at once with $state", async (last) => {
    const { end, clock, reports } = await follow([last]);
    expect(end).toEqual(last);
    expect(clock.sleeps).toEqual([]);
    expect(reports).toEqual([]);
  });

  test("looks densely at first and then sparingly", async () => {
    const { clock } = await follow([...Array.from({ length: 10 }, () => pending), { state: "done" }]);
    expect(clock.sleeps).toEqual([250, 500, 1_000, 1_000, 2_000, 2_000, 3_000, 5_000, 5_000, 5_000]);
  });

  test("says at every look how it stands", async () => {
    const later: Progress = { state: "pending", detail: "deployment d1 DEPLOYING 4/6" };
    const { reports } = await follow([pending, later, { state: "done" }]);
    expect(reports).toEqual(["deployment d1 BUILDING", "deployment d1 DEPLOYING 4/6"]);
  });

  test("never waits longer than it may, and tells where it stopped", async () => {
    const { end, clock } = await follow([pending], 30_000);
    expect(clock.now()).toBeLessThanOrEqual(30_000);
    expect(clock.now()).toBeGreaterThan(20_000);
    expect(end).toMatchObject({
      state: "timeout",
      problem: {
        code: "deployment.timeout",
        message: expect.stringContaining("deployment d1 BUILDING did not end within 30 seconds"),
      },
    });
  });

  test("uses its time to the last moment", async () => {
    expect((await follow([pending], 250 + 500)).clock.sleeps).toEqual([250, 500]);
    expect((await follow([pending], 250 + 499)).clock.sleeps).toEqual([250]);
  });

  test("looks once even when there is no time to wait", async () => {
    expect(await follow([{ state: "done" }], 0)).toMatchObject({ end: { state: "done" }, looks: 1 });
    expect(await follow([pending], 0)).toMatchObject({ end: { state: "timeout" }, looks: 1 });
  });

  test("hands on the failure of a look", async () => {
    await expect(follow([])).rejects.toThrow("cannot look");
  });
});
