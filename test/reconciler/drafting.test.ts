// What a write leaves on record: the value from before a takeover, and places that were removed and still run.

import { describe, expect, test } from "vitest";
import { placeName } from "../../provider/core/entry.js";
import type { Target } from "../../provider/destinations/destination.js";
import { outcomeOf, owned, recordCalls, setStage } from "./jobs.js";

describe("an entry that is taken over with the value that it has", () => {
  test.each([
    [true, { value: "1" }],
    ["unless-equal", undefined],
    [false, undefined],
  ] as const)("keeps what was before where the rule is %s", async (keepPrior, prior) => {
    const { job, run } = setStage({ name: "shop", envs: [{ key: "A", value: "1" }] });
    const destination = { variableType: "GENERAL" as const };
    const [end] = await run(job("web", { A: "1" }, { destination, rules: { adopt: ["A"], keepPrior } }));
    const entry = outcomeOf(end).ledger["app"]?.["A"];
    if (prior === undefined) expect(entry?.prior).toBeUndefined();
    else expect(entry?.prior).toMatchObject(prior);
  });
});

describe("a key that a sync gives up and another one claims", () => {
  const key = { slot: "app", key: "K" };

  test.each([
    ["stays with it as long as nobody has taken it", [], ["app/K", "app/X"]],
    ["is no longer its own once the other one owns it", [key], ["app/X"]],
  ])("%s", async (_what, taken, left) => {
    const { app, job, run } = setStage();
    const { ledger } = outcomeOf((await run(job("a", { K: "1", X: "2" })))[0]);
    const claims = [{ owner: "b", places: [key], owned: taken }];
    const [end] = await run(job("a", { X: "2" }, { ledger, claims }));
    expect(owned(outcomeOf(end).ledger)).toEqual(left);
    expect(app.list()).toEqual(["K = 1", "X = 2"]);
  });

  test("goes in one write to the other one if both are there", async () => {
    const { app, job, run } = setStage();
    const { ledger } = outcomeOf((await run(job("a", { K: "1", X: "2" })))[0]);
    const giving = job("a", { X: "2" }, { ledger, claims: [{ owner: "b", places: [key] }] });
    const ends = await run(giving, job("b", { K: "3" }, { rules: { adopt: ["K"] } }));
    expect(ends.map((end) => owned(outcomeOf(end).ledger))).toEqual([["app/X"], ["app/K"]]);
    expect([app.list(), app.puts.length]).toEqual([["K = 3", "X = 2"], 2]);
  });
});

describe("a place that was removed and still runs", () => {
  /** B is removed, and the deployment fails. */
  async function remove() {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1", B: "2" })))[0]);
    app.nextDeployment("fails");
    const { ledger, removed } = outcomeOf((await run(job("web", { A: "1" }, { ledger: first.ledger })))[0]);
    const next = async (values: Record<string, string>, outcome: "works" | "fails" = "fails") => {
      app.nextDeployment(outcome);
      const [end] = await run({ ...job("web", values, { ledger }), removed });
      return outcomeOf(end).removed.map(placeName);
    };
    return { removed: removed.map(placeName), next };
  }

  test("is kept in mind, also while other places are written", async () => {
    const { removed, next } = await remove();
    expect(removed).toEqual(["app/B"]);
    expect(await next({ A: "9" })).toEqual(["app/B"]);
  });

  test("is forgotten once it is seen gone", async () => {
    const { next } = await remove();
    expect(await next({ A: "1" }, "works")).toEqual([]);
  });

  test("stays there if a secret that is sent again deploys nothing: it is sent once, and the run says so", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1", B: "2" })))[0]);
    app.nextDeployment("fails");
    const failed = outcomeOf((await run(job("web", { A: "1" }, { ledger: first.ledger })))[0]);
    const { target, ...rest } = job("web", { A: "1" }, { ledger: failed.ledger });
    const write: Target["write"] = async (snapshot) => ({
      ...{ changed: false, yielded: false, deploymentId: undefined },
      snapshot,
    });
    const { job: next, calls } = recordCalls({ ...rest, target: { ...target, write }, removed: failed.removed });
    const { status, wrote, problem, removed } = outcomeOf((await run(next))[0]);
    expect([calls.writes, status, wrote, removed.map(placeName)]).toEqual([[1], "written-not-live", false, ["app/B"]]);
    expect(problem).toEqual({
      code: "deployment.stale",
      message:
        "the variables of shop are stored but not live, and writing them again starts no deployment; deploy the app once in another way, then run up again",
    });
  });

  test("is no removed one any more when it is written again", async () => {
    const { next } = await remove();
    expect(await next({ A: "1", B: "3" })).toEqual([]);
  });
});
