// What a write leaves on record: the value from before a takeover, and places that were removed and still run.

import { describe, expect, test } from "vitest";
import { placeName } from "../../provider/core/entry.js";
import type { Job } from "../../provider/reconciler/batch/job.js";
import { editByHand } from "../scenarios/scenario.js";
import type { Target } from "../../provider/destinations/destination.js";
import { closedDoor } from "./closed-door.js";
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

describe("an entry that is taken over with another value", () => {
  test.each([
    [true, { prior: { value: "1" } }],
    ["unless-equal", { prior: { value: "1" } }],
    [false, { adopted: true }],
  ] as const)("is somebody else's as before, also where the rule is %s", async (keepPrior, origin) => {
    const { job, run } = setStage({ name: "shop", envs: [{ key: "A", value: "1" }] });
    const [end] = await run(job("web", { A: "2" }, { rules: { adopt: ["A"], keepPrior } }));
    const { prior, adopted } = outcomeOf(end).ledger["app"]?.["A"] ?? {};
    expect({ prior, adopted }).toMatchObject({ prior: undefined, adopted: undefined, ...origin });
  });

  test("has the origin that the sync gave it that wrote it, whatever else is written", async () => {
    const { job, run } = setStage({ name: "shop", envs: [{ key: "A", value: "before" }] });
    const rules = { adopt: ["A"], keepPrior: true };
    const { ledger } = outcomeOf((await run(job("old", { A: "1" }, { rules })))[0]);
    const formers = () => [{ targetId: "id", salt: "old", ledger }];
    const [end] = await run({ ...job("web", { A: "2", B: "3" }, { rules }), formers });
    expect(outcomeOf(end).ledger["app"]).toMatchObject({ A: { prior: { value: "before" } }, B: {} });
    expect(outcomeOf(end).ledger["app"]?.["B"]).not.toHaveProperty("prior");
  });
});

describe("a key that a sync of the run has removed and another one writes anew", () => {
  /** A was there before; the sync "old" has taken it over. Both syncs come one after the other, at one door. */
  async function open() {
    const stage = setStage({ name: "shop", envs: [{ key: "A", value: "before" }] });
    const rules = { adopt: ["A"], keepPrior: true };
    const { ledger } = outcomeOf((await stage.run(stage.job("old", { A: "1", B: "2" }, { rules })))[0]);
    const door = closedDoor();
    const runHere = async (job: Job) => outcomeOf((await stage.runBeside(door, job))[0]);
    return { ...stage, ledger, runHere, door };
  }

  test("keeps its origin: a destroy gives back what was there before the first one", async () => {
    const { app, job, ledger, runHere } = await open();
    await runHere(job("old", { B: "2" }, { ledger }));
    expect(app.list()).toEqual(["B = 2"]);
    const taken = await runHere(job("new", { A: "3" }));
    expect(taken.ledger["app"]?.["A"]).toMatchObject({ prior: { value: "before" } });
  });

  test("has none if it was given back, and removed by somebody else since", async () => {
    const { app, job, ledger, runHere } = await open();
    await runHere(job("old", {}, { ledger, rules: { destroy: "restore" } }));
    expect(app.list()).toEqual(["A = before (plain)"]);
    app.replace((spec) => editByHand(spec, { A: null }));
    const taken = await runHere(job("new", { A: "3" }));
    expect(taken.ledger["app"]?.["A"]).not.toHaveProperty("prior");
  });

  test("has none as long as it is not known whether it is gone", async () => {
    const { app, job, ledger, runHere, door } = await open();
    app.nextPut("lost-after");
    app.around("after", () => app.blind(3));
    const lost = await runHere(job("old", { B: "2" }, { ledger }));
    expect([lost.status, owned(lost.ledger), door.vacated.size]).toEqual(["failed", ["app/A", "app/B"], 0]);
  });
});

describe("an update that changes nothing at the platform", () => {
  const plain = { variableType: "GENERAL" as const };

  test("because somebody has already set what is wanted is no failure", async () => {
    const { app, job, run } = setStage();
    const { ledger } = outcomeOf((await run(job("web", { A: "1" }, { destination: plain })))[0]);
    app.replace((spec) => editByHand(spec, { A: "2" }));
    const [end] = await run(job("web", { A: "2" }, { destination: plain, ledger }));
    expect(outcomeOf(end)).toMatchObject({ status: "succeeded", problem: undefined, wrote: false });
    expect(app.puts).toHaveLength(1);
  });

  test("is a failure where somebody has set it and their deployment failed: it is sent once", async () => {
    const { app, job, run } = setStage();
    const { ledger } = outcomeOf((await run(job("web", { A: "1" }, { destination: plain })))[0]);
    app.nextDeployment("fails");
    app.replace((spec) => editByHand(spec, { A: "2" }), { deploys: true });
    const { job: next, calls } = recordCalls(job("web", { A: "2" }, { destination: plain, ledger }));
    const { status, problem } = outcomeOf((await run(next))[0]);
    expect([status, problem?.code, calls.writes]).toEqual(["written-not-live", "deployment.stale", [1]]);
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

  test("is forgotten where the platform no longer shows what runs", async () => {
    const { app, job, run } = setStage();
    const { ledger } = outcomeOf((await run(job("web", { A: "1" })))[0]);
    app.hideSpecs();
    const [end] = await run({ ...job("web", { A: "1" }, { ledger }), removed: [{ slot: "app", key: "B" }] });
    expect(outcomeOf(end)).toMatchObject({ status: "succeeded", wrote: false, removed: [] });
  });

  test("is forgotten once it is seen gone", async () => {
    const { next } = await remove();
    expect(await next({ A: "1" }, "works")).toEqual([]);
  });

  test("stays there if a secret that is sent again deploys nothing: it is sent once, and the run says so", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1", B: "2", C: "3" })))[0]);
    app.nextDeployment("fails");
    const failed = outcomeOf((await run(job("web", { A: "1", C: "3" }, { ledger: first.ledger })))[0]);
    const { target, ...rest } = job("web", { A: "1", C: "3" }, { ledger: failed.ledger });
    const nothing = { changed: false, yielded: false, deploymentId: undefined };
    const write: Target["write"] = async (snapshot) => ({ ...nothing, snapshot });
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
