// test world: the queue before the loop: who shares a write, who waits, and what a failure takes down.

import { describe, expect, test } from "vitest";
import type { Job, Outcome } from "../../provider/engine/job.js";
import { createTargetQueue } from "../../provider/engine/target-queue.js";
import { createQueuedClock } from "../http/simulated-clock.js";
import { setStage } from "./jobs.js";

const stage = setStage();

interface Place {
  readonly targetId?: string;
  readonly authority?: string;
  readonly resolve?: () => Promise<string>;
}

function jobFor(owner: string, { targetId = "id", authority = "token", resolve }: Place = {}): Job {
  const job = stage.job(owner, {});
  return { ...job, target: { ...job.target, authority, resolve: resolve ?? (async () => targetId) } };
}

interface Batch {
  readonly owners: string;
  readonly from: number;
  to: number;
}

/** A queue whose batches take time, fail when an owner says so, and are written down. */
function open({ takesMs = 0 }: { takesMs?: number } = {}) {
  const clock = createQueuedClock(0);
  const batches: Batch[] = [];
  const queue = createTargetQueue(clock, async (jobs) => {
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
  });
  const later = async (ms: number, job: Job) => {
    if (ms > 0) await clock.sleep(ms);
    return queue.enqueue(job).then(
      ({ deploymentId }) => `${job.owner} done`.replace(job.owner, deploymentId ?? ""),
      (error: unknown) => `${job.owner} ${String(error)}`,
    );
  };
  return { clock, batches, later, owners: () => batches.map(({ owners }) => owners) };
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

  test("takes a job that comes after that time into a batch of its own", async () => {
    const { clock, later, owners } = open();
    await clock.run(Promise.all([later(0, jobFor("a")), later(200, jobFor("b"))]));
    expect(owners()).toEqual(["a", "b"]);
  });

  test("does not wait for ever, however many jobs keep arriving", async () => {
    const { clock, later, batches } = open();
    const arrivals = Array.from({ length: 30 }, (_, index) => later(index * 100, jobFor(`j${index}`)));
    await clock.run(Promise.all(arrivals));
    expect(batches[0]?.from).toBeLessThanOrEqual(1_120);
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

  test("never mixes two authorities, and runs one after the other", async () => {
    const { clock, later, batches } = open({ takesMs: 1_000 });
    const tokens = ["t1", "t2", "t1"];
    await clock.run(Promise.all(tokens.map((authority, index) => later(0, jobFor(`j${index}`, { authority })))));
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
        later(0, jobFor("other", { authority: "other" })),
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

  test("works again after it was idle", async () => {
    const { clock, later, owners } = open();
    expect(await clock.run(later(0, jobFor("a")))).toBe("a done");
    expect(await clock.run(later(10_000, jobFor("b")))).toBe("b done");
    expect(owners()).toEqual(["a", "b"]);
  });
});
