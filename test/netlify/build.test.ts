// The build after a write: one for all syncs, within the limits, followed to its end.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../../provider/reconciler/batch/job.js";
import { reconcileBatch } from "../../provider/reconciler/reconcile.js";
import { createTargetQueue } from "../../provider/reconciler/target-queue.js";
import { nobodyElse } from "../../provider/reconciler/batch/waiting.js";
import { runTogether } from "../contract/sync.js";
import { startWorld, type NetlifyWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld({ phaseMs: 400 });
});
afterEach(async () => {
  await world.netlify.close();
});

const built = { contexts: ["production"], build: { trigger: true } };

test("nothing is built unless it is asked for, or when nothing was written", async () => {
  const quiet = world.sync({ contexts: ["production"] });
  await quiet.run({ A: "1" });
  expect(world.site.builds).toHaveLength(0);
  const sync = world.sync(built, "built");
  await sync.run({ B: "1" });
  await sync.run({ B: "1" });
  expect(world.site.builds).toHaveLength(1);
  expect(world.netlify.complaints).toEqual([]);
});

test("a build is followed to ready, and then the values are live", async () => {
  const sync = world.sync(built);
  const outcome = await sync.run({ A: "1" });
  expect(outcome).toMatchObject({ status: "succeeded", deploymentId: world.site.builds[0]?.deployId });
  expect(world.netlify.running(world.site)).toEqual({ A: "1" });
  // A deploy shows everything; its build is looked at only while there is no deploy yet.
  expect(world.netlify.requests.filter(({ path }) => /\/builds\/[^/]+$/.test(path))).toEqual([]);
  // How many of its states are seen depends on the machine.
  expect(sync.reports.join("\n")).toContain(`deploy ${outcome.deploymentId ?? "none"} `);
});

test("a sync alone lists the builds once, and waits for no other sync", async () => {
  await world.sync(built).run({ A: "1" });
  const lists = world.netlify.requests.filter(({ method, path }) => method === "GET" && path.endsWith("/builds"));
  expect(lists).toHaveLength(1);
});

test("a sync that asks for no build shares the write, and the build, of one that does", async () => {
  const first = world.sync({ contexts: ["production"] }, "first");
  const second = world.sync({ contexts: ["deploy-preview"], build: { trigger: true, branch: "next" } }, "second");
  await runTogether(
    [
      [first, first.job({ A: "1" })],
      [second, second.job({ B: "2" })],
    ],
    world.clock,
  );
  expect(world.site.builds).toMatchObject([{ branch: "next" }]);
});

test("two syncs of a site in one batch share one build, with the cache cleared when one asks for it", async () => {
  const first = world.sync(built, "first");
  const second = world.sync({ contexts: ["deploy-preview"], build: { trigger: true, clearCache: true } }, "second");
  await runTogether(
    [
      [first, first.job({ A: "1" })],
      [second, second.job({ A: "2" })],
    ],
    world.clock,
  );
  expect(world.site.builds).toMatchObject([{ clearCache: true, branch: undefined }]);
  expect(world.netlify.requests.filter((one) => one.method === "POST" && one.path.endsWith("/env"))).toHaveLength(1);
});

test("a sync that arrives while another one is written still shares its build", async () => {
  const queue = createTargetQueue(world.clock, (jobs, late) => reconcileBatch(jobs, world.clock, late));
  const first = world.sync(built, "first");
  const second = world.sync({ contexts: ["deploy-preview"], build: { trigger: true } }, "second");
  let later: Promise<Outcome> | undefined;
  world.netlify.onAnswer({ method: "POST", path: /env$/ }, async () => {
    later = queue.enqueue(second.job({ A: "2" }));
    await second.target.resolve();
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  });
  const outcomes = [await queue.enqueue(first.job({ A: "1" })), await later];
  expect(outcomes.map((one) => [one?.status, one?.deploymentId])).toEqual([
    ["succeeded", world.site.builds[0]?.deployId],
    ["succeeded", world.site.builds[0]?.deployId],
  ]);
  expect(world.site.builds).toHaveLength(1);
  expect(world.netlify.running(world.site, "deploy-preview")).toEqual({ A: "2" });
});

test("a sync that leaves the wait to another one of its site gets the build of its own branch", async () => {
  const declared = () => ({ ...nobodyElse, isDeclared: true });
  const queue = createTargetQueue(world.clock, (jobs, door) => reconcileBatch(jobs, world.clock, door), declared);
  const syncs = ["production", "deploy-preview"].map((context) =>
    world.sync({ contexts: [context], build: { trigger: true, branch: `for-${context}` } }, context),
  );
  const outcomes = await Promise.all(syncs.map((sync) => queue.enqueue(sync.job({ A: "1" }))));
  expect(outcomes.filter(({ isLeft }) => isLeft === true)).toHaveLength(1);
  expect(world.site.builds).toHaveLength(2);
  expect(new Set(world.site.builds.map(({ branch }) => branch))).toEqual(
    new Set(["for-deploy-preview", "for-production"]),
  );
});

test.each([1, 2])("of two builds the accepted one counts if the other one is refused (number %i)", async (nth) => {
  const syncs = ["production", "deploy-preview"].map((context, at) =>
    world.sync({ contexts: [context], build: { trigger: true, branch: `branch-${at + 1}` } }, context),
  );
  world.netlify.faults.add({ match: { method: "POST", path: /\/builds$/, nth }, status: 422, body: "no" });
  const outcomes = await runTogether(
    syncs.map((sync) => [sync, sync.job({ A: "1" })]),
    world.clock,
  );
  const [refused, taken] = nth === 1 ? outcomes : outcomes.toReversed();
  expect(refused).toMatchObject({ status: "written-not-live", problem: { code: "build.refused" } });
  expect(refused?.deploymentId).toBeUndefined();
  expect(taken).toMatchObject({ status: "succeeded", deploymentId: world.site.builds[0]?.deployId });
  expect(world.site.builds).toMatchObject([{ branch: `branch-${3 - nth}` }]);
});

test("a branch is built when it is named", async () => {
  await world.sync({ ...built, build: { trigger: true, branch: "staging", wait: false } }).run({ A: "1" });
  expect(world.site.builds).toMatchObject([{ branch: "staging", clearCache: false }]);
});

describe("a build that fails", () => {
  test("is reported with its message, and the next run builds again without writing", async () => {
    world.site.nextFailures.push("Build script returned non-zero exit code: 2");
    const sync = world.sync(built);
    const outcome = await sync.run({ A: "1" });
    expect(outcome).toMatchObject({
      status: "written-not-live",
      problem: { code: "deployment.failed", message: expect.stringContaining("non-zero exit code: 2") },
    });
    const before = world.netlify.writes().length;
    const again = await sync.run({ A: "1" });
    expect(again.status).toBe("succeeded");
    expect(world.netlify.writes().slice(before)).toEqual([`POST /sites/${world.site.id}/builds`]);
    expect(world.netlify.running(world.site)).toEqual({ A: "1" });
  });

  test("that does not end in time is reported, and no longer waited for", async () => {
    world.netlify.holdBuilds(true);
    const sync = world.sync({ ...built, build: { trigger: true, timeoutSeconds: 30 } });
    const outcome = await sync.run({ A: "1" });
    expect(outcome).toMatchObject({ status: "written-not-live", problem: { code: "deployment.timeout" } });
  });

  test("because functions get more than 4 KB, says so", async () => {
    const sync = world.sync({ ...built, functionsLimit: "warn" });
    const outcome = await sync.run({ A: "x".repeat(5000) });
    expect(outcome.problem?.message).toContain("4KB limit imposed by AWS Lambda");
  });
});

describe("a site that cannot build", () => {
  test("is reported in the preview, before anything is written", async () => {
    world.site.linked = false;
    const sync = world.sync(built);
    expect((await sync.preview({ A: "1" })).lines.join()).toMatch(
      /build.unlinked: site site-1 is not linked .*netlify deploy/,
    );
    await expect(sync.run({ A: "1" })).rejects.toMatchObject({ code: "build.unlinked" });
    expect(world.netlify.writes()).toEqual([]);
  });

  test("because its builds are stopped, says so", async () => {
    world.site.stopBuilds = true;
    await expect(world.sync(built).run({ A: "1" })).rejects.toMatchObject({ code: "build.stopped" });
  });

  test("fails no run that writes nothing", async () => {
    const sync = world.sync(built);
    await sync.run({ A: "1" });
    Object.assign(world.site, { stopBuilds: true, lockedTo: "some" });
    world.reopen(sync, built);
    expect((await sync.run({ A: "1" })).status).toBe("succeeded");
  });

  test("for a reason that only Netlify knows is written and not live, with the remedy", async () => {
    world.netlify.faults.add({ match: { method: "POST", path: /builds$/ }, status: 422, body: "no build image" });
    const outcome = await world.sync(built).run({ A: "1" });
    expect(outcome).toMatchObject({ status: "written-not-live", problem: { code: "build.refused" } });
    expect(outcome.problem?.message).toMatch(
      /are written, but no deployment was started: .*no build image.*trigger to false/,
    );
  });
});

describe("the limits of builds", () => {
  test("a fourth within a minute is waited for", async () => {
    const sync = world.sync(built);
    for (const value of ["1", "2", "3", "4"]) expect((await sync.run({ A: value })).status).toBe("succeeded");
    const [first, , , fourth] = world.site.builds.map((one) => one.createdAt);
    expect((fourth ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(world.netlify.requests.filter((one) => one.status === 429)).toEqual([]);
  });

  test("the hundred and first of a day is not asked for", async () => {
    const build = { id: "b", deployId: "d", branch: undefined, clearCache: false, title: undefined };
    world.site.builds.push(
      ...Array.from({ length: 100 }, (_, index) => ({
        ...build,
        id: `b${index}`,
        createdAt: world.clock.now() - 3_600_000,
        environment: {},
        failure: undefined,
      })),
    );
    const outcome = await world.sync(built).run({ A: "1" });
    expect(outcome).toMatchObject({ status: "written-not-live", problem: { code: "build.limit" } });
    expect(world.site.builds).toHaveLength(100);
  });
});

test("a build request without an answer is looked for, and not sent twice", async () => {
  world.netlify.faults.add({ match: { method: "POST", path: /builds$/ }, resetAfter: true });
  const outcome = await world.sync(built).run({ A: "1" });
  expect(outcome).toMatchObject({ status: "succeeded", deploymentId: world.site.builds[0]?.deployId });
  expect(world.site.builds).toHaveLength(1);
});

test("a run that ended half-way still owes its build when the rest turns out to be there", async () => {
  const sync = world.sync(built);
  await sync.run({ A: "1" });
  world.netlify.faults.add({ match: { method: "PATCH", times: 1_000 }, status: 503, afterApply: true });
  expect((await sync.run({ A: "2" })).status).toBe("failed");
  expect(world.netlify.running(world.site)).toEqual({ A: "1" });
  world.netlify.faults.clear();
  expect((await sync.run({ A: "2" })).status).toBe("succeeded");
  expect(world.netlify.running(world.site)).toEqual({ A: "2" });
});

describe("a site that is locked to a deploy", () => {
  const lock = () => void (world.site.lockedTo = world.site.builds[0]?.deployId ?? "none");

  test("is reported before the write, unless no sync waits or a branch is built", async () => {
    const sync = world.sync(built);
    await sync.run({ A: "1" });
    lock();
    world.reopen(sync, built);
    await expect(sync.run({ A: "2" })).rejects.toMatchObject({
      code: "build.locked",
      message: expect.stringContaining(`site-1 is locked to deploy ${world.site.lockedTo ?? ""}`) as string,
    });
    world.reopen(sync, { ...built, build: { trigger: true, branch: "main" } });
    await expect(sync.run({ A: "2" })).rejects.toMatchObject({ code: "build.locked" });
    for (const build of [{ branch: "staging" }, { wait: false }]) {
      world.reopen(sync, { ...built, build: { trigger: true, ...build } });
      expect(await sync.run({ A: JSON.stringify(build) })).not.toHaveProperty("problem.code");
    }
  });

  test("since the write began does not run what was built, and is not called live", async () => {
    const sync = world.sync(built);
    await sync.run({ A: "1" });
    world.netlify.onAnswer({ method: "POST", path: /builds$/ }, lock);
    expect(await sync.run({ A: "2" })).toMatchObject({
      status: "written-not-live",
      problem: {
        code: "build.locked",
        message: expect.stringMatching(/is built, but the site is locked to deploy/) as string,
      },
    });
    expect(world.netlify.running(world.site)).toEqual({ A: "1" });
    delete world.site.lockedTo;
    world.reopen(sync, built);
    expect((await sync.run({ A: "2" })).status).toBe("succeeded");
    expect(world.netlify.running(world.site)).toEqual({ A: "2" });
  });

  test("whose lock cannot be read is no reason to doubt a deploy", async () => {
    const sync = world.sync(built);
    await sync.target.observe({ fresh: true });
    world.netlify.faults.add({ match: { path: /^\/sites\/[^/]+$/, times: Infinity }, status: 403 });
    expect((await sync.run({ A: "1" })).status).toBe("succeeded");
  });
});
