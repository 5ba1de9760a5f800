// Whose the entries are that a sync meets before its first plan: when state is asked, and what the answer changes.

import { describe, expect, test } from "vitest";
import { SecretSyncError } from "../../provider/errors.js";
import type { Job } from "../../provider/reconciler/batch/job.js";
import { editByHand } from "../scenarios/scenario.js";
import { outcomeOf, owned, recordCalls, refusalOf, setStage, type Stage } from "./jobs.js";

/** An app with A, which the sync "old" has written. */
async function open() {
  const stage = setStage();
  const { ledger } = outcomeOf((await stage.run(stage.job("old", { A: "1" })))[0]);
  const formers = () => [{ targetId: "id", salt: "old", ledger }];
  return { ...stage, ledger, formers };
}

/** The same job, and how often it has asked. */
function asking(job: Job, answer: () => Promise<Job | undefined> = async () => undefined) {
  const asked: string[] = [];
  const recall = () => {
    asked.push(job.owner);
    return answer();
  };
  return { job: { ...job, recall }, asked };
}

describe("a new sync", () => {
  const isNew = true;

  test("that replaces the one whose entries it meets goes on from there, after another look", async () => {
    const { app, job, run, ledger } = await open();
    const former = { ...job("old", { A: "2" }, { ledger }), isNew };
    const { job: next, asked } = asking({ ...job("new", { A: "2" }), isNew }, async () => recorded.job);
    const [recorded, first] = [recordCalls(former), recordCalls(next)];
    const { status, plan } = outcomeOf((await run(first.job))[0]);
    expect([asked, status, app.list()]).toEqual([["new"], "succeeded", ["A = 2"]]);
    expect(plan).toMatchObject([{ key: "A", action: "update", because: ["value"] }]);
    // The first look, and one after the question; then the one that showed it live.
    expect(first.calls.looks).toEqual([true, true, true]);
  });

  test("that replaces none is planned with the look that there is", async () => {
    const { job, run } = await open();
    const { job: first, calls } = recordCalls(asking({ ...job("new", { B: "2" }), isNew }).job);
    expect(outcomeOf((await run(first))[0]).status).toBe("succeeded");
    expect(calls.looks).toEqual([true, true]);
  });

  test("asks once, however often it has to write", async () => {
    const { app, job, run } = await open();
    app.around("after", () => app.replace((spec) => editByHand(spec, { B: null })));
    const { job: next, asked } = asking({ ...job("new", { B: "2" }), isNew });
    const { job: first, calls } = recordCalls(next);
    expect(outcomeOf((await run(first))[0]).status).toBe("succeeded");
    expect([asked, calls.writes]).toEqual([["new"], [1, 1]]);
  });

  test("asks nothing where all that it meets is claimed by others of the run, or where it meets nothing", async () => {
    const { job, run } = await open();
    const claims = [{ owner: "old", places: [{ slot: "app", key: "A" }] }];
    const beside = asking({ ...job("new", { B: "2" }, { claims }), isNew });
    await run(beside.job);
    const empty = setStage();
    const alone = asking({ ...empty.job("new", { A: "1" }), isNew });
    await empty.run(alone.job);
    expect([...beside.asked, ...alone.asked]).toEqual([]);
  });

  test("is refused where its question fails, and the others are written", async () => {
    const { app, job, run } = await open();
    const failure = new SecretSyncError({ code: "state.newer", message: "no state" });
    const { job: next } = asking({ ...job("new", { B: "2" }), isNew }, () => Promise.reject(failure));
    const [refused, written] = await run(next, job("other", { C: "3" }));
    expect(refusalOf(refused)).toEqual(["state.newer"]);
    expect(outcomeOf(written).status).toBe("succeeded");
    expect(app.list()).toEqual(["A = 1", "C = 3"]);
  });
});

describe("a sync of earlier runs", () => {
  type Wish = (stage: Awaited<ReturnType<typeof open>>) => Job;
  const taking = { rules: { adopt: ["A"] } };

  test.each<[string, Wish, string[]]>([
    ["takes over an entry of an unknown owner", ({ job }) => job("web", { A: "2" }, taking), ["web"]],
    ["may prune one", ({ job }) => job("web", { B: "2" }, { rules: { overwrite: true, deletionLimit: 9 } }), ["web"]],
    [
      "takes over an entry whose owner is known",
      ({ job, formers }) => ({ ...job("web", { A: "2" }, taking), formers }),
      [],
    ],
    ["meets one that it does not want", ({ job }) => job("web", { B: "2" }), []],
    ["meets its own", ({ job, ledger }) => job("old", { A: "2" }, { ledger }), []],
  ])("asks where it %s: %j", async (_what, wish, expected) => {
    const stage = await open();
    const { job, asked } = asking(wish(stage));
    outcomeOf((await stage.run(job))[0]);
    expect(asked).toEqual(expected);
  });

  test("takes over what another one has written with its origin: a destroy gives back what was before that", async () => {
    const stage: Stage = setStage({ name: "shop", envs: [{ key: "A", value: "before" }] });
    const { app, job, run } = stage;
    const rules = { adopt: ["A"], keepPrior: true };
    const { ledger } = outcomeOf((await run(job("old", { A: "1" }, { rules })))[0]);
    const formers = () => [{ targetId: "id", salt: "old", ledger }];
    const taken = outcomeOf((await run({ ...job("web", { A: "2" }, { rules }), formers }))[0]);
    expect(owned(taken.ledger)).toEqual(["app/A"]);
    await run(job("web", {}, { rules: { destroy: "restore" }, ledger: taken.ledger }));
    expect(app.list()).toEqual(["A = before (plain)"]);
  });
});
