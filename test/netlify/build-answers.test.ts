// Builds whose answers leave something out, come in pages, or never come: one build is started, found and followed.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BuildApi } from "../../provider/destinations/netlify/api/build-api.js";
import { startBuilds } from "../../provider/destinations/netlify/builds/build.js";
import { createNetlifyApi } from "../../provider/destinations/netlify/api/api.js";
import { buildsAnswer } from "../../provider/destinations/netlify/wire.js";
import { createHttpClient } from "../../provider/http/client.js";
import { HttpError } from "../../provider/http/error.js";
import type { SiteRecord } from "../emulators/netlify/index.js";
import { startWorld, type NetlifyWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld({ phaseMs: 400 });
});
afterEach(() => world.close());

const built = { contexts: ["production"], build: { trigger: true } };
const posts = () => world.netlify.writes().filter((write) => write === `POST /sites/${world.site.id}/builds`);

/** A build of somebody else's. */
const other = {
  id: "b",
  deployId: "d",
  branch: "feature",
  clearCache: false,
  title: "theirs",
  environment: {},
  failure: undefined,
};

/** Builds of an earlier time, oldest first. */
function addBuilds(site: SiteRecord, count: number, { from, stepMs }: { from: number; stepMs: number }): void {
  for (let index = 0; index < count; index += 1) {
    const createdAt = from + index * stepMs;
    const nobody = { branch: undefined, clearCache: false, title: undefined, environment: {}, failure: undefined };
    site.builds.push({ id: `old${index}`, deployId: `deploy-of-old${index}`, createdAt, ...nobody });
  }
}

describe("the answer to a new build", () => {
  test.each(["build-and-deploy", "build", "deploy", "nothing"] as const)(
    "names %s, and the build is followed to its end",
    async (buildAnswer) => {
      world.netlify.variant.buildAnswer = buildAnswer;
      const outcome = await world.sync(built).run({ A: "1" });
      expect(outcome.status).toBe("succeeded");
      expect(world.netlify.running(world.site)).toEqual({ A: "1" });
      expect(posts()).toHaveLength(1);
    },
  );

  test.each(["build", "deploy", "nothing"] as const)("names %s, and a failure is reported", async (buildAnswer) => {
    world.netlify.variant.buildAnswer = buildAnswer;
    world.site.nextFailures.push("exit code 2");
    const outcome = await world.sync(built).run({ A: "1" });
    expect(outcome).toMatchObject({ status: "written-not-live", problem: { code: "deployment.failed" } });
    expect(outcome.problem?.message).toContain("exit code 2");
  });
});

test("builds of a list are distinguished by their own id, or by that of the deploy if there is none", () => {
  const builds = buildsAnswer.parse([{ id: "b1", deploy_id: "d1" }, { id: "b2" }, { deploy_id: "d3" }]);
  expect(builds.map(({ key }) => key)).toEqual(["b1", "b2", "d3"]);
});

describe("a request for a build without an answer", () => {
  test("that arrives late is waited for, and not sent twice", async () => {
    // The edge gives up before the service does.
    world.netlify.faults.add({ match: { method: "POST", path: /builds$/ }, status: 504 });
    const begun = { id: "late", deployId: "late-deploy", branch: undefined, clearCache: false, title: undefined };
    world.netlify.onRequest({ path: /builds$/, nth: 4 }, () => {
      const environment = { production: world.netlify.environment(world.site, "production") };
      world.site.builds.push({ ...begun, createdAt: world.clock.now(), environment, failure: undefined });
    });
    const outcome = await world.sync(built).run({ A: "1" });
    expect(outcome).toMatchObject({ status: "succeeded", deploymentId: "late-deploy" });
    expect(posts()).toHaveLength(1);
  });

  test("that never arrives is sent once more", async () => {
    world.netlify.faults.add({ match: { method: "POST", path: /builds$/ }, status: 504 });
    expect((await world.sync(built).run({ A: "1" })).status).toBe("succeeded");
    expect([posts().length, world.site.builds.length]).toEqual([2, 1]);
  });

  test("that never arrives is sent once more when Netlify takes one more build in the minute", async () => {
    world.netlify.faults.add({ match: { method: "POST", path: /builds$/ }, status: 504 });
    world.netlify.onAnswer({ method: "POST", path: /builds$/ }, () => {
      for (const name of ["one", "two", "three"])
        world.site.builds.push({ ...other, id: name, deployId: name, createdAt: world.clock.now() });
    });
    expect((await world.sync(built).run({ A: "1" })).status).toBe("succeeded");
    expect([posts().length, world.site.builds.length]).toEqual([2, 4]);
  });

  test("is not taken for another's build of another branch", async () => {
    world.netlify.faults.add({ match: { method: "POST", path: /builds$/ }, resetAfter: true });
    world.netlify.onAnswer({ method: "POST", path: /builds$/ }, () => {
      world.site.builds.push({ ...other, createdAt: world.clock.now() });
    });
    const outcome = await world.sync(built).run({ A: "1" });
    expect(outcome.deploymentId).toBe(world.site.builds[0]?.deployId);
    expect(world.site.builds).toHaveLength(2);
  });

  test.each([422, 429])(
    "and whose second sending is refused (%i) is reported as unknown: the first may have been accepted",
    async (status) => {
      world.netlify.faults.add({ match: { method: "POST", path: /builds$/ }, status: 504 });
      world.netlify.faults.add({ match: { method: "POST", path: /builds$/, nth: 2, times: 1_000 }, status });
      const outcome = await world.sync(built).run({ A: "1" });
      expect(outcome).toMatchObject({ status: "written-not-live", problem: { code: "build.unconfirmed" } });
    },
  );

  test("that cannot be looked for is reported as unknown, and not as refused", async () => {
    world.netlify.faults.add({ match: { method: "POST", path: /builds$/ }, resetAfter: true });
    world.netlify.onAnswer({ method: "POST", path: /builds$/ }, () => {
      world.netlify.faults.add({ match: { path: /builds$/, times: 1_000 }, status: 503 });
    });
    const outcome = await world.sync(built).run({ A: "1" });
    expect(outcome).toMatchObject({
      status: "written-not-live",
      problem: { code: "build.unconfirmed" },
    });
    expect(outcome.problem?.message).toMatch(/are written, but it is not known whether their deployment was started: /);
    expect(posts()).toHaveLength(1);
  });

  test.each([new RangeError("Maximum call stack size exceeded"), new TypeError("odd")])(
    "because of an error of any kind (%s) is looked for, and not sent twice",
    async (error) => {
      const http = createHttpClient({
        vendor: "Netlify",
        origin: world.netlify.url,
        headers: () => ({ authorization: `Bearer ${world.netlify.token}` }),
        clock: world.clock,
        random: () => 0.5,
        mask: () => [],
      });
      const api = createNetlifyApi(http);
      const startBuild: typeof api.startBuild = async (...args) => {
        await api.startBuild(...args);
        throw error;
      };
      const builder = { api: { ...api, startBuild }, clock: world.clock, clean: (text: string) => text };
      const deployed = await startBuilds(builder, world.site.id, [{ branch: undefined, clearCache: false }]);
      expect(deployed).toEqual({ deploymentId: world.site.builds[0]?.deployId, failed: [] });
      expect(posts()).toHaveLength(1);
    },
  );
});

test("a build that was not asked for, because of the limit of the rate, is reported as that and not as refused", async () => {
  const closed = new HttpError("http.rate_limited", "not sent", { askedMs: 3_600_000 });
  const api = {
    listBuilds: () => Promise.resolve([]),
    startBuild: () => Promise.reject(closed),
    getBuild: () => Promise.resolve(undefined),
    getDeploy: () => Promise.resolve(undefined),
    getPublished: () => Promise.resolve(undefined),
  };
  const builder = { api, clock: world.clock, clean: (text: string) => text };
  const order = { branch: undefined, clearCache: false };
  expect((await startBuilds(builder, "s", [order])).failed).toEqual([{ order, error: closed }]);
});

describe("a build whose request has no answer", () => {
  const silence = () => Promise.reject(new Error("silence"));
  const builderOf = (api: Partial<BuildApi>) => {
    const reads = { getBuild: silence, getDeploy: silence, getPublished: silence };
    const silent = { listBuilds: silence, startBuild: silence, ...reads };
    return { api: { ...silent, ...api }, clock: world.clock, clean: (text: string) => text };
  };

  test("is the first one of its branch that was not there before, by either id", async () => {
    const before = buildsAnswer.parse([{ id: "old", deploy_id: "old-deploy" }]);
    const after = buildsAnswer.parse([
      {},
      { id: "old", deploy_id: "renamed" },
      { id: "renamed", deploy_id: "old-deploy" },
      { id: "elsewhere", deploy_id: "preview" },
      { id: "b", deploy_id: "d" },
    ]);
    const lists = [before];
    const builder = builderOf({
      listBuilds: () => Promise.resolve(lists.shift() ?? after),
      getDeploy: (id) => Promise.resolve({ id, context: id === "d" ? "production" : "deploy-preview" }),
    });
    const { deploymentId } = await startBuilds(builder, "s", [{ branch: undefined, clearCache: false }]);
    expect(deploymentId).toBe("d");
  });

  test("builds of several branches are started in their order, and followed together", async () => {
    const asked: unknown[] = [];
    const builder = builderOf({
      listBuilds: () => Promise.resolve([]),
      startBuild: (_, order) => {
        asked.push(order);
        return Promise.resolve({ deploy_id: `of ${order.branch ?? "production"}` });
      },
    });
    const orders = ["b", undefined, "a", "b"].map((branch, at) => ({ branch, clearCache: at === 3 }));
    const { deploymentId } = await startBuilds(builder, "s", orders);
    expect(deploymentId).toBe("of production,of a,of b");
    expect(asked).toEqual([
      { branch: undefined, clearCache: false },
      { branch: "a", clearCache: false },
      { branch: "b", clearCache: true },
    ]);
  });
});

describe("the list of builds", () => {
  test.each([
    [100, "newest-first"],
    [30, "newest-first"],
    [2, "newest-first"],
    [30, "oldest-first"],
  ] as const)("of at most %i on a page, %s, is counted for the day's limit to its end", async (...given) => {
    const [buildPageSize, buildOrder] = given;
    Object.assign(world.netlify.variant, { buildPageSize, buildOrder });
    addBuilds(world.site, 100, { from: world.clock.now() - 3_600_000, stepMs: 1_000 });
    const outcome = await world.sync(built).run({ A: "1" });
    expect(outcome).toMatchObject({ status: "written-not-live", problem: { code: "build.limit" } });
    expect(posts()).toEqual([]);
  });

  test.each([
    [100, 1],
    [30, 1],
    [2, 1],
  ])("of at most %i on a page is read once if the rest is older than a day", async (buildPageSize, reads) => {
    world.netlify.variant.buildPageSize = buildPageSize;
    addBuilds(world.site, 120, { from: world.clock.now() - 200 * 86_400_000, stepMs: 86_400_000 });
    await world.sync(built).run({ A: "1" });
    const lists = world.netlify.requests.filter(({ method, path }) => method === "GET" && path.endsWith("/builds"));
    expect(lists).toHaveLength(reads);
  });

  test("shows the build that a lost answer was for, also when it is on the last page", async () => {
    Object.assign(world.netlify.variant, { buildPageSize: 2, buildOrder: "oldest-first" });
    addBuilds(world.site, 5, { from: world.clock.now() - 20 * 86_400_000, stepMs: 86_400_000 });
    world.netlify.faults.add({ match: { method: "POST", path: /builds$/ }, resetAfter: true });
    const outcome = await world.sync(built).run({ A: "1" });
    expect(outcome).toMatchObject({ status: "succeeded", deploymentId: world.site.builds[5]?.deployId });
    expect(posts()).toHaveLength(1);
  });
});

describe("a build that is not found", () => {
  const paths = { build: /\/builds\/[^/]+$/, deploy: /\/deploys\/[^/]+$/ };
  const answers = { Netlify: {}, "a gateway": { page: "<html>not found</html>" } };
  const cases = (["build", "deploy"] as const).flatMap((what) =>
    (["Netlify", "a gateway"] as const).map((who) => [what, who] as const),
  );
  const hide = (what: keyof typeof paths, who: keyof typeof answers, times: number) =>
    world.netlify.faults.add({ match: { method: "GET", path: paths[what], times }, status: 404, ...answers[who] });

  test.each(cases)("for a moment (%s, says %s) is followed to its end", async (what, who) => {
    world.netlify.variant.buildAnswer = what;
    const hidden = hide(what, who, 1);
    const outcome = await world.sync(built).run({ A: "1" });
    expect([hidden.hits, outcome.status, outcome.problem]).toEqual([1, "succeeded", undefined]);
    expect(posts()).toHaveLength(1);
  });

  test("by anybody but a gateway is not called failed", async () => {
    hide("deploy", "a gateway", Infinity);
    const { problem } = await world.sync(built).run({ A: "1" });
    expect(problem?.code).toBe("deployment.unseen");
    expect(problem?.message).toMatch(/could not be followed: the 404 .* is not Netlify's own/);
  });

  test("by Netlify itself, again and again, has failed", async () => {
    hide("deploy", "Netlify", Infinity);
    const { problem } = await world.sync(built).run({ A: "1" });
    expect(problem?.message).toContain("Netlify does not know it any more");
  });
});
