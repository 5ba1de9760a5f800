// How long a write waits for jobs that may come: for others that are known to come, and before it prunes.

import { describe, expect, test } from "vitest";
import type { Job, Outcome } from "../../provider/reconciler/batch/job.js";
import { createTargetQueue } from "../../provider/reconciler/target-queue.js";
import { nobodyElse, type Outlook } from "../../provider/reconciler/batch/waiting.js";
import { createQueuedClock } from "../http/simulated-clock.js";
import { setStage } from "./jobs.js";

function jobFor(owner: string, overwrite = false): Job {
  const job = setStage().job(owner, {}, { rules: { overwrite } });
  return { ...job, target: { ...job.target, resolve: async () => "id" } };
}

function answerAll(batch: readonly Job[]): ReadonlyMap<Job, PromiseSettledResult<Outcome>> {
  return new Map(batch.map((job) => [job, { status: "fulfilled", value: {} as Outcome }]));
}

/** When a batch of these jobs begins, one of which arrives every so many milliseconds, and who is in it. */
async function begin(jobs: readonly Job[], { every = 0, told = {} }: { every?: number; told?: Partial<Outlook> } = {}) {
  const clock = createQueuedClock(0);
  const begun: Array<[string, number]> = [];
  const asked = new Set<unknown>();
  const queue = createTargetQueue(
    clock,
    async (batch) => {
      begun.push([batch.map(({ owner }) => owner).join(" "), clock.now()]);
      return answerAll(batch);
    },
    (...given) => {
      asked.add(given.join());
      return { ...nobodyElse, ...told };
    },
  );
  const arrive = async (job: Job, at: number) => {
    if (at > 0) await clock.sleep(at * every);
    return queue.enqueue(job);
  };
  await clock.run(Promise.all(jobs.map(arrive)));
  expect([...asked]).toEqual(["id,0"]);
  return begun;
}

describe("a write", () => {
  test.each<[string, Partial<Outlook>, number]>([
    ["nobody else is known to come", {}, 120],
    ["another one is certain to come", { isComing: true }, 500],
    ["another one was declared", { isDeclared: true }, 500],
    ["another one is certain to come, and no step is left for it", { isComing: true, isFull: true }, 120],
    ["others are to come elsewhere, and all steps are taken", { isMoreElsewhere: true, isFull: true }, 120],
  ])("waits a while after the last arrival where %s", async (_what, told, at) => {
    expect(await begin([jobFor("a")], { told })).toEqual([["a", at]]);
  });

  test.each<[string, Partial<Outlook>, number]>([
    ["nobody else is known to come", {}, 1_000],
    ["another one is certain to come", { isComing: true }, 3_000],
  ])("waits for so long at most where %s, whoever still arrives", async (_what, told, at) => {
    const jobs = Array.from({ length: 40 }, (_, index) => jobFor(`j${index}`));
    const [[, first] = ["", 0]] = await begin(jobs, { every: 100, told });
    expect(first).toBe(at);
  });
});

test("a write that waits wakes up now and then, and begins in time also where jobs come at odd moments", async () => {
  const clock = createQueuedClock(0);
  const naps: number[] = [];
  const sleep = (ms: number) => {
    naps.push(ms);
    return clock.sleep(ms);
  };
  const queue = createTargetQueue({ ...clock, sleep }, async (batch) => answerAll(batch));
  await clock.run(queue.enqueue(jobFor("a")));
  expect(naps).toEqual([40, 40, 40]);
  const jobs = Array.from({ length: 40 }, (_, index) => jobFor(`j${index}`));
  const [[, first] = ["", 0]] = await begin(jobs, { every: 115 });
  expect(first).toBe(1_000);
});

test("a write that comes after another one begins at once: what came meanwhile has already waited", async () => {
  const clock = createQueuedClock(0);
  const begun: number[] = [];
  const queue = createTargetQueue(clock, async (batch) => {
    begun.push(clock.now());
    await clock.sleep(5_000);
    return answerAll(batch);
  });
  const later = async () => {
    await clock.sleep(300);
    return queue.enqueue(jobFor("b"));
  };
  await clock.run(Promise.all([queue.enqueue(jobFor("a")), later()]));
  expect(begun).toEqual([120, 120 + 5_000]);
});

describe("a write that prunes", () => {
  test("waits longer: what is checked meanwhile says what it holds", async () => {
    expect(await begin([jobFor("a", true), jobFor("b")], { every: 700 })).toEqual([["a b", 1_000]]);
  });

  test("waits longer also if it is not the first one", async () => {
    expect(await begin([jobFor("a"), jobFor("b", true)], { every: 100 })).toEqual([["a b", 1_000]]);
  });

  test("waits for others that are to come as long as any other write", async () => {
    const jobs = [jobFor("a", true), jobFor("b"), jobFor("c"), jobFor("d")];
    expect(await begin(jobs, { every: 900, told: { isComing: true } })).toEqual([["a b c d", 3_000]]);
  });
});
