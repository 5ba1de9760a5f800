// One write of the loop: when it is not made, what is owned if nobody knows how it ended, and what the look after it finds.

import { describe, expect, test } from "vitest";
import type { DeploymentPolicy } from "../../provider/destinations/destination.js";
import { SecretSyncError } from "../../provider/errors.js";
import type { Job } from "../../provider/reconciler/batch/job.js";
import { editByHand } from "../scenarios/scenario.js";
import { closedDoor } from "./closed-door.js";
import { deploysApart, outcomeOf, owned, recordCalls, refusalOf, setStage } from "./jobs.js";

const hasty: DeploymentPolicy = { wait: false, timeoutMs: 60_000, onFailure: "report" };

describe("a write", () => {
  test("is not made for a job whose source has changed since its plan, and is made for the others", async () => {
    const { app, job, run } = setStage();
    const changed = new SecretSyncError({ code: "source.changed", message: "the source has changed" });
    const web = { ...job("web", { A: "1" }), confirm: () => Promise.reject(changed) };
    const [refused, written] = await run(web, job("jobs", { B: "2" }));
    expect(refusalOf(refused)).toEqual(["source.changed"]);
    expect(outcomeOf(written).status).toBe("succeeded");
    expect([app.puts.length, app.list()]).toEqual([1, ["B = 2"]]);
  });

  test("that is made once more does not ask the source again: what it gave has been written", async () => {
    const { app, job, run } = setStage();
    app.around("after", () => app.replace((spec) => editByHand(spec, { A: null })));
    let asked = 0;
    const confirm = async () => void (asked += 1);
    const [end] = await run({ ...job("web", { A: "1" }), confirm });
    expect(outcomeOf(end).status).toBe("succeeded");
    expect([app.puts.length, asked]).toEqual([2, 1]);
  });

  test.each([true, false])("that gives way every time is given up, and nothing of it is ours (%s)", async (changed) => {
    const { job, run } = setStage();
    let tries = 0;
    const web = job("web", { A: "1" });
    const write: Job["target"]["write"] = async (snapshot) => {
      tries += 1;
      return { changed, yielded: tries < 9, deploymentId: undefined, snapshot };
    };
    const [end] = await run({ ...web, target: { ...web.target, write } });
    expect(end?.refused).toMatchObject([
      {
        code: "write.contested",
        message:
          "another writer keeps replacing the variables of shop, which may be an interrupted earlier run that is still at work; find out who else writes there, then run up again",
      },
    ]);
    expect(tries).toBe(4);
  });

  test("that gives way once is planned again with one more look, and what others have left stays left", async () => {
    const { app, job, runBeside } = setStage();
    const web = job("web", { A: "1" });
    let tries = 0;
    const debts: unknown[] = [];
    const debt = { deploymentId: "run-0", orders: [] };
    const door = { ...closedDoor(), debt };
    const write: Job["target"]["write"] = async (snapshot, edits) => {
      tries += 1;
      debts.push(door.debt);
      if (tries > 1) return web.target.write(snapshot, edits);
      return { changed: false, yielded: true, deploymentId: undefined, snapshot };
    };
    const { job: next, calls } = recordCalls({ ...web, target: { ...web.target, write } });
    expect(outcomeOf((await runBeside(door, next))[0]).status).toBe("succeeded");
    expect([app.puts.length, debts, calls.looks]).toEqual([1, [debt, debt], [true, true, true]]);
  });

  test.each([true, false])(
    "that may have replaced somebody's change says so, and waits for nothing (%s)",
    async (wait) => {
      const { app, clock, job, run } = setStage({ name: "shop", envs: [{ key: "THEIRS", value: "x" }] });
      app.around("before", () => app.replace((spec) => editByHand(spec, { THEIRS: "y" })));
      app.around("after", () => app.replace((spec) => editByHand(spec, { THEIRS: "x" })));
      const web = recordCalls(job("web", { A: "1" }, { destination: { deployment: { wait } } }));
      const { status, problem, ledger } = outcomeOf((await run(web.job))[0]);
      expect(web.calls.polls).toEqual([]);
      expect([status, problem?.code]).toEqual(["written-not-live", "write.unmerged"]);
      expect(owned(ledger)).toEqual(["app/A"]);
      expect(clock.sleeps).toEqual([]);
    },
  );
});

describe("what a person should know about a key that was written", () => {
  test("is told by the sync that wrote it, and there alone", async () => {
    const { job, run } = setStage();
    const notes = ["A", "B"].map((key) => ({ key, text: `${key} keeps its scopes` }));
    const noted = (one: Job): Job => ({
      ...one,
      target: {
        ...one.target,
        write: async (...asked) => ({ ...(await one.target.write(...asked)), notes }),
      },
    });
    const [web, jobs] = await run(noted(job("web", { A: "1" })), noted(job("jobs", { C: "3" })));
    expect(outcomeOf(web).notes).toEqual(["A keeps its scopes"]);
    expect(outcomeOf(jobs)).not.toHaveProperty("notes");
  });
});

describe("a write of several requests that ended half-way", () => {
  test("fails for the syncs of which something is missing, and the others go on", async () => {
    const { job, run } = setStage();
    const problem = { code: "destination.rejected", message: "no" } as const;
    const halted = (one: Job): Job => {
      const apart = deploysApart(one);
      const write: Job["target"]["write"] = async (...asked) => ({
        ...(await one.target.write(...asked)),
        halt: { problem, done: ["A", "C"].map((key) => ({ slot: "app", key })), unknown: [] },
      });
      return { ...apart, target: { ...apart.target, write } };
    };
    const [web, jobs] = await run(halted(job("web", { A: "1", B: "2" })), halted(job("jobs", { C: "3" })));
    expect(outcomeOf(web)).toMatchObject({ status: "failed", wrote: true, problem });
    expect(owned(outcomeOf(web).ledger)).toEqual(["app/A"]);
    expect(outcomeOf(jobs)).toMatchObject({ status: "succeeded", problem: undefined });
  });
});

describe("a write of unknown outcome", () => {
  test("keeps what was there before a takeover: a destroy gives it back", async () => {
    const { app, job, run } = setStage({ name: "shop", envs: [{ key: "A", value: "before" }] });
    app.nextPut("lost-after");
    app.around("after", () => app.blind(3));
    const rules = { adopt: ["A"], keepPrior: true };
    const { ledger, status } = outcomeOf((await run(job("web", { A: "1" }, { rules })))[0]);
    app.blind(0);
    expect(status).toBe("failed");
    await run(job("web", {}, { rules: { destroy: "restore" }, ledger }));
    expect(app.list()).toEqual(["A = before (plain)"]);
  });

  test("fails, and every touched place stays ours", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1", OLD: "2" })))[0]);
    app.nextPut("lost-both");
    const [end] = await run(job("web", { A: "9", NEW: "3" }, { ledger: first.ledger, rules: { deletionLimit: 9 } }));
    const { status, problem, ledger, wrote } = outcomeOf(end);
    expect({ status, wrote }).toEqual({ status: "failed", wrote: true });
    expect(problem?.code).toBe("write.unconfirmed");
    expect(owned(ledger)).toEqual(["app/A", "app/NEW", "app/OLD"]);
    expect(ledger["app"]?.["NEW"]).toMatchObject({ unconfirmed: { label: "SECRET RUN_TIME" } });
    expect(app.list()).toEqual(["A = 1", "OLD = 2"]);
  });

  test("is made good by the next run, whether it had arrived or not", async () => {
    const { app, job, run } = setStage();
    app.nextPut("lost-both");
    const first = outcomeOf((await run(job("web", { A: "1", B: "2" })))[0]);
    app.replace((spec) => editByHand(spec, { A: "arrived in part" }));
    const next = outcomeOf((await run(job("web", { A: "1", B: "2" }, { ledger: first.ledger })))[0]);
    expect(next.status).toBe("succeeded");
    expect(app.list()).toEqual(["A = 1", "B = 2"]);
  });

  test("concerns only the jobs that wrote", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("idle", { A: "1" })))[0]);
    app.nextPut("lost-both");
    const [idle, web] = await run(job("idle", { A: "1" }, { ledger: first.ledger }), job("web", { B: "2" }));
    expect(outcomeOf(idle).status).toBe("succeeded");
    expect(outcomeOf(web).status).toBe("failed");
  });
});

describe("the look after a write", () => {
  test("may fail: what the platform answered to the write counts then", async () => {
    const { app, job, run } = setStage();
    app.around("after", () => app.blind(1));
    const { status, ledger } = outcomeOf((await run(job("web", { A: "1" })))[0]);
    expect(status).toBe("succeeded");
    expect(owned(ledger)).toEqual(["app/A"]);
  });

  test.each<[string, (job: Job) => Job]>([
    ["a sync that waits", (job) => job],
    ["a sync that waits for nothing", (job) => ({ ...job, target: { ...job.target, deployment: hasty } })],
    ["a target that deploys when it is told to", (job) => deploysApart(job)],
  ])("finds a writer that keeps dropping our keys, and gives up with what is ours (%s)", async (_what, change) => {
    const { app, job, run } = setStage();
    const interfere = () => {
      app.replace((spec) => editByHand(spec, { A: null }));
      if (app.puts.length < 9) app.around("after", interfere);
    };
    app.around("after", interfere);
    const web = change(job("web", { A: "1", B: "2" }));
    const { status, problem, ledger, wrote } = outcomeOf((await run(web))[0]);
    expect({ status, wrote }).toEqual({ status: "failed", wrote: true });
    expect(problem?.code).toBe("write.contested");
    expect(owned(ledger)).toEqual(["app/A", "app/B"]);
    expect(app.puts).toHaveLength(4);
  });

  test("tells what the run did, not what the last round did", async () => {
    const { app, job, run } = setStage();
    app.around("after", () => app.replace((spec) => editByHand(spec, { A: null })));
    const { plan } = outcomeOf((await run(job("web", { A: "1", B: "2" })))[0]);
    expect(plan.map(({ action }) => action)).toEqual(["create", "create"]);
  });
});
