// The loop: what it writes, what it waits for, and what is still owned when something goes wrong.

import { describe, expect, test } from "vitest";
import { nothing } from "../../provider/core/desired.js";
import type { Target } from "../../provider/destinations/destination.js";
import { editByHand } from "../scenarios/scenario.js";
import { outcomeOf, owned, refusalOf, setStage } from "./jobs.js";

describe("a job with nothing to do", () => {
  test("writes nothing and keeps its ledger", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1" })))[0]);
    const [end] = await run(job("web", { A: "1" }, { ledger: first.ledger }));
    expect(outcomeOf(end)).toMatchObject({ wrote: false, status: "succeeded", deploymentId: undefined });
    expect(outcomeOf(end).ledger).toEqual(first.ledger);
    expect(app.puts).toHaveLength(1);
  });

  test("still forgets what is gone or was taken over, without a write", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1", B: "2", C: "3" })))[0]);
    app.replace((spec) => editByHand(spec, { A: null, B: "theirs" }));
    const [end] = await run(job("web", { C: "3" }, { ledger: first.ledger, rules: { deletionLimit: 2 } }));
    expect(owned(outcomeOf(end).ledger)).toEqual(["app/C"]);
    expect(outcomeOf(end).wrote).toBe(false);
    expect(app.puts).toHaveLength(1);
  });

  test("is not held up by an app that is pinned or busy", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1" })))[0]);
    app.nextDeployment("hangs");
    app.replace((spec) => ({ ...spec, region: "nyc" }), { deploys: true });
    app.pin();
    const [end] = await run(job("web", { A: "1" }, { ledger: first.ledger }));
    expect(outcomeOf(end).status).toBe("succeeded");
  });
});

describe("a batch", () => {
  test("is written with one PUT, and every job gets its own ledger", async () => {
    const { app, job, run } = setStage();
    const ends = await run(job("web", { A: "1" }), job("jobs", { B: "2" }));
    expect(ends.map((end) => owned(outcomeOf(end).ledger))).toEqual([["app/A"], ["app/B"]]);
    expect(ends.map((end) => outcomeOf(end).deploymentId)).toEqual(["run-1", "run-1"]);
    expect(app.puts).toHaveLength(1);
  });

  test("goes on without the jobs that have problems", async () => {
    const { app, job, run } = setStage({ name: "shop", envs: [{ key: "A", value: "by hand" }] });
    const unknown = job("lost", { C: "3" }, { destination: { components: ["nowhere"] } });
    const [refused, lost, written] = await run(job("web", { A: "1" }), unknown, job("jobs", { B: "2" }));
    expect(refusalOf(refused)).toEqual(["conflict.exists"]);
    expect(refusalOf(lost)).toEqual(["destination.unknown_component"]);
    expect(owned(outcomeOf(written).ledger)).toEqual(["app/B"]);
    expect(app.list()).toEqual(["A = by hand (plain)", "B = 2"]);
  });

  test("keeps no place for a job that is refused: another one that wants it gets it", async () => {
    const { app, job, run } = setStage();
    const [refused, written] = await run(job("web", { A: "1", "bad-key": "2" }), job("jobs", { A: "3" }));
    expect(refusalOf(refused)).toEqual(["key.invalid"]);
    expect(owned(outcomeOf(written).ledger)).toEqual(["app/A"]);
    expect(app.list()).toEqual(["A = 3"]);
  });

  test("tells a job every problem of its own at once", async () => {
    const { job, run } = setStage({ name: "shop", envs: [{ key: "A", value: "by hand" }] });
    const [end] = await run(job("web", { A: "1", "bad-key": "2", EMPTY: "" }));
    expect(refusalOf(end)).toEqual(["conflict.exists", "key.invalid", "value.empty"]);
  });

  test("refuses the second of two jobs that want one place, even when no claim was known", async () => {
    const { app, job, run } = setStage();
    const [first, second] = await run(job("web", { A: "1" }), job("jobs", { A: "2" }, { rules: { adopt: true } }));
    expect(outcomeOf(first).status).toBe("succeeded");
    expect(refusalOf(second)).toEqual(["conflict.claimed"]);
    expect(app.list()).toEqual(["A = 1"]);
  });

  test("plans each job against the target as the earlier ones will leave it", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1", B: "2" })))[0]);
    const [web, jobs] = await run(job("web", { B: "2" }, { ledger: first.ledger }), job("jobs", { A: "3" }));
    expect(owned(outcomeOf(web).ledger)).toEqual(["app/B"]);
    expect(outcomeOf(jobs).plan).toMatchObject([
      { key: "A", action: "create" },
      { key: "B", action: "foreign" },
    ]);
    expect(app.list()).toEqual(["A = 3", "B = 2"]);
  });

  test("whose target cannot be looked at fails as a whole", async () => {
    const { app, job, run } = setStage();
    app.blind(1);
    await expect(run(job("web", { A: "1" }))).rejects.toThrow("cannot look at the app");
    expect(app.puts).toHaveLength(0);
  });

  test("needs a job", async () => {
    await expect(setStage().run()).rejects.toThrow("a batch needs a job");
  });
});

describe("a busy target", () => {
  test("is waited for, and written to once its deployment has ended", async () => {
    const { app, job, run, reports } = setStage();
    app.replace((spec) => ({ ...spec, region: "nyc" }), { deploys: true });
    const [end] = await run(job("web", { A: "1" }));
    expect(outcomeOf(end).status).toBe("succeeded");
    expect(app.spec()["region"]).toBe("nyc");
    expect(reports[0]).toBe("web: waiting before the write: deployment run-1 BUILDING");
    expect(reports.at(-1)).toBe("web: deployment run-2 DEPLOYING");
  });

  test("that stays busy is left alone, and the job is refused", async () => {
    const { app, job, run, clock } = setStage();
    app.nextDeployment("hangs");
    app.replace((spec) => spec, { deploys: true });
    const [end] = await run(job("web", { A: "1" }, { destination: { deployment: { timeoutSeconds: 20 } } }));
    expect(end?.refused).toMatchObject([
      {
        code: "destination.busy",
        message:
          "deployment run-1 of shop is still under way after 20 seconds, and nothing was written; run up again later",
      },
    ]);
    expect(app.puts).toHaveLength(0);
    expect(clock.now()).toBeLessThanOrEqual(20_000);
  });

  test.each([
    ["for a moment is looked at again, and written to then", 2],
    ["for ever refuses the job", Infinity],
  ])("that shows a deployment as under way after its end %s", async (_what, looks) => {
    const { app, job, run, clock } = setStage();
    app.replace((spec) => ({ ...spec, region: "nyc" }), { deploys: true });
    const web = job("web", { A: "1" });
    let seen = 0;
    const observe: Target["observe"] = async (look) => {
      const snapshot = await web.target.observe(look);
      seen += 1;
      if (seen > 20) throw new Error("looked without end");
      return seen <= 1 + looks ? { ...snapshot, busyWith: "run-1" } : snapshot;
    };
    const [end] = await run({ ...web, target: { ...web.target, observe } });
    const busy =
      "deployment run-1 of shop is still under way after 5 seconds, and nothing was written; run up again later";
    expect(end?.refused?.map(({ message }) => message)).toEqual(looks === 2 ? undefined : [busy]);
    expect(app.puts).toHaveLength(looks === 2 ? 1 : 0);
    expect(clock.sleeps.slice(2, 4)).toEqual([1_000, 3_000]);
  });

  test("that cannot be watched refuses the job before anything is written", async () => {
    const { app, job, run } = setStage();
    app.replace((spec) => spec, { deploys: true });
    app.blindToDeployments(1);
    const [end] = await run(job("web", { A: "1" }));
    expect(refusalOf(end)).toEqual(["http.unavailable"]);
    expect(app.puts).toHaveLength(0);
  });

  test("after our own write does not cost us what we own, when it cannot be watched", async () => {
    const { app, job, run } = setStage();
    const interfere = () => {
      app.replace((spec) => editByHand(spec, { A: null }), { deploys: true });
      app.blindToDeployments(1);
    };
    app.around("after", () => app.around("look", interfere));
    const [end] = await run(job("web", { A: "1", B: "2" }));
    expect(outcomeOf(end).wrote).toBe(true);
    expect(owned(outcomeOf(end).ledger)).toEqual(["app/A", "app/B"]);
  });
});

describe("a pinned app", () => {
  test("is not written to", async () => {
    const { app, job, run } = setStage();
    app.pin();
    const [end] = await run(job("web", { A: "1" }));
    expect(refusalOf(end)).toEqual(["destination.pinned"]);
    expect(app.puts).toHaveLength(0);
  });
});

describe("a deployment", () => {
  test("that fails leaves the keys written, owned, and not live", async () => {
    const { app, job, run } = setStage();
    app.nextDeployment("fails");
    const { status, problem, ledger, wrote, deploymentId } = outcomeOf((await run(job("web", { A: "1" })))[0]);
    expect({ status, wrote, deploymentId }).toEqual({ status: "written-not-live", wrote: true, deploymentId: "run-1" });
    expect(problem).toMatchObject({ code: "deployment.failed" });
    expect(ledger["app"]?.["A"]?.revision).toMatch(/^SECRET RUN_TIME #[0-9a-f]{8}$/);
  });

  test("is waited for as long as the most patient sync allows", async () => {
    const { app, job, run, clock } = setStage();
    app.nextDeployment("hangs");
    const patient = (seconds: number) => ({ destination: { deployment: { timeoutSeconds: seconds } } });
    await run(job("a", { A: "1" }, patient(30)), job("b", { B: "2" }, patient(90)), job("c", { C: "3" }, patient(20)));
    expect(clock.now()).toBeGreaterThan(80_000);
    expect(clock.now()).toBeLessThanOrEqual(90_000);
  });

  test("that hangs is written, owned, and told as not ended", async () => {
    const { app, job, run } = setStage();
    app.nextDeployment("hangs");
    const waiting = job("web", { A: "1" }, { destination: { deployment: { timeoutSeconds: 60 } } });
    const { status, problem, ledger } = outcomeOf((await run(waiting))[0]);
    expect(status).toBe("written-not-live");
    expect(problem?.code).toBe("deployment.timeout");
    expect(problem?.message).toMatch(/, or customTimeouts where the program sets them$/);
    expect(owned(ledger)).toEqual(["app/A"]);
  });

  test("that cannot be watched is written, owned, and told as unseen", async () => {
    const { app, job, run } = setStage();
    app.blindToDeployments(1);
    const { status, problem, ledger } = outcomeOf((await run(job("web", { A: "1" })))[0]);
    expect(status).toBe("written-not-live");
    expect(problem?.code).toBe("deployment.unseen");
    expect(owned(ledger)).toEqual(["app/A"]);
  });

  test("that the platform shows as under way and cannot find is not asked for without end", async () => {
    const { app, job, run, clock } = setStage();
    app.nextDeployment("vanishes");
    const { status, problem } = outcomeOf((await run(job("web", { A: "1" })))[0]);
    expect(status).toBe("written-not-live");
    expect(problem?.code).toBe("deployment.timeout");
    expect(clock.sleeps.length).toBeGreaterThan(0);
  });

  test("that is superseded is followed in the one that took over", async () => {
    const { app, job, run, reports } = setStage();
    app.around("after", () => app.replace((spec) => ({ ...spec, region: "nyc" }), { deploys: true }));
    const { status } = outcomeOf((await run(job("web", { A: "1" })))[0]);
    expect(status).toBe("succeeded");
    expect(reports.at(-1)).toBe("web: deployment run-2 DEPLOYING");
    expect(app.puts).toHaveLength(1);
  });

  test("is followed only for the jobs that wait", async () => {
    const { app, job, run, reports } = setStage();
    app.nextDeployment("fails");
    const careless = job("jobs", { B: "2" }, { destination: { deployment: { wait: false } } });
    const [web, jobs] = await run(job("web", { A: "1" }), careless);
    expect(outcomeOf(web).status).toBe("written-not-live");
    // Nobody waits for it, so nobody fails; but nobody has seen it live either.
    expect(outcomeOf(jobs)).toMatchObject({ status: "written-not-live", problem: undefined });
    expect(reports.every((line) => line.startsWith("web: "))).toBe(true);
  });

  test("that fails is no failure of a sync that has nothing in it", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("idle", { A: "1" })))[0]);
    app.nextDeployment("fails");
    const [idle, web] = await run(job("idle", { A: "1" }, { ledger: first.ledger }), job("web", { B: "2" }));
    expect(outcomeOf(idle)).toMatchObject({ status: "succeeded", problem: undefined, wrote: false });
    expect(outcomeOf(web)).toMatchObject({ status: "written-not-live", problem: { code: "deployment.failed" } });
  });

  test("that failed is healed by writing afresh, once", async () => {
    const { app, job, run } = setStage();
    app.nextDeployment("fails");
    const first = outcomeOf((await run(job("web", { A: "1" })))[0]);
    const before = app.envAt("app", "A")?.value;
    const healed = outcomeOf((await run(job("web", { A: "1" }, { ledger: first.ledger })))[0]);
    expect(healed).toMatchObject({ wrote: true, status: "succeeded" });
    expect(app.envAt("app", "A")?.value).not.toBe(before);
    expect(app.puts).toHaveLength(2);
  });
});

describe("a sync that goes", () => {
  const goes = { ...nothing };

  test("removes its keys with one write and owns nothing afterwards", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1" })))[0]);
    const leaving = job("web", {}, { ledger: first.ledger, rules: { destroy: "delete" } });
    const { ledger, wrote } = outcomeOf((await run({ ...leaving, desired: goes }))[0]);
    expect({ ledger, wrote }).toEqual({ ledger: {}, wrote: true });
    expect(app.list()).toEqual([]);
  });

  test("is not refused for problems of its arguments", async () => {
    const { job, run } = setStage();
    const leaving = job("web", {}, { rules: { destroy: "delete" }, destination: { components: ["gone"] } });
    expect(outcomeOf((await run({ ...leaving, desired: goes }))[0]).status).toBe("succeeded");
  });
});
