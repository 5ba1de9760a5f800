// Who of a batch waits for the deployment, and what is kept of those that leave it to others.

import { describe, expect, test } from "vitest";
import { nothing } from "../../provider/core/desired.js";
import { placeName } from "../../provider/core/entry.js";
import type { Debt, Door } from "../../provider/reconciler/batch/door.js";
import type { Job } from "../../provider/reconciler/batch/job.js";
import { nobodyElse, type Outlook } from "../../provider/reconciler/batch/waiting.js";
import { editByHand } from "../scenarios/scenario.js";
import { closedDoor } from "./closed-door.js";
import { type End, outcomeOf, owned, setStage } from "./jobs.js";

/** The door of a batch, where so much is known of the other syncs of the run. */
const beside = (told: Partial<Outlook>): Door => ({
  ...closedDoor(),
  outlook: () => ({ ...nobodyElse, ...told }),
});
const removedOf = (end: End | undefined) => outcomeOf(end).removed.map(placeName);
const leftBy = (ends: readonly End[]) => ends.map((end) => outcomeOf(end).isLeft === true);

describe("a sync that leaves the waiting to one that is still to come", () => {
  test("is stored and not live, owns what it wrote, and waits for nothing", async () => {
    const { app, job, runBeside, clock, reports } = setStage();
    const [end] = await runBeside(beside({ isComing: true }), job("web", { A: "1" }));
    expect(outcomeOf(end)).toMatchObject({ status: "written-not-live", isLeft: true, wrote: true, problem: undefined });
    expect(owned(outcomeOf(end).ledger)).toEqual(["app/A"]);
    expect(app.list()).toEqual(["A = 1"]);
    expect([clock.sleeps, reports]).toEqual([[], []]);
  });

  test("hands its deployment on, and the next sync follows it", async () => {
    const { app, job, runBeside, reports } = setStage();
    const door = beside({ isComing: true });
    await runBeside(door, job("web", { A: "1" }));
    expect(door.debt).toEqual({ deploymentId: "run-1", orders: [] });
    app.nextDeployment("works");
    const next = { ...door, outlook: () => nobodyElse };
    const [end] = await runBeside(next, { ...job("jobs", {}), desired: nothing });
    expect(outcomeOf(end)).toMatchObject({ status: "succeeded", wrote: false });
    expect(reports.at(0)).toBe("jobs: deployment run-1 BUILDING");
    expect(next.debt).toBeUndefined();
  });

  test("shares its failure with the one that follows it, whatever that one has written itself", async () => {
    const { app, job, runBeside } = setStage();
    app.nextDeployment("fails");
    const door = beside({ isComing: true });
    await runBeside(door, job("web", { A: "1" }));
    const next = { ...door, outlook: () => nobodyElse };
    const [end] = await runBeside(next, { ...job("jobs", {}), desired: nothing });
    expect(outcomeOf(end)).toMatchObject({
      status: "written-not-live",
      wrote: false,
      problem: { code: "deployment.failed" },
    });
  });

  test.each<[string, Partial<Debt>]>([
    ["gave way to one of somebody else", {}],
    ["was not seen when it began", { deploymentId: undefined }],
  ])("hands on a deployment that %s, and the one under way is followed to its end", async (_what, told) => {
    const { app, job, runBeside, reports } = setStage();
    const door = beside({ isComing: true });
    await runBeside(door, job("web", { A: "1" }));
    app.nextDeployment("fails");
    app.replace((spec) => ({ ...spec, region: "nyc" }), { deploys: true });
    const next = { ...door, debt: { deploymentId: "run-1", orders: [], ...told }, outlook: () => nobodyElse };
    const [end] = await runBeside(next, job("jobs", {}));
    expect(outcomeOf(end)).toMatchObject({ wrote: false, problem: { code: "deployment.failed" } });
    expect(reports.at(-1)).toBe("jobs: deployment run-2 BUILDING");
  });

  test("hands on a deployment that is cancelled, and the next sync says so", async () => {
    const { app, job, runBeside } = setStage();
    app.nextDeployment("canceled");
    const door = beside({ isComing: true });
    await runBeside(door, job("web", { A: "1" }));
    const [end] = await runBeside({ ...door, outlook: () => nobodyElse }, job("jobs", {}));
    expect(outcomeOf(end)).toMatchObject({ wrote: false, problem: { code: "deployment.cancelled" } });
  });

  test("hands on a deployment that is cancelled, and nobody can say so where the platform does not show what runs", async () => {
    const { app, job, runBeside } = setStage();
    app.nextDeployment("canceled");
    const door = beside({ isComing: true });
    await runBeside(door, job("web", { A: "1" }));
    app.hideSpecs();
    const [end] = await runBeside({ ...door, outlook: () => nobodyElse }, job("jobs", {}));
    expect(outcomeOf(end)).toMatchObject({ wrote: false, problem: undefined });
  });

  test("hands on a deployment that succeeds: what others store afterwards is theirs", async () => {
    const { app, job, runBeside, reports } = setStage();
    const door = beside({ isComing: true });
    await runBeside(door, job("web", { A: "1" }));
    const jobs = job("jobs", {});
    const poll: Job["target"]["poll"] = async (id) => {
      const progress = await jobs.target.poll(id);
      if (progress.state === "done") app.replace((spec) => editByHand(spec, { B: "2" }), { deploys: true });
      return progress;
    };
    const [end] = await runBeside(
      { ...door, outlook: () => nobodyElse },
      { ...jobs, target: { ...jobs.target, poll } },
    );
    expect(outcomeOf(end)).toMatchObject({ status: "succeeded", problem: undefined });
    expect(reports.at(-1)).toBe("jobs: deployment run-1 DEPLOYING");
  });

  test("hands nothing on once all of it is live, whatever is under way", async () => {
    const { app, job, runBeside, clock } = setStage();
    const door = beside({ isComing: true });
    await runBeside(door, job("web", { A: "1" }));
    app.replace((spec) => spec);
    app.nextDeployment("hangs");
    app.replace((spec) => ({ ...spec, region: "nyc" }), { deploys: true });
    const next = { ...door, outlook: () => nobodyElse };
    const [end] = await runBeside(next, job("jobs", {}));
    expect([outcomeOf(end).status, outcomeOf(end).problem, clock.sleeps]).toEqual(["succeeded", undefined, []]);
  });

  test("does not tell one that restores to let deployment.onFailure do it", async () => {
    const { app, job, runBeside } = setStage();
    app.nextDeployment("fails");
    const door = beside({ isComing: true });
    await runBeside(door, job("web", { A: "1" }));
    const destination = { deployment: { onFailure: "restore" as const } };
    const [end] = await runBeside({ ...door, outlook: () => nobodyElse }, job("jobs", {}, { destination }));
    expect(outcomeOf(end).problem?.code).toBe("deployment.failed");
    expect(outcomeOf(end).problem?.message).not.toContain("onFailure");
  });

  test.each(["shows", "does not show"])("remembers what it removed, if the platform %s what runs", async (how) => {
    const { app, job, run, runBeside } = setStage();
    const { ledger } = outcomeOf((await run(job("web", { A: "1", B: "2" })))[0]);
    if (how === "does not show") app.hideSpecs();
    const [end] = await runBeside(beside({ isComing: true }), job("web", { A: "1" }, { ledger }));
    expect(removedOf(end)).toEqual(["app/B"]);
  });

  test("leaves nothing to it where it has written nothing and is live", async () => {
    const { job, run, runBeside } = setStage();
    const { ledger } = outcomeOf((await run(job("web", { A: "1" })))[0]);
    const idle = { ...job("web", { A: "1" }, { ledger }), owesDeployment: true };
    const ends = await runBeside(beside({ isComing: true }), idle, job("jobs", { B: "2" }));
    expect(leftBy(ends)).toEqual([false, true]);
    expect(outcomeOf(ends[0])).toMatchObject({ status: "succeeded", wrote: false });
  });

  test("does not keep back one that waits for nothing and has written nothing", async () => {
    const { job, run, runBeside } = setStage();
    const hasty = { destination: { deployment: { wait: false } } };
    const { ledger } = outcomeOf((await run(job("idle", { A: "1" })))[0]);
    const jobs = [job("web", { B: "2" }), job("idle", { A: "1" }, { ...hasty, ledger })];
    const ends = await runBeside(beside({ isComing: true }), ...jobs);
    expect(leftBy(ends)).toEqual([true, false]);
    expect(outcomeOf(ends[1])).toMatchObject({ status: "succeeded", wrote: false });
  });

  test("is one of those that have nothing to undo: a sync that restores stays", async () => {
    const { job, runBeside } = setStage();
    const destination = { deployment: { onFailure: "restore" as const } };
    const [end] = await runBeside(beside({ isComing: true }), job("web", { A: "1" }, { destination }));
    expect(outcomeOf(end)).toMatchObject({ status: "succeeded", deploymentId: "run-1" });
  });
});

describe("where others were declared and may never come", () => {
  const declared = beside({ isDeclared: true });
  const patient = (minutes: number) => ({ destination: { deployment: { timeoutSeconds: minutes * 60 } } });

  test("the most patient sync waits, and the others leave it to that one", async () => {
    const { job, runBeside } = setStage();
    const jobs = [
      job("a", { A: "1" }, patient(5)),
      job("b", { B: "2" }, patient(20)),
      job("c", { C: "3" }, patient(9)),
    ];
    const ends = await runBeside(declared, ...jobs);
    expect(leftBy(ends)).toEqual([true, false, true]);
    expect(outcomeOf(ends[1]).status).toBe("succeeded");
  });

  test("no sync waits beside one that has to", async () => {
    const { job, runBeside } = setStage();
    const restoring = { destination: { deployment: { onFailure: "restore" as const } } };
    const ends = await runBeside(declared, job("a", { A: "1" }), job("b", { B: "2" }, restoring));
    expect(leftBy(ends)).toEqual([true, false]);
  });

  test("a sync that does not wait returns with those that leave, and leaves nothing to anybody", async () => {
    const { job, runBeside } = setStage();
    const hasty = { destination: { deployment: { wait: false } } };
    const ends = await runBeside(beside({ isComing: true }), job("a", { A: "1" }), job("b", { B: "2" }, hasty));
    expect(leftBy(ends)).toEqual([true, false]);
    expect(outcomeOf(ends[1])).toMatchObject({ status: "written-not-live", problem: undefined });
  });
});

describe("a sync that is already waiting when another one becomes known to come", () => {
  /** That is when the first phase of the deployment has been reported. */
  const soon = (reports: readonly string[]): Door => ({
    ...closedDoor(),
    outlook: () => (reports.length > 0 ? { ...nobodyElse, isComing: true } : nobodyElse),
  });

  test("leaves the waiting to that one", async () => {
    const { app, job, runBeside, reports } = setStage();
    app.nextDeployment("hangs");
    const [end] = await runBeside(soon(reports), job("web", { A: "1" }));
    expect(outcomeOf(end)).toMatchObject({ status: "written-not-live", isLeft: true, problem: undefined });
    expect(reports).toHaveLength(1);
  });

  test("waits to the end if a failure would undo its write", async () => {
    const { job, runBeside, reports, clock } = setStage();
    const restoring = { destination: { deployment: { onFailure: "restore" as const } } };
    const [end] = await runBeside(soon(reports), job("web", { A: "1" }, restoring));
    expect(clock.sleeps).toEqual([250, 500]);
    expect(outcomeOf(end)).toMatchObject({ status: "succeeded", problem: undefined });
    expect(outcomeOf(end).isLeft).not.toBe(true);
  });
});

test("beside many others removals leave the waiting to them, but not with a sync that goes on", async () => {
  const busy = { isPressed: true, isAccompanied: true, isMoreElsewhere: true };
  const gone = { rules: { destroy: "restore" as const } };
  const { job, run, runBeside } = setStage();
  const [b, c] = await run(job("b", { B: "2" }), job("c", { C: "3" }));
  const removal = (owner: string, end: End | undefined) => ({
    ...job(owner, {}, { ...gone, ledger: outcomeOf(end).ledger }),
    desired: nothing,
  });
  const ends = await runBeside(beside(busy), job("a", { A: "1" }), removal("b", b));
  expect(leftBy(ends).filter((isLeft) => isLeft)).toHaveLength(1);
  expect(leftBy(await runBeside(beside(busy), removal("c", c)))).toEqual([true]);
});

describe("a sync that waits for nothing", () => {
  const hasty = { destination: { deployment: { wait: false } } };

  test("leaves its deployment to nobody", async () => {
    const { job, runBeside } = setStage();
    const door = beside({});
    const [end] = await runBeside(door, job("web", { A: "1" }, hasty));
    expect(outcomeOf(end)).toMatchObject({ status: "written-not-live", problem: undefined });
    expect(door.debt).toBeUndefined();
  });

  test.each([
    ["writes passes its own deployment on, which carries what others have left", { A: "1" }, "run-2"],
    ["writes nothing leaves what others have left as it is", {}, "run-1"],
  ])("and %s", async (_what, values, deploymentId) => {
    const { job, runBeside } = setStage();
    const door = beside({ isComing: true });
    await runBeside(door, job("jobs", { B: "2" }));
    await runBeside(door, job("web", values, hasty));
    expect(door.debt).toEqual({ deploymentId, orders: [] });
  });
});

test("a sync that is alone waits itself, and every other one of its batch with it", async () => {
  const { job, runBeside } = setStage();
  const ends = await runBeside(beside({}), job("a", { A: "1" }), job("b", { B: "2" }));
  expect(leftBy(ends)).toEqual([false, false]);
  expect(ends.map((end) => outcomeOf(end).status)).toEqual(["succeeded", "succeeded"]);
});
