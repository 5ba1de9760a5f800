// `onFailure: "restore"`: after a failed deployment the document is as it was, and so is the ledger.

import { describe, expect, test } from "vitest";
import { editByHand } from "../scenarios/scenario.js";
import type { Target } from "../../provider/destinations/destination.js";
import type { PutOutcome } from "../scenarios/memory-app.js";
import { closedDoor } from "./closed-door.js";
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
    expect(problem?.message).toContain("the earlier entries were restored");
  });

  test.each(["first", "last"])("concerns only the syncs that ask for it, and only they say so (%s)", async (where) => {
    const { app, job, run } = setStage();
    app.nextDeployment("fails");
    const jobs = [job("web", { A: "1" }, { destination: restoring }), job("jobs", { B: "2" })];
    const ends = await run(...(where === "first" ? jobs : jobs.toReversed()));
    const [web, other] = (where === "first" ? ends : ends.toReversed()).map(outcomeOf);
    expect(app.list()).toEqual(["B = 2"]);
    expect(owned(web?.ledger ?? {})).toEqual([]);
    expect(owned(other?.ledger ?? {})).toEqual(["app/B"]);
    expect(web?.problem?.message).toMatch(/then run up again; the earlier entries were restored$/);
    expect(other?.problem?.message).toMatch(
      /then run up again; to go back, .* let deployment\.onFailure: "restore" do it/,
    );
  });

  test("is reported even by a sync that does not wait for its deployment itself", async () => {
    const { app, job, run } = setStage();
    app.nextDeployment("fails");
    const hasty = { deployment: { wait: false, onFailure: "restore" as const } };
    const [web] = await run(job("web", { A: "1" }, { destination: hasty }), job("jobs", { B: "2" }));
    const { status, problem } = outcomeOf(web);
    expect(app.list()).toEqual(["B = 2"]);
    expect(status).toBe("failed");
    expect(problem?.message).toMatch(/the earlier entries were restored$/);
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
    expect(problem?.message).toContain("could not be restored");
    expect(owned(ledger)).toEqual(["app/A"]);
  });

  test("is written down where only its own deployment cannot be followed", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1", OLD: "2" }, { destination: restoring })))[0]);
    app.nextDeployment("fails");
    app.around("after", () => app.around("after", () => app.blindToDeployments(Infinity)));
    const next = job("web", { A: "9" }, { destination: restoring, ledger: first.ledger });
    const { status, problem, ledger } = outcomeOf((await run(next))[0]);
    expect(app.list()).toEqual(["A = 1", "OLD = 2"]);
    expect(ledger).toEqual(first.ledger);
    expect(status).toBe("failed");
    expect(problem?.message).toMatch(
      /; the earlier entries were restored; their deployment could not be followed \(cannot look at the deployment\)$/,
    );
  });

  /** A second run that changes A, adds NEW and removes OLD, fails, and gets no answer to what puts them back. */
  async function restoreUnanswered(outcome: PutOutcome) {
    const stage = setStage();
    const { app, job, run } = stage;
    const first = outcomeOf((await run(job("web", { A: "1", OLD: "2" }, { destination: restoring })))[0]);
    app.nextDeployment("fails");
    app.around("after", () => {
      app.nextPut(outcome);
      app.around("after", () => app.blind(3));
    });
    const wishes = { A: "9", NEW: "3" };
    const [end] = await run(job("web", wishes, { destination: restoring, ledger: first.ledger }));
    app.around("after", () => undefined);
    app.blind(0);
    return { ...stage, wishes, ended: outcomeOf(end) };
  }

  test.each<["arrived" | "got lost", PutOutcome]>([
    ["arrived", "lost-after"],
    ["got lost", "lost-both"],
  ])(
    "that %s without an answer leaves everything that is ours to a destroy, and nothing else",
    async (_what, outcome) => {
      const { app, job, run, ended } = await restoreUnanswered(outcome);
      app.replace((spec) => editByHand(spec, { NEW: "theirs" }));
      const leaving = job("web", {}, { rules: { destroy: "delete" }, ledger: ended.ledger });
      expect(outcomeOf((await run(leaving))[0]).problem).toBeUndefined();
      expect(app.list()).toEqual(["NEW = theirs (plain)"]);
    },
  );

  test("that got lost leaves to a destroy what our write made another kind of variable", async () => {
    const { app, job, run } = setStage();
    const plain = { ...restoring, variableType: "GENERAL" as const };
    const first = outcomeOf((await run(job("web", { A: "1" }, { destination: plain })))[0]);
    app.nextDeployment("fails");
    app.around("after", () => app.nextPut("lost-both"));
    const next = job("web", { A: "9" }, { destination: restoring, ledger: first.ledger });
    const { ledger } = outcomeOf((await run(next))[0]);
    expect(app.list()).toEqual(["A = 9"]);
    await run(job("web", {}, { rules: { destroy: "delete" }, ledger }));
    expect(app.list()).toEqual([]);
  });

  test("that got no answer leaves to others what they have changed since", async () => {
    const { app, job, run, ended } = await restoreUnanswered("lost-after");
    app.replace((spec) => editByHand(spec, { A: "theirs" }));
    await run(job("web", {}, { rules: { destroy: "delete" }, ledger: ended.ledger }));
    expect(app.list()).toEqual(["A = theirs (plain)"]);
  });

  test.each<["arrived" | "got lost", PutOutcome, string[]]>([
    ["arrived", "lost-after", ["A = 1", "OLD = 2"]],
    ["got lost", "lost-both", ["A = 9", "NEW = 3"]],
  ])("that %s without an answer keeps all ours that it may have brought back", async (_what, outcome, document) => {
    const { app, job, run, wishes, ended } = await restoreUnanswered(outcome);
    const { status, problem, ledger } = ended;
    expect(app.list()).toEqual(document);
    expect(owned(ledger)).toEqual(["app/A", "app/NEW", "app/OLD"]);
    expect(status).toBe("failed");
    expect(problem?.message).toMatch(/; it is not known whether the earlier entries were restored \(/);
    const { ledger: healed } = outcomeOf((await run(job("web", wishes, { destination: restoring, ledger })))[0]);
    expect(app.list()).toEqual(["A = 9", "NEW = 3"]);
    expect(owned(healed)).toEqual(["app/A", "app/NEW"]);
  });

  test("undoes a destroy as well: what it gave back and what it removed is ours again", async () => {
    const { app, job, run } = setStage({ name: "shop", envs: [{ key: "A", value: "before" }] });
    const rules = { adopt: ["A"], keepPrior: true };
    const first = outcomeOf((await run(job("web", { A: "1", B: "2" }, { destination: restoring, rules })))[0]);
    const written = app.list();
    app.nextDeployment("fails");
    const leaving = job("web", {}, { destination: restoring, rules: { destroy: "restore" }, ledger: first.ledger });
    const { problem, ledger } = outcomeOf((await run(leaving))[0]);
    expect(app.list()).toEqual(written);
    expect(owned(ledger)).toEqual(["app/A", "app/B"]);
    expect(problem?.message).toMatch(/the earlier entries were restored$/);
  });

  test("gives a key back that was taken over from somebody, and it is not ours again", async () => {
    const { app, job, run } = setStage({ name: "shop", envs: [{ key: "A", value: "theirs" }] });
    app.nextDeployment("fails");
    const taking = job("web", { A: "1", B: "2" }, { destination: restoring, rules: { adopt: ["A"], keepPrior: true } });
    const { problem, ledger } = outcomeOf((await run(taking))[0]);
    expect(app.list()).toEqual(["A = theirs (plain)"]);
    expect(owned(ledger)).toEqual([]);
    expect(problem?.message).toMatch(/the earlier entries were restored$/);
  });

  test("gives a key back that another sync of the stack had, and keeps it: that one may have let it go", async () => {
    const { app, job, run } = setStage();
    const { ledger } = outcomeOf((await run(job("jobs", { A: "1" })))[0]);
    app.nextDeployment("fails");
    const formers = () => [{ targetId: "id", salt: "jobs", ledger }];
    const taking = { ...job("web", { A: "2" }, { destination: restoring, rules: { adopt: ["A"] } }), formers };
    const { ledger: kept } = outcomeOf((await run(taking))[0]);
    expect([app.list(), owned(kept)]).toEqual([["A = 1"], ["app/A"]]);
    const next = outcomeOf((await run(job("web", { A: "2" }, { destination: restoring, ledger: kept })))[0]);
    expect(next.plan).toMatchObject([{ key: "A", action: "update", because: ["value"] }]);
    expect(app.list()).toEqual(["A = 2"]);
  });

  test("gives a key back that was pruned and that another sync of the stack had, and leaves it to that one", async () => {
    const { app, job, run } = setStage();
    const { ledger } = outcomeOf((await run(job("jobs", { A: "1" })))[0]);
    app.nextDeployment("fails");
    const formers = () => [{ targetId: "id", salt: "jobs", ledger }];
    const rules = { overwrite: true, deletionLimit: 9 };
    const pruning = { ...job("web", { B: "2" }, { destination: restoring, rules }), formers };
    const { ledger: kept, plan } = outcomeOf((await run(pruning))[0]);
    expect(plan).toMatchObject([
      { key: "A", action: "delete" },
      { key: "B", action: "create" },
    ]);
    expect([app.list(), owned(kept)]).toEqual([["A = 1"], []]);
  });

  test("gives up after three tries at an app that changes before each of them", async () => {
    const { app, job, run } = setStage();
    app.nextDeployment("fails");
    const web = job("web", { A: "1" }, { destination: restoring });
    let tries = 0;
    const write: Target["write"] = async (snapshot, edits) => {
      if (edits.some(({ action }) => action === "set")) return web.target.write(snapshot, edits);
      tries += 1;
      return { changed: false, yielded: tries < 9, deploymentId: undefined, snapshot };
    };
    const { problem, ledger } = outcomeOf((await run({ ...web, target: { ...web.target, write } }))[0]);
    expect(tries).toBe(3);
    expect(problem?.message).toMatch(/were not restored, because another writer took over one of the keys meanwhile$/);
    expect(owned(ledger)).toEqual(["app/A"]);
  });

  test("leaves what somebody has changed before the look at our write: that is theirs", async () => {
    const { app, job, run } = setStage();
    app.nextDeployment("fails");
    const web = job("web", { A: "1", B: "2" }, { destination: { ...restoring, variableType: "GENERAL" } });
    const write: Target["write"] = async (snapshot, edits) => {
      const receipt = await web.target.write(snapshot, edits);
      if (edits.every(({ action }) => action !== "set")) return receipt;
      app.nextDeployment("fails");
      app.replace((spec) => editByHand(spec, { A: "theirs" }), { deploys: true });
      return { ...receipt, snapshot: await web.target.observe({ fresh: true }) };
    };
    const { problem } = outcomeOf((await run({ ...web, target: { ...web.target, write } }))[0]);
    expect(app.list()).toEqual(["A = theirs (plain)"]);
    expect(problem?.message).toMatch(/restored, except those that somebody has changed since \(app\/A\)$/);
  });

  test("lets go of what it would have taken from others, and makes its deployment one of this run", async () => {
    const { app, job, run, runBeside } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1" }, { destination: restoring })))[0]);
    app.nextDeployment("fails");
    const limits: string[][] = [];
    const door = closedDoor();
    const next = job("web", { A: "9", NEW: "3" }, { destination: restoring, ledger: first.ledger });
    await runBeside(door, { ...next, withdraw: (ledger) => void limits.push(owned(ledger)) });
    expect(limits).toEqual([["app/A"]]);
    expect([...door.own]).toEqual(["run-2", "run-3"]);
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
