// How a deployment ends: when what was written counts as live, which deployment is followed, and what is said if none brings it.

import { describe, expect, test } from "vitest";
import { placeName } from "../../provider/core/entry.js";
import type { Progress, Snapshot, Target } from "../../provider/destinations/destination.js";
import { SecretSyncError } from "../../provider/errors.js";
import type { Job } from "../../provider/reconciler/batch/job.js";
import { outcomeOf, setStage, type Stage } from "./jobs.js";

const done: Progress = { state: "done" };
const superseded: Progress = { state: "superseded", detail: "deployment run-1 SUPERSEDED" };
const cannotLook = new SecretSyncError({ code: "http.unavailable", message: "cannot look" });
const notLive = new Set([placeName({ slot: "app", key: "A" })]);

/** What the looks after the first poll show, one after the other; the last one stays. An error is a look that fails. */
type Looks = ReadonlyArray<Partial<Snapshot> | Error>;

interface Course {
  /** How each deployment ends. */
  readonly polls: Readonly<Record<string, Progress>>;
  readonly looks: Looks;
  /** The deployment that the answer of the write names. */
  readonly started?: string | undefined;
}

function play({ job }: Stage, { polls, looks, started = "run-1" }: Course) {
  const polled: string[] = [];
  const seen: boolean[] = [];
  const { target, ...rest } = job("web", { A: "1" });
  const observe: Target["observe"] = async (look) => {
    const snapshot = await target.observe(look);
    if (polled.length === 0 && started !== "none") return snapshot;
    const shown = looks[Math.min(seen.length, looks.length - 1)];
    seen.push(look.fresh);
    if (shown instanceof Error) throw shown;
    return { ...snapshot, busyWith: undefined, notLive, ...shown };
  };
  const poll: Target["poll"] = async (id) => {
    polled.push(id);
    return polls[id] ?? expect.fail(`nobody started ${id}`);
  };
  const write: Target["write"] = async (...asked) => {
    const receipt = await target.write(...asked);
    return { ...receipt, deploymentId: started === "none" ? undefined : started };
  };
  const played: Job = { ...rest, target: { ...target, observe, poll, write } };
  return { played, polled, seen };
}

async function follow(course: Course) {
  const stage = setStage();
  const { played, polled, seen } = play(stage, course);
  const { status, problem } = outcomeOf((await stage.run(played))[0]);
  return { status, problem, polled, seen, sleeps: stage.clock.sleeps };
}

const live: Partial<Snapshot> = { notLive: new Set() };

describe("a deployment that has succeeded", () => {
  test("is live in the first look that shows it, and that is the only one", async () => {
    const { status, sleeps, seen } = await follow({ polls: { "run-1": done }, looks: [live] });
    expect([status, sleeps, seen]).toEqual(["succeeded", [], [true]]);
  });

  test.each<[string, Partial<Snapshot>]>([
    ["still shows the earlier values", {}],
    ["still shows it as under way", { busyWith: "run-1" }],
  ])("is looked for a little longer where the platform %s", async (_what, shown) => {
    const { status, polled, sleeps, seen } = await follow({ polls: { "run-1": done }, looks: [shown, shown, live] });
    expect([status, polled, sleeps]).toEqual(["succeeded", ["run-1"], [1_000, 3_000]]);
    expect(seen).toEqual([true, true, true]);
  });

  test.each<[string, Partial<Snapshot>]>([
    ["does not show what was written", {}],
    ["is shown as under way for ever", { busyWith: "run-1" }],
  ])("and %s is told as unseen, by its name", async (_what, shown) => {
    const { status, problem, polled, sleeps } = await follow({ polls: { "run-1": done }, looks: [shown] });
    expect([status, polled, sleeps]).toEqual(["written-not-live", ["run-1"], [1_000, 3_000]]);
    expect(problem).toEqual({
      code: "deployment.unseen",
      message:
        "the variables are written, but deployment run-1 has ended and the app still runs with the earlier values; check the app's deployments in the console, then run up again",
    });
  });

  test("and gave way to another one at once is followed there", async () => {
    const { status, polled, sleeps } = await follow({
      polls: { "run-1": done, "run-2": done },
      looks: [{ busyWith: "run-2" }, live],
    });
    expect([status, polled, sleeps]).toEqual(["succeeded", ["run-1", "run-2"], []]);
  });

  test("is believed where the app cannot be looked at afterwards", async () => {
    const { status, problem, polled } = await follow({
      polls: { "run-1": done },
      looks: [cannotLook, live],
    });
    expect([status, problem, polled]).toEqual(["succeeded", undefined, ["run-1"]]);
  });
});

describe("a deployment that gave way to another one", () => {
  test("is told as cancelled where that one does not run either, and shows the earlier values", async () => {
    const { status, problem, sleeps, seen } = await follow({ polls: { "run-1": superseded }, looks: [{}] });
    expect([status, sleeps, seen]).toEqual(["written-not-live", [1_000, 3_000], [true, true, true, true]]);
    expect(problem).toEqual({
      code: "deployment.cancelled",
      message:
        "the variables are written, but deployment run-1 SUPERSEDED ended without going live, and the app still runs with the earlier values; run up again",
    });
  });

  test("is told as unfollowed where the app cannot be looked at", async () => {
    const { status, problem } = await follow({
      polls: { "run-1": superseded },
      looks: [{}, cannotLook, live],
    });
    expect(status).toBe("written-not-live");
    expect(problem).toMatchObject({
      code: "deployment.unseen",
      message: "the variables are written, but their deployment could not be followed: cannot look",
    });
  });
});

describe("a write whose deployment is not seen", () => {
  test("is followed in the one that the app shows", async () => {
    const { status, polled } = await follow({
      started: "none",
      polls: { "run-7": done },
      looks: [live, { busyWith: "run-7" }, live],
    });
    expect([status, polled]).toEqual(["succeeded", ["run-7"]]);
  });

  test("is told as not deployed where the app shows none", async () => {
    const { status, problem, polled } = await follow({ started: "none", polls: {}, looks: [live, {}] });
    expect([status, polled]).toEqual(["written-not-live", []]);
    expect(problem?.message).toBe(
      "the variables are written, but no deployment of them was started; check the app's deployments in the console, then run up again",
    );
  });
});
