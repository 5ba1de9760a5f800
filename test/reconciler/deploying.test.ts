// A deployment that has to be ordered, because a write does not deploy by itself: whether, and when.

import { describe, expect, test } from "vitest";
import { openBatch } from "../../provider/reconciler/batch/batch.js";
import { isOrdering } from "../../provider/reconciler/deployments/deploying.js";
import type { Progress } from "../../provider/destinations/destination.js";
import { firstProblem, SecretSyncError } from "../../provider/errors.js";
import { HttpError } from "../../provider/http/error.js";
import type { Job } from "../../provider/reconciler/batch/job.js";
import { nobodyElse, type Outlook } from "../../provider/reconciler/batch/waiting.js";
import { closedDoor } from "./closed-door.js";
import { deploysApart, outcomeOf, recordCalls, setStage } from "./jobs.js";

interface Wish {
  readonly order?: string;
  readonly onFailure?: "report" | "restore";
}

interface Asked {
  readonly order?: unknown;
  readonly canDeploy?: boolean;
  readonly owesDeployment?: boolean;
}

function jobOf({ order, canDeploy = true, owesDeployment = false }: Asked): Job {
  const deploy = async () => expect.fail("nothing is ordered here");
  const job = deploysApart(setStage().job("site", { A: "1" }), { order, ...(canDeploy ? { deploy } : {}) });
  return { ...job, owesDeployment };
}

test.each([
  { what: "an earlier write of it is owed one", asked: { order: "build", owesDeployment: true }, orders: [], is: true },
  { what: "earlier steps have left one to it", asked: { order: "build" }, orders: ["build"], is: true },
  { what: "nobody has written anything", asked: { order: "build" }, orders: [], is: false },
  { what: "it asks for none, whatever others have left", asked: {}, orders: ["build"], is: false },
  {
    what: "the target cannot deploy",
    asked: { order: "build", owesDeployment: true, canDeploy: false },
    orders: ["build"],
    is: false,
  },
])("where $what: $is", ({ asked, orders, is }) => {
  const door = closedDoor();
  if (orders.length > 0) door.debt = { deploymentId: undefined, orders };
  expect(isOrdering(openBatch([jobOf(asked)], door))).toBe(is);
});

describe("a deployment that was ordered", () => {
  test("is all there is to know once it has ended: no look shows what runs", async () => {
    const { job, run } = setStage();
    let looks = 0;
    const site = job("site", {});
    const apart = deploysApart(site, {
      order: "build",
      deploy: async () => ({ deploymentId: "deploy", failed: [] }),
      poll: async () => ({ state: "done" }),
      observe: async (look) => {
        looks += 1;
        return site.target.observe(look);
      },
    });
    const [end] = await run({ ...apart, owesDeployment: true });
    expect([outcomeOf(end).status, looks]).toEqual(["succeeded", 1]);
  });

  test("is looked at after pauses, also while another job waits for its turn", async () => {
    const { job, runBeside, clock, reports } = setStage();
    const looks: number[] = [];
    const poll = async (): Promise<Progress> => {
      looks.push(clock.now());
      return looks.length > 3 ? { state: "done" } : { state: "pending", detail: "deploy BUILDING" };
    };
    const deploy = async () => {
      Object.assign(door, { isCalled: () => true, call: () => AbortSignal.abort() });
      return { deploymentId: "deploy", failed: [] };
    };
    const door = closedDoor();
    const apart = deploysApart(job("site", {}), { order: "build", deploy, poll });
    const [end] = await runBeside(door, { ...apart, owesDeployment: true });
    expect(outcomeOf(end)).toMatchObject({ status: "succeeded", deploymentId: "deploy" });
    expect([looks, reports.length]).toEqual([[0, 250, 750, 1_750], 3]);
  });
});

describe("what is ordered", () => {
  const found = (job: Job, ordered: string[]) =>
    deploysApart(job, {
      order: job.owner,
      poll: async (id) => (id === "deploy" ? { state: "done" } : expect.fail(`nobody ordered ${id}`)),
      deploy: async (orders) => {
        ordered.push(orders.join(" "));
        return { deploymentId: "deploy", failed: [] };
      },
    });

  test("is what was written, and it alone is followed", async () => {
    const { job, run } = setStage();
    const ordered: string[] = [];
    const { job: site, calls } = recordCalls(found(job("site", { A: "1" }), ordered));
    expect(outcomeOf((await run(site))[0])).toMatchObject({ status: "succeeded", deploymentId: "deploy" });
    expect([ordered, calls.polls]).toEqual([["site"], ["deploy"]]);
  });

  test("is also what earlier batches have left, by a sync that has written nothing", async () => {
    const { job, runBeside } = setStage();
    const ordered: string[] = [];
    const door = closedDoor();
    door.debt = { deploymentId: undefined, orders: ["left"] };
    const [end] = await runBeside(door, found(job("site", {}), ordered));
    expect(outcomeOf(end)).toMatchObject({ status: "succeeded", wrote: false });
    expect([ordered, door.debt]).toEqual([["left"], undefined]);
  });

  test.each([
    [true, ["deploy"], "deployment.failed"],
    [false, [], undefined],
  ])(
    "is followed by a sync that waits for nothing itself if one that has left waits: %s",
    async (isAwaited, polls, code) => {
      const { job, runBeside } = setStage();
      const door = closedDoor();
      door.debt = { deploymentId: undefined, orders: ["left"], isAwaited };
      const site = found(job("site", {}, { destination: { deployment: { wait: false } } }), []);
      const problem = { code: "deployment.failed", message: "exit code 2" } as const;
      const poll = async (): Promise<Progress> => ({ state: "failed", problem });
      const { job: next, calls } = recordCalls({ ...site, target: { ...site.target, poll } });
      const outcome = outcomeOf((await runBeside(door, next))[0]);
      expect([calls.polls, outcome.problem?.code]).toEqual([polls, code]);
    },
  );

  test("is nothing for a sync that has written nothing and owes nothing: it leaves nothing either", async () => {
    const { job, runBeside } = setStage();
    const door = { ...closedDoor(), outlook: () => ({ ...nobodyElse, isComing: true }) };
    const jobs = [found(job("site", { A: "1" }), []), found(job("idle", {}), [])];
    const ends = (await runBeside(door, ...jobs)).map(outcomeOf);
    expect(ends.map(({ status, isLeft }) => [status, isLeft])).toEqual([
      ["written-not-live", true],
      ["succeeded", false],
    ]);
    expect(door.debt).toEqual({ deploymentId: undefined, orders: ["site"], isAwaited: true });
  });

  test("may be refused for a sync that does not wait for it: it says so as well", async () => {
    const { job, run } = setStage();
    const failure = new SecretSyncError({ code: "build.refused", message: "no build" });
    const deploy = async () => ({ deploymentId: undefined, failed: [{ order: "site", error: failure }] });
    const site = found(job("site", { A: "1" }, { destination: { deployment: { wait: false } } }), []);
    const { job: next, calls } = recordCalls({ ...site, target: { ...site.target, deploy } });
    const { status, problem } = outcomeOf((await run(next))[0]);
    expect([status, problem?.code]).toEqual(["written-not-live", "build.refused"]);
    // Before the write, and after it; nothing is followed.
    expect([calls.looks, calls.polls]).toEqual([[true, true], []]);
  });

  test("is not called live if no sync follows it: the deployment before it shows which ones are newer", async () => {
    const { job, run } = setStage();
    const ordered: string[] = [];
    const site = found(job("site", { A: "1" }, { destination: { deployment: { wait: false } } }), ordered);
    const position = async () => {
      ordered.push("position");
      return "build-1";
    };
    const { job: next, calls } = recordCalls({ ...site, target: { ...site.target, position } });
    expect(outcomeOf((await run(next))[0])).toMatchObject({
      status: "written-not-live",
      problem: undefined,
      deploymentId: "deploy",
      position: "build-1",
    });
    expect([ordered, calls.polls]).toEqual([["position", "site"], []]);
  });

  test.each(["left", "site"])("may be refused for %s: then the sync says so, whoever has left it", async (refused) => {
    const { job, runBeside } = setStage();
    const door = closedDoor();
    door.debt = { deploymentId: undefined, orders: ["left"] };
    const failure = new SecretSyncError({ code: "build.refused", message: "no build" });
    const deploy = async () => ({ deploymentId: "deploy", failed: [{ order: refused, error: failure }] });
    const site = found(job("site", { A: "1" }), []);
    const [end] = await runBeside(door, { ...site, target: { ...site.target, deploy } });
    expect(outcomeOf(end)).toMatchObject({
      status: "written-not-live",
      deploymentId: refused === "left" ? "deploy" : undefined,
      problem: {
        code: "build.refused",
        message: "the variables are written, but no deployment was started: no build",
      },
    });
  });

  test.each([
    [new SecretSyncError({ code: "build.refused", message: "no" }), "no deployment was started"],
    [new HttpError("http.ambiguous", "no answer", {}), "it is not known whether their deployment was started"],
  ])("may be left undone as a whole: %s", async (error, what) => {
    const { job, run } = setStage();
    const site = found(job("site", { A: "1" }), []);
    const [end] = await run({ ...site, target: { ...site.target, deploy: () => Promise.reject(error) } });
    const { status, problem } = outcomeOf(end);
    expect([status, problem?.message]).toEqual([
      "written-not-live",
      `the variables are written, but ${what}: ${firstProblem(error).message}`,
    ]);
  });
});

describe("a deployment that an earlier run still owes", () => {
  /** The keys are stored, so that the sync has nothing to do but to deploy. */
  async function deploy(told: Partial<Outlook> = {}, { order = "build", onFailure = "report" }: Wish = {}) {
    const { job, run, runBeside, clock } = setStage();
    const calls: string[] = [];
    const { ledger } = outcomeOf((await run(job("site", { A: "1" })))[0]);
    clock.sleeps.length = 0;
    const site = job("site", { A: "1" }, { ledger, destination: { deployment: { onFailure } } });
    const apart = deploysApart(site, {
      order: order === "none" ? undefined : order,
      position: async () => {
        calls.push("position");
        return "build-1";
      },
      deploy: async (orders) => {
        calls.push(`deploy ${orders.join()}`);
        return { deploymentId: undefined, failed: [] };
      },
    });
    const door = { ...closedDoor(), outlook: () => ({ ...nobodyElse, ...told }) };
    const { job: next, calls: asked } = recordCalls({ ...apart, owesDeployment: true });
    const [end] = await runBeside(door, next);
    return { calls, outcome: outcomeOf(end), sleeps: clock.sleeps, door, asked };
  }

  test("starts at once where no other sync would share it", async () => {
    const { calls, sleeps, outcome, asked } = await deploy();
    // No deployment is named, so none is followed or looked for.
    expect(asked).toEqual({ looks: [true], polls: [], writes: [] });
    expect([calls, outcome.problem]).toEqual([["deploy build"], undefined]);
    expect(sleeps).toEqual([]);
  });

  test("is started for nobody who asks for none", async () => {
    const { calls } = await deploy({}, { order: "none" });
    expect(calls).toEqual([]);
  });

  test("waits for nobody where the sync may not leave it to others", async () => {
    const { calls, sleeps } = await deploy({ isDeclared: true }, { onFailure: "restore" });
    expect([calls, sleeps]).toEqual([["deploy build"], []]);
  });

  test("waits a moment for others that the program has declared", async () => {
    const { calls, sleeps } = await deploy({ isDeclared: true });
    expect(calls).toEqual(["position", "deploy build"]);
    expect(sleeps).toEqual([2_000]);
  });

  test("is left to a sync that is certain to come, with the deployment that was the newest before it", async () => {
    const { calls, outcome, door } = await deploy({ isComing: true });
    expect(calls).toEqual(["position"]);
    expect(outcome).toMatchObject({ status: "written-not-live", isLeft: true, position: "build-1" });
    expect(door.debt).toEqual({ deploymentId: undefined, orders: ["build"], isAwaited: true });
  });
});
