// A job that comes while a batch follows its deployment: what it writes, what both wait for, and how each of them ends.

import { describe, expect, test } from "vitest";
import type { Debt, Door } from "../../provider/reconciler/batch/door.js";
import type { Job } from "../../provider/reconciler/batch/job.js";
import { nobodyElse } from "../../provider/reconciler/batch/waiting.js";
import { editByHand } from "../scenarios/scenario.js";
import { closedDoor } from "./closed-door.js";
import { type Calls, deploysApart, outcomeOf, owned, recordCalls, refusalOf, setStage, type Stage } from "./jobs.js";

interface Meeting {
  readonly first?: (stage: Stage) => Job;
  /** Right after the first write. */
  readonly arrange?: (stage: Stage) => void;
  /** What earlier batches of the run have left. */
  readonly debt?: Debt;
}

const firstJob = ({ job }: Stage) => job("web", { A: "1" });

/** A first job whose deployment is under way when another one comes. */
async function meet(late: (stage: Stage) => Job | Promise<Job>, { first = firstJob, arrange, debt }: Meeting = {}) {
  const stage = setStage();
  const waiting: Job[] = [];
  const gathered: number[] = [];
  const door: Door = {
    ...closedDoor(),
    debt,
    isCalled: () => waiting.length > 0,
    late: () => waiting.splice(0),
    gather: async () => void gathered.push(waiting.length),
  };
  const other = await late(stage);
  stage.app.around("after", () => {
    waiting.push(other);
    arrange?.(stage);
  });
  const ends = await stage.runBefore(door, first(stage), other);
  return { ...stage, ends, gathered, door };
}

/** A first job, and what is asked of its target, which is that of the batch. */
function recordFirst(make: (stage: Stage) => Job) {
  let calls: Calls = { looks: [], polls: [], writes: [] };
  const first = (stage: Stage) => {
    const recorded = recordCalls(make(stage));
    calls = recorded.calls;
    return recorded.job;
  };
  return { first, calls: () => calls };
}

const lateJob = ({ job }: Stage) => job("late", { B: "2" });

describe("a job that comes while a deployment is followed", () => {
  test("is written at once, and both wait for the deployment of that write", async () => {
    const { first, calls } = recordFirst(firstJob);
    const { app, reports, ends, gathered } = await meet(lateJob, { first });
    const [web, late] = ends.map(outcomeOf);
    expect(app.list()).toEqual(["A = 1", "B = 2"]);
    expect([web?.status, late?.status, app.puts.length]).toEqual(["succeeded", "succeeded", 2]);
    expect(reports.join("\n")).not.toContain("before the write");
    expect(reports.slice(-2)).toEqual(["web: deployment run-2 DEPLOYING", "late: deployment run-2 DEPLOYING"]);
    expect(gathered).toEqual([1]);
    expect(calls()).toEqual({ looks: [true, true, true], polls: ["run-1", "run-2", "run-2", "run-2"], writes: [1, 1] });
  });

  test("and has nothing to write waits for the same deployment", async () => {
    const { app, reports, ends } = await meet(({ job }) => job("late", {}));
    expect(ends.map((end) => outcomeOf(end).status)).toEqual(["succeeded", "succeeded"]);
    expect([app.puts.length, reports.at(-1)]).toEqual([1, "late: deployment run-1 DEPLOYING"]);
  });

  test("does not send the first one back to what earlier syncs have left: its own deployment carries that, too", async () => {
    const { first, calls } = recordFirst(firstJob);
    const { ends, door } = await meet(({ job }) => job("late", {}), {
      debt: { deploymentId: "run-0", orders: [] },
      first,
    });
    expect(ends.map((end) => outcomeOf(end).status)).toEqual(["succeeded", "succeeded"]);
    expect([[...new Set(calls().polls)], door.debt]).toEqual([["run-1"], undefined]);
  });

  test("and is refused leaves the first one to its deployment", async () => {
    const { app, reports, ends } = await meet(lateJob, { arrange: (stage) => stage.app.nextPut("rejected") });
    const [web, late] = ends;
    expect(outcomeOf(web)).toMatchObject({ status: "succeeded", deploymentId: "run-1" });
    expect(refusalOf(late)).toEqual(["destination.rejected"]);
    expect([app.puts.length, reports.at(-1)]).toEqual([1, "web: deployment run-1 DEPLOYING"]);
  });

  test("and waits in vain for somebody else's deployment leaves the first one to that deployment", async () => {
    const { app, ends } = await meet(lateJob, {
      arrange: (stage) => {
        stage.app.nextDeployment("hangs");
        stage.app.replace((spec) => ({ ...spec, region: "nyc" }), { deploys: true });
      },
    });
    expect(refusalOf(ends[1])).toEqual(["destination.busy"]);
    expect(outcomeOf(ends[0])).toMatchObject({ status: "written-not-live", problem: { code: "deployment.timeout" } });
    expect(app.puts).toHaveLength(1);
  });

  test("and changes nothing leaves both to the deployment that is under way, without another look for it", async () => {
    const destination = { variableType: "GENERAL" as const };
    const { first, calls } = recordFirst(firstJob);
    const { app, ends } = await meet(
      async (stage) => {
        const { ledger } = outcomeOf((await stage.run(stage.job("late", { B: "1" }, { destination })))[0]);
        stage.app.replace((spec) => editByHand(spec, { B: "2" }));
        return stage.job("late", { B: "2" }, { destination, ledger });
      },
      { first },
    );
    expect(app.puts).toHaveLength(2);
    expect(ends.map((end) => outcomeOf(end).status)).toEqual(["succeeded", "succeeded"]);
    // Before the first write, when the other one has come, and at the end.
    expect([calls().looks, calls().writes, [...new Set(calls().polls)]]).toEqual([
      [true, true, true],
      [1, 1],
      ["run-3"],
    ]);
  });

  test("is put back together with the first one where both ask for that", async () => {
    const destination = { deployment: { onFailure: "restore" as const } };
    const { app, ends } = await meet(({ job }) => job("late", { B: "2" }, { destination }), {
      first: ({ job }) => job("web", { A: "1" }, { destination }),
      arrange: ({ app: shop }) => shop.around("before", () => shop.nextDeployment("fails")),
    });
    expect(app.list()).toEqual([]);
    expect(ends.map((end) => outcomeOf(end).status)).toEqual(["failed", "failed"]);
  });

  test("fails with the first one if their deployment does, and both own what they wrote", async () => {
    const { ends } = await meet(lateJob, {
      arrange: ({ app }) => app.around("before", () => app.nextDeployment("fails")),
    });
    for (const [at, end] of ends.entries()) {
      expect(outcomeOf(end)).toMatchObject({ status: "written-not-live", problem: { code: "deployment.failed" } });
      expect(owned(outcomeOf(end).ledger)).toEqual([at === 0 ? "app/A" : "app/B"]);
    }
  });

  test("lets the first one write once more what somebody has dropped, and only that is undone if it fails", async () => {
    const destination = { deployment: { onFailure: "restore" as const } };
    const { app, ends } = await meet(lateJob, {
      first: ({ job }) => job("web", { A: "1", C: "3" }, { destination }),
      arrange: (stage) => {
        stage.app.replace((spec) => editByHand(spec, { A: null }), { deploys: true });
        stage.app.around("before", () => stage.app.nextDeployment("fails"));
      },
    });
    expect(app.list()).toEqual(["C = 3", "B = 2"]);
    // What was ours when it was dropped is ours still: the next run finds that it is gone.
    expect(ends.map((end) => owned(outcomeOf(end).ledger))).toEqual([["app/A", "app/C"], ["app/B"]]);
  });
});

describe("a job that comes before a deployment is ordered", () => {
  /** The same job, at a target that deploys only when it is told to, and what was ordered. */
  function order(ordered: string[]) {
    return (job: Job) =>
      deploysApart(job, {
        order: job.owner,
        poll: async () => ({ state: "done" }),
        deploy: async (orders) => {
          ordered.push(orders.join(" "));
          return { deploymentId: "deploy", failed: [] };
        },
      });
  }

  test("and is refused leaves the first one to the deployment that it needs", async () => {
    const ordered: string[] = [];
    const apart = order(ordered);
    const { ends } = await meet((stage) => apart(lateJob(stage)), {
      first: (stage) => apart(firstJob(stage)),
      arrange: (stage) => stage.app.nextPut("rejected"),
    });
    expect(refusalOf(ends[1])).toEqual(["destination.rejected"]);
    expect(outcomeOf(ends[0])).toMatchObject({ status: "succeeded", deploymentId: "deploy" });
    expect(ordered).toEqual(["web"]);
  });

  test("is written, however many have come before it, and what all of them ask for is ordered at once", async () => {
    const { app, job, runBefore } = setStage();
    const ordered: string[] = [];
    const apart = order(ordered);
    const [first, ...late] = ["A", "B", "C", "D", "E", "F"].map((key) => apart(job(key, { [key]: "1" })));
    const coming = [...late];
    const waiting: Job[] = [];
    const door: Door = {
      ...closedDoor(),
      outlook: () => ({ ...nobodyElse, isDeclared: coming.length > 0 }),
      isCalled: () => waiting.length > 0,
      late: () => waiting.splice(0),
      call: () => {
        waiting.push(...coming.splice(0, 1));
        return AbortSignal.abort();
      },
    };
    const ends = await runBefore(door, first ?? expect.fail(), ...late);
    expect(ends.map((end) => outcomeOf(end).problem)).toEqual(ends.map(() => undefined));
    expect(app.list()).toEqual(["A = 1", "B = 1", "C = 1", "D = 1", "E = 1", "F = 1"]);
    expect(ordered.map((orders) => orders.split(" ").toSorted())).toEqual([["A", "B", "C", "D", "E", "F"]]);
  });
});
