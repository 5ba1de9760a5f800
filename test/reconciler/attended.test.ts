// What a provider process starts: nothing after the engine that would record it has ended.

import { expect, test } from "vitest";
import { attendClock, attendTarget, createAttendance } from "../../provider/reconciler/attended.js";
import { deploysApart, setStage } from "./jobs.js";

/** A target and a clock that write down what reaches them, while the engine is there or not. */
function open(isThere: boolean) {
  const reached: unknown[] = [];
  const attendance = createAttendance(async () => isThere);
  const job = deploysApart(setStage().job("web", {}), {
    write: async (_snapshot, edits) => {
      reached.push(["write", edits]);
      return { changed: false, yielded: false, deploymentId: undefined, snapshot: await job.target.observe(look) };
    },
    async deploy(orders) {
      reached.push(["deploy", orders, this.credentialsId]);
      return { deploymentId: "deploy", failed: [] };
    },
  });
  const clock = {
    now: () => 7,
    sleep: async (ms: number, ended?: AbortSignal) => void reached.push(["sleep", ms, ended?.aborted]),
  };
  return { reached, target: attendTarget(job.target, attendance), clock: attendClock(clock, attendance) };
}

const look = { fresh: true };

test("a write, a deployment and a wait begin while the engine is there", async () => {
  const { reached, target, clock } = open(true);
  const snapshot = await target.observe(look);
  expect(await target.write(snapshot, [])).toMatchObject({ changed: false });
  expect(await target.deploy?.(["build"])).toEqual({ deploymentId: "deploy", failed: [] });
  await clock.sleep(250, AbortSignal.abort());
  expect([clock.now(), reached]).toEqual([
    7,
    [
      ["write", []],
      ["deploy", ["build"], "token"],
      ["sleep", 250, true],
    ],
  ]);
});

test("none of them begins once it has ended, and a look still works", async () => {
  const { reached, target, clock } = open(false);
  const gone = { problems: [{ code: "engine.gone", message: expect.stringMatching(/has ended, so nothing more/) }] };
  const snapshot = await target.observe(look);
  await expect(target.write(snapshot, [])).rejects.toMatchObject(gone);
  await expect(target.deploy?.(["build"])).rejects.toMatchObject(gone);
  await expect(clock.sleep(250)).rejects.toMatchObject(gone);
  expect(reached).toEqual([]);
});

test("a target that cannot deploy is none that can", () => {
  const { target } = setStage().job("web", {});
  const attendance = createAttendance(async () => true);
  expect(attendTarget(target, attendance)).not.toHaveProperty("deploy");
});
