// Which jobs of a batch are answered before it ends, which only with its end, and who answers for those that have left.

import { describe, expect, test } from "vitest";
import { SecretSyncError } from "../../provider/errors.js";
import type { Door } from "../../provider/reconciler/batch/door.js";
import type { Job } from "../../provider/reconciler/batch/job.js";
import { nobodyElse, type Outlook } from "../../provider/reconciler/batch/waiting.js";
import { editByHand } from "../scenarios/scenario.js";
import { closedDoor } from "./closed-door.js";
import { outcomeOf, setStage } from "./jobs.js";

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

describe("a sync that waits for others of its write", () => {
  const declared = (): Door => ({ ...closedDoor(), outlook: () => ({ ...nobodyElse, isDeclared: true }) });

  test.each<[string, "report" | "restore"]>([
    ["has nothing to write", "report"],
    ["would undo what it writes, and writes nothing", "restore"],
  ])("answers for them, even if it %s", async (_what, onFailure) => {
    const { app, job, run, runBeside } = setStage();
    const { ledger } = outcomeOf((await run(job("idle", { OLD: "1" })))[0]);
    app.nextDeployment("fails");
    const idle = job("idle", { OLD: "1" }, { ledger, destination: { deployment: { onFailure } } });
    const [stays, left] = await runBeside(declared(), idle, job("web", { A: "1" }));
    expect(outcomeOf(left).isLeft).toBe(true);
    expect(outcomeOf(stays)).toMatchObject({ wrote: false, problem: { code: "deployment.failed" } });
  });

  test("leaves their deployment to the next batch if it is refused after all", async () => {
    const { app, job, runBeside } = setStage();
    const arriving = [job("late", { C: "1" })];
    const door: Door = {
      ...declared(),
      isCalled: () => arriving.length > 0,
      late: () => {
        app.replace((spec) => editByHand(spec, { B: "theirs" }));
        return arriving.splice(0);
      },
    };
    app.nextDeployment("hangs");
    const first = job("first", { B: "1" });
    const { target } = first;
    let writes = 0;
    const write: Job["target"]["write"] = async (...given) => {
      writes += 1;
      if (writes > 1) throw new SecretSyncError({ code: "destination.rejected", message: "no" });
      return target.write(...given);
    };
    const [refused, left] = await runBeside(door, { ...first, target: { ...target, write } }, job("web", { A: "1" }));
    expect([left?.outcome?.isLeft, refused?.outcome?.problem?.code]).toEqual([true, "destination.rejected"]);
    expect(door.debt).toMatchObject({ deploymentId: "run-1" });
  });
});
