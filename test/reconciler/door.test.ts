// What a batch under way learns of its target's queue, and what is left to others when it ends.

import { describe, expect, test } from "vitest";
import type { Door } from "../../provider/reconciler/batch/door.js";
import type { Job, Outcome } from "../../provider/reconciler/batch/job.js";
import { createTargetQueue } from "../../provider/reconciler/target-queue.js";
import { nobodyElse } from "../../provider/reconciler/batch/waiting.js";
import { createQueuedClock } from "../http/simulated-clock.js";
import { setStage } from "./jobs.js";

interface Kind {
  readonly credentialsId?: string;
  readonly wait?: boolean;
}

function jobFor(owner: string, { credentialsId = "token", wait = true }: Kind = {}): Job {
  const { target, ...job } = setStage().job(owner, {});
  const deployment = { ...target.deployment, wait };
  return { ...job, target: { ...target, credentialsId, deployment, resolve: async () => "id" } };
}

type Answers = ReadonlyMap<Job, PromiseSettledResult<Outcome>>;

const answerAll = (jobs: readonly Job[]): Answers =>
  new Map(jobs.map((job) => [job, { status: "fulfilled", value: { deploymentId: job.owner } as Outcome }]));

/** A queue whose first batch does this; every later one ends at once. */
function open(first: (door: Door, jobs: readonly Job[]) => Promise<void>) {
  const clock = createQueuedClock(0);
  const batches: string[] = [];
  const queue = createTargetQueue(clock, async (jobs, door) => {
    batches.push(jobs.map(({ owner }) => owner).join(" "));
    if (batches.length === 1) await first(door, jobs);
    return answerAll(jobs);
  });
  const arrive = async (ms: number, job: Job) => {
    if (ms > 0) await clock.sleep(ms);
    return queue.enqueue(job);
  };
  return { clock, batches, queue, arrive, run: (...jobs: Promise<unknown>[]) => clock.run(Promise.all(jobs)) };
}

describe("a batch under way", () => {
  test.each<[string, Kind, { isCalled: boolean; isComing: boolean }]>([
    ["with the same credentials, which it may take in", {}, { isCalled: true, isComing: true }],
    ["with other credentials, which has to wait", { credentialsId: "other" }, { isCalled: false, isComing: true }],
    ["that waits for no deployment", { wait: false }, { isCalled: true, isComing: false }],
  ])("hears of a job that comes %s", async (_what, kind, told) => {
    const heard: unknown[] = [];
    const { clock, arrive, run } = open(async (door) => {
      const hear = () => heard.push({ isCalled: door.isCalled(), isComing: door.outlook(0).isComing });
      hear();
      await clock.sleep(1_000);
      hear();
    });
    await run(arrive(0, jobFor("a")), arrive(500, jobFor("b", kind)));
    expect(heard).toEqual([{ isCalled: false, isComing: false }, told]);
  });

  test("is called by the next job of any credentials, once, and at once if one is there that it may take in", async () => {
    const heard: unknown[] = [];
    const { clock, arrive, run } = open(async (door) => {
      const early = door.call();
      heard.push(early.aborted, door.call() === early);
      await clock.sleep(1_000);
      const later = door.call();
      heard.push(early.aborted, later.aborted);
      await clock.sleep(1_000);
      heard.push(later.aborted, door.call().aborted);
    });
    await run(arrive(0, jobFor("a")), arrive(500, jobFor("b", { credentialsId: "other" })), arrive(1_500, jobFor("c")));
    expect(heard).toEqual([false, true, true, false, true, true]);
  });

  test("answers a job before it ends, and takes in the jobs of its credentials alone", async () => {
    const { clock, arrive, run, batches } = open(async (door, [first]) => {
      await clock.sleep(1_000);
      expect(door.late().map(({ owner }) => owner)).toEqual(["b"]);
      expect(door.late()).toEqual([]);
      door.answer(jobFor("stranger"), {} as Outcome);
      if (first !== undefined) door.answer(first, { deploymentId: "early" } as Outcome);
      await clock.sleep(5_000);
    });
    const ended: unknown[] = [];
    const first = arrive(0, jobFor("a")).then(({ deploymentId }) => ended.push([deploymentId, clock.now()]));
    const late = arrive(300, jobFor("b")).catch((reason: unknown) => ended.push(reason));
    await run(first, late, arrive(300, jobFor("c", { credentialsId: "other" })));
    // The batch of this test gives no answer for the job that it has taken in.
    expect(ended).toEqual([["early", 120 + 1_000], undefined]);
    expect(batches).toEqual(["a", "c"]);
  });

  test("hears what the run knows of syncs that are still to come at its target, after so many steps", async () => {
    const clock = createQueuedClock(0);
    const asked: unknown[] = [];
    const heard: unknown[] = [];
    const told = { ...nobodyElse, isComing: true, isPressed: true };
    const queue = createTargetQueue(
      clock,
      async (jobs, door) => {
        asked.length = 0;
        heard.push(door.outlook(3));
        return answerAll(jobs);
      },
      (...given) => {
        asked.push(given);
        return told;
      },
    );
    await clock.run(queue.enqueue(jobFor("a")));
    expect([asked, heard]).toEqual([[["id", 3]], [told]]);
  });

  test("shares what it notes with the next one at its target", async () => {
    const doors: Door[] = [];
    const debts: unknown[] = [];
    const clock = createQueuedClock(0);
    const queue = createTargetQueue(clock, async (jobs, door) => {
      doors.push(door);
      debts.push(door.debt);
      door.debt = { deploymentId: `run-${doors.length}`, orders: [] };
      door.own.add(`run-${doors.length}`);
      door.vacated.set(`app/${doors.length}`, {});
      return answerAll(jobs);
    });
    for (const owner of ["a", "b"]) await clock.run(queue.enqueue(jobFor(owner)));
    const [, second] = doors;
    expect(debts).toEqual([undefined, { deploymentId: "run-1", orders: [] }]);
    expect([[...(second?.own ?? [])], [...(second?.vacated.keys() ?? [])]]).toEqual([
      ["run-1", "run-2"],
      ["app/1", "app/2"],
    ]);
  });
});

describe("a deployment that a batch leaves", () => {
  const leave = async (door: Door) => {
    door.debt = { deploymentId: "run-1", orders: [] };
  };

  test("is owed to nobody as long as the batch is under way", async () => {
    const owed: boolean[] = [];
    const { queue, arrive, run } = open(async (door) => {
      await leave(door);
      owed.push(queue.isOwed("id"));
      expect(await queue.settleOwed(() => undefined)).toEqual([]);
    });
    await run(arrive(0, jobFor("a")));
    expect([...owed, queue.isOwed("id")]).toEqual([false, true]);
  });

  test("is followed by no sync of a target where none waits", async () => {
    const { clock, queue, arrive, run, batches } = open(leave);
    await run(arrive(0, jobFor("a", { wait: false })));
    expect(await clock.run(queue.settleOwed(() => undefined))).toEqual([]);
    expect([queue.isOwed("id"), batches]).toEqual([true, ["a"]]);
  });

  test("is followed by a job that wants nothing, owns nothing and reports where it is asked to", async () => {
    const clock = createQueuedClock(0);
    const seen: Job[] = [];
    const queue = createTargetQueue(clock, async (jobs, door) => {
      seen.push(...jobs);
      door.debt = seen.length === 1 ? { deploymentId: "run-1", orders: [] } : undefined;
      return answerAll(jobs);
    });
    const first = jobFor("a");
    const rules = { ...first.rules, adopt: true, overwrite: true, destroy: "delete" as const, agreed: ["A"] };
    await clock.run(queue.enqueue({ ...first, rules, owesDeployment: true }));
    const report = () => undefined;
    await clock.run(queue.settleOwed(report));
    const [, { claims, target, ...watching } = first] = seen;
    expect(watching).toEqual({
      owner: "a",
      desired: { entries: [], keys: [], values: new Map() },
      ledger: {},
      removed: [],
      rules: { ...first.rules, adopt: false, agreed: [], overwrite: false, destroy: undefined },
      salt: "a",
      owesDeployment: false,
      report,
    });
    expect([claims(), target.credentialsId, nobodyElse.isComing]).toEqual([[], "token", false]);
  });
});
