// `onFailure: "restore"` while others write: what somebody has changed since the failed write is theirs, and stays.

import { describe, expect, test } from "vitest";
import type { Ledger } from "../../provider/core/entry.js";
import type { RawEnv, Spec } from "../../provider/destinations/digitalocean/wire.js";
import { editByHand } from "../scenarios/scenario.js";
import { outcomeOf, owned, recordCalls, setStage, type Stage } from "./jobs.js";

const restoring = { deployment: { onFailure: "restore" as const } };

describe("what somebody has changed between the failed write and the restoration", () => {
  const theirs: RawEnv = { key: "A", value: "theirs", scope: "BUILD_TIME" };

  test.each(["before", "behind"])("stays theirs if it is a key of ours in another scope, %s ours", async (where) => {
    const stage = setStage({ name: "shop" });
    const { app, job, run } = stage;
    app.nextDeployment("fails");
    const beside = (envs: readonly RawEnv[]) => (where === "before" ? [theirs, ...envs] : [...envs, theirs]);
    const push = (spec: Spec): Spec => ({ ...spec, envs: beside((spec["envs"] ?? []) as RawEnv[]) });
    app.around("after", () => afterFailure(stage, () => app.replace(push)));
    const { problem } = outcomeOf((await run(job("web", { A: "1" }, { destination: restoring })))[0]);
    expect(app.list()).toEqual(["A = theirs (plain, build_time)"]);
    expect(problem?.message).toMatch(/the earlier entries were restored$/);
  });

  /** A first run that succeeds, and a second one that changes A, adds NEW and removes OLD, fails, and meets these edits. */
  async function meet(edits: Readonly<Record<string, string | null>>, deploys = false) {
    const stage = setStage({ name: "shop" });
    const { app, job, run } = stage;
    const first = outcomeOf((await run(job("web", { A: "1", B: "1", OLD: "2" }, { destination: restoring })))[0]);
    app.nextDeployment("fails");
    app.around("after", () => afterFailure(stage, () => app.replace((spec) => editByHand(spec, edits), { deploys })));
    const next = job("web", { A: "9", B: "9", NEW: "3" }, { destination: restoring, ledger: first.ledger });
    const outcome = outcomeOf((await run(next))[0]);
    return { ...stage, first, outcome };
  }

  /** The next look at the app is that of the restoration. */
  const afterFailure = ({ app }: Stage, event: () => void) => app.around("look", event);

  test("stays theirs, whatever it was, and the rest is put back", async () => {
    const { app, outcome } = await meet({ A: "theirs" });
    expect(app.list()).toEqual(["A = theirs (plain)", "B = 1", "OLD = 2"]);
    expect(outcome.status).toBe("failed");
    expect(outcome.problem?.message).toContain(
      "the earlier entries were restored, except those that somebody has changed since (app/A)",
    );
  });

  test("is drift in the next run if the source still has the key", async () => {
    const { app, job, run, first, outcome } = await meet({ A: "theirs" });
    expect(owned(outcome.ledger)).toEqual(["app/A", "app/B", "app/OLD"]);
    expect(outcome.ledger["app"]?.["B"]).toEqual(first.ledger["app"]?.["B"]);
    const { plan } = outcomeOf(
      (await run(job("web", { A: "9", B: "9", NEW: "3" }, { destination: restoring, ledger: outcome.ledger })))[0],
    );
    expect(plan).toMatchObject([
      { key: "A", action: "update", because: ["drift"] },
      { key: "B", action: "update", because: ["value"] },
      { key: "NEW", action: "create" },
      { key: "OLD", action: "delete" },
    ]);
    expect(app.list()).toEqual(["A = 9", "B = 9", "NEW = 3"]);
  });

  test.each<[string, Record<string, string | null>, string[]]>([
    ["a key that we added and they changed", { NEW: "theirs" }, ["A = 1", "B = 1", "NEW = theirs (plain)", "OLD = 2"]],
    ["a key that we changed and they removed", { A: null }, ["B = 1", "OLD = 2"]],
    ["a key that we removed and they made anew", { OLD: "theirs" }, ["A = 1", "B = 1", "OLD = theirs (plain)"]],
  ])("is seen for %s", async (_what, edits, document) => {
    const { app, outcome } = await meet(edits);
    expect(app.list()).toEqual(document);
    expect(outcome.problem?.message).toContain(`changed since (app/${Object.keys(edits).join()})`);
  });

  test("can be everything, and then nothing is written", async () => {
    const { app, outcome } = await meet({ A: "x", B: "x", NEW: "x", OLD: "x" });
    expect(app.list()).toEqual(["A", "B", "NEW", "OLD"].map((key) => `${key} = x (plain)`));
    expect(app.puts).toHaveLength(2);
    expect(outcome.status).toBe("written-not-live");
    expect(outcome.problem?.message).toContain(
      "the earlier entries were not restored, because somebody has changed them since (app/A, app/B, app/NEW, app/OLD)",
    );
  });

  test("can be everything of one sync, and nothing of another one of the same write", async () => {
    const stage = setStage({ name: "shop" });
    const { app, job, run } = stage;
    const wishes = (value: string, [web = {}, api = {}]: readonly Ledger[] = []) => [
      job("web", { A: value }, { destination: restoring, ledger: web }),
      job("api", { B: value }, { destination: restoring, ledger: api }),
    ];
    const ledgers = (await run(...wishes("1"))).map((end) => outcomeOf(end).ledger);
    app.nextDeployment("fails");
    app.around("after", () =>
      afterFailure(stage, () => app.replace((spec) => editByHand(spec, { A: "theirs" }), { deploys: false })),
    );
    const ends = (await run(...wishes("9", ledgers))).map(outcomeOf);
    expect(app.list()).toEqual(["A = theirs (plain)", "B = 1"]);
    const [web, api] = ends.map(({ problem }) => problem?.message);
    expect(web).toMatch(/were not restored, because somebody has changed them since \(app\/A\)$/);
    expect(api).toMatch(/; the earlier entries were restored$/);
  });

  test("can be the component itself: what was there cannot be put back", async () => {
    const stage = setStage({ name: "shop", services: [{ name: "web" }, { name: "api" }] });
    const { app, job, run } = stage;
    const at = (...components: [string, ...string[]]) => ({ destination: { ...restoring, components } });
    const first = outcomeOf((await run(job("web", { A: "1" }, at("web", "api"))))[0]);
    app.nextDeployment("fails");
    const removeWeb = (spec: Spec): Spec => ({ ...spec, services: (spec["services"] as Spec[]).slice(1) });
    app.around("after", () => afterFailure(stage, () => app.replace(removeWeb, { deploys: false })));
    const next = job("web", { A: "9" }, { ...at("api"), ledger: first.ledger });
    const { problem, ledger } = outcomeOf((await run(next))[0]);
    expect([app.list(), owned(ledger)]).toEqual([["api/A = 1"], ["api/A"]]);
    expect(problem?.message).toContain("restored, except those that somebody has changed since (web/A)");
  });

  test("can be a foreign key, which does not matter", async () => {
    const { app, first, outcome } = await meet({ THEIRS: "x" });
    expect(app.list()).toEqual(["A = 1", "B = 1", "THEIRS = x (plain)", "OLD = 2"]);
    expect(outcome.ledger).toEqual(first.ledger);
    expect(outcome.problem?.message).toMatch(/the earlier entries were restored$/);
  });

  test("is still seen while their own deployment is under way, which ends first", async () => {
    const { app, outcome } = await meet({ A: "theirs" }, true);
    expect(app.list()).toEqual(["A = theirs (plain)", "B = 1", "OLD = 2"]);
    expect(outcome.problem?.message).toContain("(app/A)");
    const [, previous] = await app.api.listDeployments("id");
    expect(previous?.phase).toBe("ACTIVE");
  });

  test("can be a rollback of the platform that puts the whole spec back: nothing is left to write", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1" }, { destination: restoring })))[0]);
    const before = app.spec();
    app.nextDeployment("fails");
    app.around("after", () => app.around("look", () => app.replace(() => before)));
    const next = job("web", { A: "9", NEW: "3" }, { destination: restoring, ledger: first.ledger });
    const { status, problem, ledger } = outcomeOf((await run(next))[0]);
    expect(app.puts).toHaveLength(2);
    expect(ledger).toEqual(first.ledger);
    expect(status).toBe("failed");
    expect(problem?.message).toMatch(/the earlier entries were restored$/);
  });

  test.each([
    ["at once", false, ["run-2", "run-2"]],
    ["with a deployment, which ends first", true, ["run-2", "run-2", "run-3", "run-3", "run-3"]],
  ])("can be a rollback %s, and no more is asked than is needed", async (_how, deploys, polls) => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1" }, { destination: restoring })))[0]);
    const before = app.spec();
    app.nextDeployment("fails");
    app.around("after", () => app.around("look", () => app.replace(() => before, { deploys })));
    const { job: next, calls } = recordCalls(job("web", { A: "9" }, { destination: restoring, ledger: first.ledger }));
    expect(outcomeOf((await run(next))[0]).ledger).toEqual(first.ledger);
    expect(calls.polls).toEqual(polls);
    expect(calls.writes).toEqual([1]);
    // Before the write, and for the restoration; once more where a deployment had to end first.
    expect(calls.looks).toEqual([true, true, ...(deploys ? [true] : [])]);
  });

  test("does not matter to a sync that restores nothing: no more is asked after the failure", async () => {
    const { app, job, run } = setStage();
    app.nextDeployment("fails");
    const { job: next, calls } = recordCalls(job("web", { A: "1" }));
    expect(outcomeOf((await run(next))[0]).status).toBe("written-not-live");
    expect(calls).toEqual({ looks: [true], polls: ["run-1", "run-1"], writes: [1] });
  });

  test("can be such a rollback for a key that stands beside one of theirs: it is not given back twice", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1" }, { destination: restoring })))[0]);
    app.replace((spec) => ({ ...spec, envs: [...((spec["envs"] ?? []) as RawEnv[]), theirs] }));
    const before = app.spec();
    const together = app.list();
    app.nextDeployment("fails");
    app.around("after", () => app.around("look", () => app.replace(() => before)));
    const leaving = job("web", {}, { destination: restoring, rules: { destroy: "delete" }, ledger: first.ledger });
    const { problem, ledger } = outcomeOf((await run(leaving))[0]);
    expect(app.list()).toEqual(together);
    expect(app.puts).toHaveLength(2);
    expect(ledger).toEqual(first.ledger);
    expect(problem?.message).toMatch(/the earlier entries were restored$/);
  });

  test("leaves a key beside one of theirs that was removed and is given back: both stand there again", async () => {
    const { app, job, run } = setStage();
    const first = outcomeOf((await run(job("web", { A: "1" }, { destination: restoring })))[0]);
    app.replace((spec) => ({ ...spec, envs: [...((spec["envs"] ?? []) as RawEnv[]), theirs] }));
    app.nextDeployment("fails");
    const leaving = job("web", {}, { destination: restoring, rules: { destroy: "delete" }, ledger: first.ledger });
    const { ledger } = outcomeOf((await run(leaving))[0]);
    expect(app.list().toSorted()).toEqual(["A = 1", "A = theirs (plain, build_time)"]);
    expect(ledger).toEqual(first.ledger);
  });

  test("can be the earlier entry, put back in front of ours: the failed value does not stay beside it", async () => {
    const stage = setStage({ name: "shop" });
    const { app, job, run } = stage;
    const first = outcomeOf((await run(job("web", { A: "1" }, { destination: restoring })))[0]);
    const earlier = app.envAt("app", "A");
    app.nextDeployment("fails");
    const putInFront = (spec: Spec): Spec => ({ ...spec, envs: [earlier, ...((spec["envs"] ?? []) as RawEnv[])] });
    app.around("after", () => afterFailure(stage, () => app.replace(putInFront)));
    await run(job("web", { A: "9" }, { destination: restoring, ledger: first.ledger }));
    expect(new Set(app.list())).toEqual(new Set(["A = 1"]));
  });

  test("is seen if our entry is there twice since: it is unknown which one to remove", async () => {
    const stage = setStage({ name: "shop" });
    const { app, job, run } = stage;
    app.nextDeployment("fails");
    const double = (spec: Spec): Spec => ({ ...spec, envs: [spec["envs"], spec["envs"]].flat() });
    app.around("after", () => afterFailure(stage, () => app.replace(double)));
    const { problem } = outcomeOf((await run(job("web", { A: "1" }, { destination: restoring })))[0]);
    expect(app.list()).toEqual(["A = 1", "A = 1"]);
    expect(problem?.message).toMatch(/were not restored, because somebody has changed them since \(app\/A\)$/);
  });

  test("is seen for a key that destroy gave back as it was", async () => {
    const { app, job, run } = setStage({ name: "shop", envs: [{ key: "A", value: "before" }] });
    const rules = { adopt: ["A"], keepPrior: true };
    const first = outcomeOf((await run(job("web", { A: "1", B: "2" }, { destination: restoring, rules })))[0]);
    app.nextDeployment("fails");
    app.around("after", () => app.around("look", () => app.replace((spec) => editByHand(spec, { A: "theirs" }))));
    const leaving = job("web", {}, { destination: restoring, rules: { destroy: "restore" }, ledger: first.ledger });
    const { problem } = outcomeOf((await run(leaving))[0]);
    expect(app.list()).toEqual(["A = theirs (plain)", "B = 2"]);
    expect(problem?.message).toContain("(app/A)");
  });
});

describe("somebody who writes while the earlier entries are put back", () => {
  /** A second run that changes A, adds NEW and fails; the test decides what happens at the restoration. */
  async function restoreAmid(arrange: (stage: Stage) => void) {
    const stage = setStage({ name: "shop", envs: [{ key: "THEIRS", value: "x" }] });
    const { app, job, run } = stage;
    const first = outcomeOf((await run(job("web", { A: "1", OLD: "2" }, { destination: restoring })))[0]);
    app.nextDeployment("fails");
    app.around("after", () => arrange(stage));
    const next = job("web", { A: "9", NEW: "3" }, { destination: restoring, ledger: first.ledger });
    return { ...stage, first, outcome: outcomeOf((await run(next))[0]) };
  }
  const edit = ({ app }: Stage, edits: Readonly<Record<string, string | null>>) =>
    app.replace((spec) => editByHand(spec, edits));

  test("and takes over one of the keys keeps everything as it is then, and the ledger stays that of our write", async () => {
    const { app, first, outcome } = await restoreAmid((stage) =>
      stage.app.around("before", () => edit(stage, { A: "theirs" })),
    );
    expect(app.list()).toEqual(["THEIRS = x (plain)", "A = theirs (plain)", "NEW = 3"]);
    expect(outcome.status).toBe("written-not-live");
    expect(outcome.problem?.message).toMatch(
      /; the earlier entries were not restored, because another writer took over one of the keys meanwhile$/,
    );
    expect(owned(outcome.ledger)).toEqual(["app/A", "app/NEW"]);
    expect(outcome.ledger["app"]?.["A"]).not.toEqual(first.ledger["app"]?.["A"]);
  });

  test("right before it is sent is seen, and their key is left out of it", async () => {
    const { app, outcome } = await restoreAmid((stage) =>
      stage.app.around("look", () => stage.app.around("look", () => edit(stage, { A: "theirs" }))),
    );
    expect(app.list()).toEqual(["THEIRS = x (plain)", "A = theirs (plain)", "OLD = 2"]);
    expect(outcome.problem?.message).toMatch(
      /; the earlier entries were restored, except those that somebody has changed since \(app\/A\)$/,
    );
  });

  test("and may have lost a change is named, with the deployments to compare", async () => {
    const { app, outcome } = await restoreAmid((stage) => {
      stage.app.around("before", () => edit(stage, { THEIRS: "y" }));
      stage.app.around("after", () => edit(stage, { THEIRS: "x" }));
    });
    expect(app.list()).toEqual(["THEIRS = x (plain)", "A = 1", "OLD = 2"]);
    expect(outcome.problem?.message).toMatch(
      /the earlier entries were restored; write\.unmerged: our write to app shop /,
    );
  });
});
