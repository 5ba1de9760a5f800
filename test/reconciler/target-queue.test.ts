// The queue before the loop: who shares a write, who waits, and what a failure takes down.

import { describe, expect, test } from "vitest";
import type { Job, Outcome } from "../../provider/reconciler/batch/job.js";
import { createTargetQueue } from "../../provider/reconciler/target-queue.js";
import { nobodyElse, type Outlook } from "../../provider/reconciler/batch/waiting.js";
import { createQueuedClock } from "../http/simulated-clock.js";
import { setStage } from "./jobs.js";

const stage = setStage();

interface Place {
  readonly targetId?: string;
  readonly credentialsId?: string;
  readonly resolve?: () => Promise<string>;
}

function jobFor(owner: string, { targetId = "id", credentialsId = "token", resolve }: Place = {}): Job {
  const job = stage.job(owner, {});
  return { ...job, target: { ...job.target, credentialsId, resolve: resolve ?? (async () => targetId) } };
}

interface Batch {
  readonly owners: string;
  readonly from: number;
  to: number;
}

/** A queue whose batches take time, fail when an owner says so, and are written down. */
function open({ takesMs = 0, told }: { takesMs?: number; told?: Partial<Outlook> } = {}) {
  const clock = createQueuedClock(0);
  const batches: Batch[] = [];
  const queue = createTargetQueue(
    clock,
    async (jobs) => {
      const batch = { owners: jobs.map(({ owner }) => owner).join(" "), from: clock.now(), to: Infinity };
      batches.push(batch);
      if (takesMs > 0) await clock.sleep(takesMs);
      batch.to = clock.now();
      if (batch.owners.includes("broken")) throw new Error("the batch broke");
      return new Map(
        jobs.map((job): [Job, PromiseSettledResult<Outcome>] => [
          job,
          job.owner === "refused"
            ? { status: "rejected", reason: new Error("refused") }
            : { status: "fulfilled", value: { deploymentId: job.owner } as Outcome },
        ]),
      );
    },
    () => ({ ...nobodyElse, ...told }),
  );
  const later = async (ms: number, job: Job) => {
    if (ms > 0) await clock.sleep(ms);
    return queue.enqueue(job).then(
      ({ deploymentId }) => `${job.owner} done`.replace(job.owner, deploymentId ?? ""),
      (error: unknown) => `${job.owner} ${String(error)}`,
    );
  };
  /** Something that jobs may follow, from one time to another. */
  const hold = async (from: number, until: number, end: () => Promise<void> = async () => undefined) => {
    await clock.sleep(from);
    await queue.holdWhile(async () => {
      await clock.sleep(until - from);
      await end();
    });
  };
  const resolving = (ms: number) => async () => {
    await clock.sleep(ms);
    return "id";
  };
  return { clock, batches, later, hold, resolving, owners: () => batches.map(({ owners }) => owners) };
}

describe("the queue of a target", () => {
  test("puts jobs that arrive together into one batch", async () => {
    const { clock, later, owners } = open();
    const ends = await clock.run(Promise.all([later(0, jobFor("a")), later(40, jobFor("b")), later(80, jobFor("c"))]));
    expect(owners()).toEqual(["a b c"]);
    expect(ends).toEqual(["a done", "b done", "c done"]);
  });

  test("starts a short while after the last arrival, not later", async () => {
    const { clock, later, batches } = open();
    await clock.run(Promise.all([later(0, jobFor("a")), later(50, jobFor("b"))]));
    expect(batches[0]?.from).toBe(50 + 120);
  });

  test.each<[string, Partial<Outlook>, string[]]>([
    ["nobody else is known to come", {}, ["a", "b"]],
    ["another one is certain to come", { isComing: true }, ["a b"]],
    ["another one was declared", { isDeclared: true }, ["a b"]],
    ["another one was declared and no step is left for it", { isDeclared: true, isFull: true }, ["a", "b"]],
  ])("where %s (%j) writes %j", async (_what, told, batches) => {
    const { clock, later, owners } = open({ told });
    await clock.run(Promise.all([later(0, jobFor("a")), later(300, jobFor("b"))]));
    expect(owners()).toEqual(batches);
  });

  test("takes a job that comes after that time into a batch of its own", async () => {
    const { clock, later, owners } = open();
    await clock.run(Promise.all([later(0, jobFor("a")), later(200, jobFor("b"))]));
    expect(owners()).toEqual(["a", "b"]);
  });

  test("does not wait for ever, however many jobs keep arriving", async () => {
    const { clock, later, batches } = open();
    const arrivals = Array.from({ length: 30 }, (_, index) => later(index * 100, jobFor(`j${index}`)));
    await clock.run(Promise.all(arrivals));
    expect(batches[0]?.from).toBe(1_000);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.flatMap(({ owners }) => owners.split(" "))).toHaveLength(30);
  });

  test("has one writer at a time, and gathers meanwhile", async () => {
    const { clock, later, batches } = open({ takesMs: 5_000 });
    await clock.run(Promise.all([0, 300, 900, 2_000].map((ms) => later(ms, jobFor(`at-${ms}`)))));
    expect(batches.map(({ owners }) => owners)).toEqual(["at-0", "at-300 at-900 at-2000"]);
    expect(batches[1]?.from).toBeGreaterThanOrEqual(batches[0]?.to ?? Infinity);
  });

  test("runs batches of different targets side by side", async () => {
    const { clock, later, batches } = open({ takesMs: 5_000 });
    const jobs = ["one", "two"].map((targetId) => later(0, jobFor(targetId, { targetId })));
    await clock.run(Promise.all(jobs));
    expect(batches.map(({ owners, from }) => [owners, from])).toEqual([
      ["one", 120],
      ["two", 120],
    ]);
  });

  test("never mixes two sets of credentials, and runs one after the other", async () => {
    const { clock, later, batches } = open({ takesMs: 1_000 });
    const tokens = ["t1", "t2", "t1"];
    await clock.run(
      Promise.all(tokens.map((credentialsId, index) => later(0, jobFor(`j${index}`, { credentialsId })))),
    );
    expect(batches.map(({ owners }) => owners)).toEqual(["j0 j2", "j1"]);
    expect(batches[1]?.from).toBeGreaterThanOrEqual(batches[0]?.to ?? Infinity);
  });

  test("keeps the answers of one batch apart", async () => {
    const { clock, later } = open();
    const ends = await clock.run(Promise.all(["a", "refused", "b"].map((owner) => later(0, jobFor(owner)))));
    expect(ends).toEqual(["a done", "refused Error: refused", "b done"]);
  });

  test("rejects every job of a batch that failed, and no other one", async () => {
    const { clock, later } = open();
    const ends = await clock.run(
      Promise.all([
        later(0, jobFor("a")),
        later(0, jobFor("broken")),
        later(0, jobFor("other", { credentialsId: "other" })),
        later(500, jobFor("later")),
      ]),
    );
    expect(ends).toEqual(["a Error: the batch broke", "broken Error: the batch broke", "other done", "later done"]);
  });

  test("rejects a job whose target cannot be found, and nobody waits for it", async () => {
    const { clock, later, owners } = open();
    const resolve = async () => Promise.reject(new Error("no such app"));
    const ends = await clock.run(Promise.all([later(0, jobFor("lost", { resolve })), later(0, jobFor("a"))]));
    expect(ends).toEqual(["lost Error: no such app", "a done"]);
    expect(owners()).toEqual(["a"]);
  });

  test.each([
    ["long before it looks", 300, 1_000],
    ["right before it looks", 960, 960 + 120],
  ])(
    "lets a batch under way take in who arrived %s, once those that arrive together are there",
    async (_when, at, due) => {
      const clock = createQueuedClock(0);
      const taken: string[] = [];
      const queue = createTargetQueue(clock, async (jobs, door) => {
        await clock.sleep(1_000 - clock.now());
        await door.gather();
        const late = door.late();
        taken.push(`${[...jobs, ...late].map(({ owner }) => owner).join(" ")} at ${clock.now()}`);
        return new Map([...jobs, ...late].map((job) => [job, { status: "fulfilled", value: {} as Outcome }]));
      });
      const other = async () => {
        await clock.sleep(at);
        return queue.enqueue(jobFor("b"));
      };
      await clock.run(Promise.all([queue.enqueue(jobFor("a")), other()]));
      expect(taken).toEqual([`a b at ${due}`]);
    },
  );

  test("works again after it was idle", async () => {
    const { clock, later, owners } = open();
    expect(await clock.run(later(0, jobFor("a")))).toBe("a done");
    expect(await clock.run(later(10_000, jobFor("b")))).toBe("b done");
    expect(owners()).toEqual(["a", "b"]);
  });

  test("waits for a job whose target's name is still looked up, whichever of the two came first", async () => {
    for (const first of ["by id", "by name"]) {
      const { clock, later, resolving, owners } = open();
      const byName = later(first === "by id" ? 60 : 1, jobFor("by-name", { resolve: resolving(700) }));
      await clock.run(Promise.all([byName, later(first === "by id" ? 1 : 60, jobFor("by-id"))]));
      expect(owners()).toEqual(["by-id by-name"]);
    }
  });

  test("waits for what jobs may follow, and for a short while after it", async () => {
    const { clock, later, hold, batches } = open();
    await clock.run(Promise.all([later(0, jobFor("a")), hold(100, 600), later(680, jobFor("b"))]));
    expect(batches.map(({ owners, from }) => [owners, from])).toEqual([["a b", 680 + 120]]);
  });

  test("waits for one check after the other, whatever their targets turn out to be", async () => {
    const { clock, later, hold, owners } = open();
    const checks = [0, 110, 220, 330, 440].map((from) => hold(from, from + 100));
    const jobs = ["one", "two"].flatMap((targetId) => [
      later(0, jobFor(`${targetId}-a`, { targetId })),
      later(550, jobFor(`${targetId}-b`, { targetId })),
    ]);
    await clock.run(Promise.all([...checks, ...jobs]));
    expect(owners().sort()).toEqual(["one-a one-b", "two-a two-b"]);
  });

  test("goes ahead after a check that fails", async () => {
    const { clock, later, hold, batches } = open();
    const failing = hold(50, 300, () => Promise.reject(new Error("no source"))).catch(() => undefined);
    await clock.run(Promise.all([later(0, jobFor("a")), failing]));
    expect(batches[0]?.from).toBe(300 + 120);
  });

  test("is not held up by what never ends, and tells its own failure only", async () => {
    const { clock, later, batches } = open();
    const never = () => new Promise<string>(() => undefined);
    void later(1, jobFor("lost", { resolve: never }));
    expect(await clock.run(later(0, jobFor("a")))).toBe("a done");
    expect(batches[0]?.from).toBeLessThanOrEqual(1_000);
    expect(await clock.run(later(5_000, jobFor("b")))).toBe("b done");
  });

  test("does not count the time in which the process itself stood still", async () => {
    const { clock, resolving } = open();
    const batches: string[] = [];
    // Every sleep takes twenty times as long as was asked for.
    const queue = createTargetQueue({ ...clock, now: () => clock.now() * 20 }, async (jobs) => {
      batches.push(jobs.map(({ owner }) => owner).join(" "));
      return new Map();
    });
    const jobs = [jobFor("by-name", { resolve: resolving(400) }), jobFor("by-id")];
    await clock.run(Promise.allSettled(jobs.map((job) => queue.enqueue(job))));
    expect(batches).toEqual(["by-id by-name"]);
  });
});

describe("a deployment that no sync waits for any more", () => {
  const hasty = (owner: string) => {
    const job = jobFor(owner);
    return { ...job, target: { ...job.target, deployment: { ...job.target.deployment, wait: false } } };
  };

  /** Two syncs of a target have left a deployment; what follows takes it over and ends so. */
  async function leave(outcome: Partial<Outcome> = {}) {
    const clock = createQueuedClock(0);
    const batches: string[] = [];
    const queue = createTargetQueue(clock, async (jobs, door) => {
      door.debt = batches.length === 0 ? { deploymentId: "run-1", orders: [] } : undefined;
      batches.push(jobs.map(({ owner }) => owner).join(" "));
      return new Map(jobs.map((job) => [job, { status: "fulfilled", value: { ...outcome } as Outcome }]));
    });
    await clock.run(Promise.all([queue.enqueue(jobFor("a")), queue.enqueue(hasty("b"))]));
    return { queue, batches, settle: (id?: string) => clock.run(queue.settleOwed(() => undefined, id)) };
  }

  test("is followed on behalf of the last one that would have waited", async () => {
    const { queue, batches, settle } = await leave();
    expect(queue.isOwed("id")).toBe(true);
    expect(await settle()).toEqual([]);
    expect(batches).toEqual(["a b", "a"]);
    expect(queue.isOwed("id")).toBe(false);
  });

  test("stays where another target is asked for", async () => {
    const { queue, batches, settle } = await leave();
    expect(queue.isOwed("other")).toBe(false);
    expect(await settle("other")).toEqual([]);
    expect(batches).toEqual(["a b"]);
    expect(await settle("id")).toEqual([]);
    expect(batches).toEqual(["a b", "a"]);
  });

  test.each([
    ["the deployment failed", "shop: the deployment failed"],
    ["the deployment of shop failed", "the deployment of shop failed"],
  ])("names the target if it fails, once: %s", async (message, told) => {
    const problem = { code: "deployment.failed", message } as const;
    const { settle } = await leave({ problem, snapshot: { targetName: "shop" } as Outcome["snapshot"] });
    expect(await settle()).toEqual([{ ...problem, message: told }]);
  });
});
