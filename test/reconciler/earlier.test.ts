// A deployment that an earlier run has left under way, and that may still bring what is ours.

import { describe, expect, test } from "vitest";
import { placeName } from "../../provider/core/entry.js";
import type { Target } from "../../provider/destinations/destination.js";
import { outcomeOf, setStage } from "./jobs.js";

const hasty = { deployment: { wait: false } };

/** A first run that does not wait, and a second one with the same values that does. */
async function meet(
  outcome: "works" | "fails" | "hangs",
  destination: Parameters<ReturnType<typeof setStage>["job"]>[2],
) {
  const stage = setStage();
  const { app, job, run } = stage;
  app.nextDeployment(outcome);
  const first = outcomeOf((await run(job("web", { A: "1" }, { destination: hasty })))[0]);
  const second = outcomeOf((await run(job("web", { A: "1" }, { ...destination, ledger: first.ledger })))[0]);
  return { ...stage, first, second };
}

describe("what an earlier run has stored and not waited for", () => {
  test("is called live once its deployment has ended, and nothing is sent again", async () => {
    const { app, first, second, reports } = await meet("works", {});
    expect(first.status).toBe("written-not-live");
    expect(second).toMatchObject({ status: "succeeded", wrote: false });
    expect(app.puts).toHaveLength(1);
    expect(reports.at(-1)).toMatch(/^web: deployment run-1 (BUILDING|DEPLOYING)/);
  });

  test("is sent once more where its deployment failed", async () => {
    const { app, second } = await meet("fails", {});
    expect(second).toMatchObject({ status: "succeeded", wrote: true });
    expect(app.puts).toHaveLength(2);
    expect(app.list()).toEqual(["A = 1"]);
  });

  test("is stored and not live where its deployment does not end", async () => {
    const { app, second } = await meet("hangs", {});
    expect(second).toMatchObject({ status: "written-not-live", problem: { code: "deployment.timeout" } });
    expect(app.puts).toHaveLength(1);
  });

  test("is stored and not live where its deployment cannot be watched, and the run says so", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1" }, { destination: hasty })))[0]);
    app.blindToDeployments(1);
    const second = outcomeOf((await run(job("web", { A: "1" }, { ledger: first.ledger })))[0]);
    expect(second).toMatchObject({ status: "written-not-live", wrote: false, problem: { code: "deployment.unseen" } });
    expect(second.problem?.message).toMatch(
      /^the variables are written, but their deployment could not be followed: cannot look at the deployment/,
    );
  });

  test.each([
    ["for a moment is looked at again", 2, { status: "succeeded", problem: undefined }],
    ["for ever is given up", Infinity, { status: "written-not-live", problem: { code: "deployment.unseen" } }],
  ])("whose deployment is shown as under way after its end %s", async (_what, looks, expected) => {
    const { app, job, run, clock } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1" }, { destination: hasty })))[0]);
    const web = job("web", { A: "1" }, { ledger: first.ledger });
    const notLive = new Set([placeName({ slot: "app", key: "A" })]);
    const before = clock.sleeps.length;
    let seen = 0;
    const observe: Target["observe"] = async (look) => {
      const snapshot = await web.target.observe(look);
      seen += 1;
      if (seen > 20) throw new Error("looked without end");
      return seen <= 1 + looks ? { ...snapshot, busyWith: "run-1", notLive } : snapshot;
    };
    const [second] = await run({ ...web, target: { ...web.target, observe } });
    expect(outcomeOf(second)).toMatchObject({ ...expected, wrote: false });
    expect(app.puts).toHaveLength(1);
    expect(clock.sleeps.slice(before).slice(-2)).toEqual([1_000, 3_000]);
  });

  test("is not waited for by a run that does not wait either", async () => {
    const { app, second, clock } = await meet("hangs", { destination: hasty });
    expect(second).toMatchObject({ status: "written-not-live", problem: undefined });
    expect(app.puts).toHaveLength(1);
    expect(clock.sleeps).toEqual([]);
  });
});
