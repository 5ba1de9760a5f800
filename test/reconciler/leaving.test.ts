// Who of a batch waits for the deployment, and what is kept of those that leave it to others.

import { describe, expect, test } from "vitest";
import { nothing } from "../../provider/core/desired.js";
import { placeName } from "../../provider/core/entry.js";
import type { Door } from "../../provider/reconciler/door.js";
import type { Job } from "../../provider/reconciler/job.js";
import { nobodyElse, type Outlook } from "../../provider/reconciler/waiting.js";
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

describe("the answers of a batch", () => {
  /** Who is answered before the batch ends, and of how many steps less the outlook is asked. */
  async function play(told: Partial<Outlook>, make: (stage: ReturnType<typeof setStage>) => readonly Job[]) {
    const stage = setStage();
    const answered: string[] = [];
    const asked = new Set<number>();
    const door: Door = {
      ...closedDoor(),
      outlook: (leaving) => {
        asked.add(leaving);
        return { ...nobodyElse, ...told };
      },
      answer: ({ owner }, { status }) => answered.push(`${owner} ${status}`),
    };
    const ends = await stage.runBeside(door, ...make(stage));
    return { answered, asked: [...asked], ends };
  }
  const hasty = { destination: { deployment: { wait: false, timeoutSeconds: 3_600 } } };
  const hastyAndRestoring = { destination: { deployment: { wait: false, onFailure: "restore" as const } } };
  const three = ({ job }: ReturnType<typeof setStage>) => [
    job("a", { A: "1" }),
    job("b", { B: "2" }),
    job("idle", { C: "3" }, hasty),
  ];

  test("come early for those that leave, and for those that wait for nothing", async () => {
    const { answered, asked } = await play({ isDeclared: true }, three);
    expect(answered).toEqual(["idle written-not-live", "b written-not-live"]);
    // Of two that may leave one stays: the other one's step ends.
    expect(asked[0]).toBe(1);
  });

  test("come with its end where nobody leaves", async () => {
    const { answered } = await play({}, three);
    expect(answered).toEqual([]);
  });

  test("come with its end for one whose write a failure would undo, also if it waits for nothing", async () => {
    const { answered } = await play({ isDeclared: true }, ({ job }) => [
      job("a", { A: "1" }),
      job("b", { B: "2" }),
      job("c", { C: "3" }, hastyAndRestoring),
    ]);
    expect(answered).toEqual(["b written-not-live"]);
  });

  test("leave the wait to one that waits, however patient another one is that does not", async () => {
    const { answered, ends } = await play({ isDeclared: true }, ({ job }) => [
      job("a", { A: "1" }),
      job("idle", { C: "3" }, hasty),
    ]);
    expect(answered).toEqual([]);
    expect(outcomeOf(ends[0])).toMatchObject({ status: "succeeded" });
  });

  test("of one that stays alone, and of none that may leave, ask of no step less", async () => {
    const restoring = { destination: { deployment: { onFailure: "restore" as const } } };
    expect((await play({}, ({ job }) => [job("a", { A: "1" })])).asked).toEqual([0]);
    expect((await play({}, ({ job }) => [job("a", { A: "1" }, restoring)])).asked).toEqual([0]);
  });

  test("do not come early for one that has something to report", async () => {
    const { answered, ends } = await play({ isComing: true }, ({ job }) => {
      const { target, ...stale } = job("a", { A: "1" });
      const notLive = new Set(["app/A"]);
      const ledger = { app: { A: { fingerprint: "f", unconfirmed: {} } } };
      const seen: typeof target = {
        ...target,
        observe: async (look) => ({ ...(await target.observe(look)), notLive, busyWith: undefined }),
        read: () => [{ slot: "app", key: "A", label: "SECRET RUN_TIME", fingerprint: "live", sealed: true }],
        write: async (snapshot) => ({ changed: false, yielded: false, deploymentId: undefined, snapshot }),
      };
      return [{ ...stale, ledger, target: seen }];
    });
    expect(answered).toEqual([]);
    expect(outcomeOf(ends[0]).problem?.code).toBe("deployment.stale");
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
