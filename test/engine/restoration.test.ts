// test world: `onFailure: "restore"`: after a failed deployment the document is as it was, and so is the ledger.

import { describe, expect, test } from "vitest";
import { editByHand } from "../scenarios/scenario.js";
import { outcomeOf, owned, setStage } from "./jobs.js";

const restoring = { deployment: { onFailure: "restore" as const } };

describe("putting entries back after a failed deployment", () => {
  test("gives the document back to the byte, and the ledger that belongs to it", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1", OLD: "2" }, { destination: restoring })))[0]);
    const before = JSON.stringify(app.spec());
    app.nextDeployment("fails");
    const next = job("web", { A: "9", NEW: "3" }, { destination: restoring, ledger: first.ledger });
    const { status, problem, ledger } = outcomeOf((await run(next))[0]);
    expect(JSON.stringify(app.spec())).toBe(before);
    expect(ledger).toEqual(first.ledger);
    expect(status).toBe("failed");
    expect(problem?.message).toContain("the earlier entries were put back");
  });

  test("concerns only the syncs that ask for it", async () => {
    const { app, job, run } = setStage();
    app.nextDeployment("fails");
    const [web, jobs] = await run(job("web", { A: "1" }, { destination: restoring }), job("jobs", { B: "2" }));
    expect(app.list()).toEqual(["B = 2"]);
    expect(owned(outcomeOf(web).ledger)).toEqual([]);
    expect(owned(outcomeOf(jobs).ledger)).toEqual(["app/B"]);
  });

  test("leaves a deployment alone that has only not ended yet", async () => {
    const { app, job, run } = setStage();
    app.nextDeployment("hangs");
    const { status } = outcomeOf((await run(job("web", { A: "1" }, { destination: restoring })))[0]);
    expect(status).toBe("written-not-live");
    expect(app.list()).toEqual(["A = 1"]);
  });

  test("that fails itself keeps the keys ours, and says so", async () => {
    const { app, job, run } = setStage();
    app.nextDeployment("fails");
    app.around("after", () => app.nextPut("rejected"));
    const { status, problem, ledger } = outcomeOf((await run(job("web", { A: "1" }, { destination: restoring })))[0]);
    expect(status).toBe("written-not-live");
    expect(problem?.message).toContain("could not be put back");
    expect(owned(ledger)).toEqual(["app/A"]);
  });

  test("of a second write keeps what the first one made", async () => {
    const { app, job, run } = setStage();
    app.around("after", () => {
      app.replace((spec) => editByHand(spec, { A: null }));
      app.nextDeployment("fails");
    });
    const { ledger } = outcomeOf((await run(job("web", { A: "1", B: "2" }, { destination: restoring })))[0]);
    expect(app.list()).toEqual(["B = 2"]);
    expect(owned(ledger)).toContain("app/B");
  });

  test("of a second write leaves the syncs alone that only made the first one", async () => {
    const { app, job, run } = setStage();
    app.around("after", () => {
      app.replace((spec) => editByHand(spec, { A: null }));
      app.nextDeployment("fails");
    });
    const jobs = job("jobs", { B: "2" }, { destination: restoring });
    const [, second] = await run(job("web", { A: "1" }, { destination: restoring }), jobs);
    expect(app.list()).toEqual(["B = 2"]);
    expect(owned(outcomeOf(second).ledger)).toEqual(["app/B"]);
  });
});
