// Many syncs of one Netlify site, whose engine runs only some of them at once: one build after the last write, and one that is waited for.

import { describe, expect, onTestFinished, test } from "vitest";
import { type NetlifyEmulator, type SiteRecord, startNetlify } from "../emulators/netlify/index.js";
import { stepsOf } from "./crowd.js";
import { openStack, type Program, type Run, said, type Stack, sync } from "./stack.js";

interface Place {
  readonly stack: Stack;
  readonly netlify: NetlifyEmulator;
  readonly site: SiteRecord;
  readonly program: (count: number, round?: string, build?: Readonly<Record<string, unknown>>) => Program;
}

async function openPlace(parallel: number, phaseMs = 30): Promise<Place> {
  const stack = await openStack();
  const netlify = await startNetlify({ phaseMs, buildsPerMinute: 1_000 });
  onTestFinished(() => netlify.close());
  Object.assign(stack.environment, { NETLIFY_AUTH_TOKEN: netlify.token, NETLIFY_API_URL: netlify.url });
  stack.parallel = parallel;
  const site = netlify.addSite();
  const program = (count: number, round = "first", build: Readonly<Record<string, unknown>> = {}) =>
    Array.from({ length: count }, (_, at) =>
      sync(
        `s${at}`,
        { [`KEY_${at}`]: `${round}-${at}` },
        {
          destination: {
            type: "netlify",
            siteId: site.id,
            contexts: ["production"],
            build: { trigger: true, ...build },
          },
        },
      ),
    );
  return { stack, netlify, site, program };
}

function valuesOf(count: number, round: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`KEY_${at}`, `${round}-${at}`]));
}

function acting({ steps }: Run): unknown[] {
  return steps.filter(({ op }) => op !== "same");
}

test.each(stepsOf([[1], [4], [16]]))(
  "12 syncs of a site with %s steps at once share one build, and a next run has nothing to do",
  async (parallel) => {
    const { stack, netlify, site, program } = await openPlace(parallel);
    for (const round of ["first", "second"]) {
      const before = site.builds.length;
      const run = await stack.up(program(12, round));
      expect([run.failures, site.builds.length - before]).toEqual([[], 1]);
      expect(netlify.running(site)).toEqual(valuesOf(12, round));
      expect(acting(await stack.preview(program(12, round)))).toEqual([]);
      const again = await stack.up(program(12, round));
      expect([acting(again), site.builds.length - before]).toEqual([[], 1]);
    }
  },
);

test.each(stepsOf([[1], [4]]))(
  "a build that fails fails the run, and the next run builds once more for all (%s steps)",
  async (parallel) => {
    const { stack, netlify, site, program } = await openPlace(parallel);
    site.nextFailures.push("exit code 2");
    const run = await stack.up(program(12));
    expect(run.problems).toContain("deployment.failed");
    expect(site.builds).toHaveLength(1);
    const preview = await stack.preview(program(12));
    expect(acting(preview)).toHaveLength(12);
    expect(said(preview).split("\n")).toEqual(
      Array.from({ length: 12 }, () => expect.stringMatching(/not seen to go live: one more deployment is started/)),
    );
    const healing = await stack.up(program(12));
    expect([healing.failures, site.builds.length]).toEqual([[], 2]);
    expect(netlify.running(site)).toEqual(valuesOf(12, "first"));
    expect(acting(await stack.preview(program(12)))).toEqual([]);
  },
);

test.each(["lost", "refused"])("a build whose order is %s is ordered once in a run, also for others", async (what) => {
  const { stack, netlify, site, program } = await openPlace(4);
  const orders = { method: "POST", path: /builds$/ };
  if (what === "refused") netlify.faults.add({ match: { ...orders, times: Infinity }, status: 422, body: "no" });
  else {
    // Accepted, but for a while it does not show.
    netlify.faults.add({ match: orders, resetAfter: true });
    netlify.onRequest(orders, () => {
      netlify.faults.add({ match: { method: "GET", path: /builds/, times: 15 }, status: 503 });
    });
  }
  const run = await stack.up(program(12));
  expect(netlify.requests.filter(({ method, path }) => method === "POST" && orders.path.test(path))).toHaveLength(1);
  expect(run.problems).toMatch(what === "refused" ? /build\.refused/ : /build\.unconfirmed/);
  netlify.faults.clear();
  expect((await stack.up(program(12))).failures).toEqual([]);
  expect(netlify.running(site)).toEqual(valuesOf(12, "first"));
});

test("a build that failed is owed also by a sync that was disabled since, however often, until one succeeds", async () => {
  const { stack, netlify, site, program } = await openPlace(1);
  const disabled = (description: string) =>
    program(1).map((one) => ({ ...one, args: { ...one.args, isEnabled: false, description } }));
  site.nextFailures.push("exit code 2");
  await stack.up(program(1));
  for (const description of ["one", "two"]) expect((await stack.up(disabled(description))).failures).toEqual([]);
  expect([stack.outputs("s0")["syncStatus"], site.builds.length]).toEqual(["disabled", 1]);
  expect(said(await stack.preview(program(1)))).toContain("one more deployment is started");
  expect((await stack.up(program(1))).failures).toEqual([]);
  expect([site.builds.length, netlify.running(site)]).toEqual([2, valuesOf(1, "first")]);
  for (const next of [program(1), disabled("three"), program(1)]) expect((await stack.up(next)).failures).toEqual([]);
  expect([stack.outputs("s0")["syncStatus"], site.builds.length]).toEqual(["succeeded", 2]);
});

test.each(stepsOf([[1], [4]]))(
  "one of 12 changes: one build, even if the last ones are unchanged (%s steps)",
  async (parallel) => {
    const { stack, netlify, site, program } = await openPlace(parallel);
    await stack.up(program(12));
    const next = [...program(1, "changed"), ...program(12).slice(1)];
    const run = await stack.up(next);
    expect([run.failures, site.builds.length]).toEqual([[], 2]);
    expect(netlify.running(site)["KEY_0"]).toBe("changed-0");
    expect(acting(await stack.preview(next))).toEqual([]);
  },
);

test("one of 12 whose siblings do not come because of --target builds by itself", async () => {
  const { stack, site, program } = await openPlace(4);
  const run = await stack.up(program(12), { targets: ["s3"] });
  expect([run.failures, site.builds.length]).toEqual([[], 1]);
  expect(stack.outputs("s3")["syncStatus"]).toBe("succeeded");
});

test("12 syncs that are removed share one build", async () => {
  const { stack, netlify, site, program } = await openPlace(4);
  await stack.up(program(12));
  const run = await stack.destroy();
  expect([run.failures, site.builds.length]).toEqual([[], 2]);
  expect(netlify.running(site)).toEqual({});
});

test("12 syncs that do not wait for their build still start only one", async () => {
  const { stack, site, program } = await openPlace(4);
  const run = await stack.up(program(12, "first", { wait: false }));
  expect([run.failures, site.builds.length]).toEqual([[], 1]);
  expect(said(run)).toContain("stored");
});

describe("a build that no sync waits for", () => {
  const hasty = { wait: false };
  /** The build is under way when the run ends. */
  async function leave(failure?: string): Promise<Place> {
    const place = await openPlace(4, 0);
    const { stack, netlify, site, program } = place;
    if (failure !== undefined) site.nextFailures.push(failure);
    netlify.holdBuilds(true);
    const run = await stack.up(program(3, "first", hasty));
    expect([run.failures, site.builds.length]).toEqual([[], 1]);
    expect(said(run)).not.toMatch(/ live at /);
    for (const name of ["s0", "s1", "s2"]) expect(stack.outputs(name)["syncStatus"]).toBe("written-not-live");
    return place;
  }

  test("is not called live, and one that fails is built again", async () => {
    const { stack, netlify, site, program } = await leave("exit code 2");
    netlify.holdBuilds(false);
    const preview = await stack.preview(program(3, "first", hasty));
    expect(said(preview)).toContain("one more deployment is started");
    expect(acting(preview)).toHaveLength(3);
    expect((await stack.up(program(3, "first", hasty))).failures).toEqual([]);
    expect([site.builds.length, netlify.running(site)]).toEqual([2, valuesOf(3, "first")]);
    expect(acting(await stack.preview(program(3, "first", hasty)))).toEqual([]);
  });

  test("is not built again while it is under way, nor once it has gone live", async () => {
    const { stack, netlify, site, program } = await leave();
    for (const held of [true, false]) {
      netlify.holdBuilds(held);
      const run = await stack.up(program(3, "first", hasty));
      expect([run.failures, acting(run), site.builds.length]).toEqual([[], [], 1]);
    }
    expect(netlify.running(site)).toEqual(valuesOf(3, "first"));
  });

  test("is live for a refresh once it has succeeded, and neither before nor if it fails", async () => {
    for (const [failure, status] of [
      [undefined, "succeeded"],
      ["exit code 2", "written-not-live"],
    ] as const) {
      const { stack, netlify, site } = await leave(failure);
      const statuses = () => ["s0", "s1", "s2"].map((name) => stack.outputs(name)["syncStatus"]);
      await stack.refresh();
      expect(statuses()).toEqual(Array(3).fill("written-not-live"));
      netlify.holdBuilds(false);
      await stack.refresh();
      expect([statuses(), site.builds.length]).toEqual([Array(3).fill(status), 1]);
    }
  });

  test("is not built again for a site that is locked to another deploy, which somebody publishes by hand", async () => {
    const { stack, netlify, site, program } = await leave();
    site.lockedTo = "another";
    netlify.holdBuilds(false);
    const run = await stack.up(program(3, "first", hasty));
    expect([run.failures, acting(run), site.builds.length]).toEqual([[], [], 1]);
  });

  test("is followed by one that waits for it now", async () => {
    const { stack, netlify, site, program } = await leave("exit code 2");
    netlify.holdBuilds(false);
    const run = await stack.up(program(3, "second"));
    expect([run.failures, site.builds.length]).toEqual([[], 2]);
    expect(netlify.running(site)).toEqual(valuesOf(3, "second"));
  });
});

test.each(
  stepsOf([
    [1, [1]],
    [1, [2]],
    [1, [0, 1]],
    [2, [1]],
    [2, [2]],
  ]),
)(
  "a sync leaves the wait to none that does not wait: a build that fails fails the run (%s steps, %j do not wait)",
  async (parallel, hasty) => {
    const { stack, site, program } = await openPlace(parallel);
    const some = program(3).map((one, at) =>
      hasty.includes(at) ? (program(3, "first", { wait: false })[at] ?? one) : one,
    );
    site.nextFailures.push("exit code 2");
    const run = await stack.up(some);
    expect(run.problems).toContain("deployment.failed");
    expect(site.builds).toHaveLength(1);
    const healing = await stack.up(some);
    expect([healing.failures, site.builds.length]).toEqual([[], 2]);
    expect(acting(await stack.preview(some))).toEqual([]);
  },
);

test.each(stepsOf([[1], [4]]))(
  "a build that is refused fails the run, also if no sync waits for it (%s steps)",
  async (parallel) => {
    const { stack, netlify, site, program } = await openPlace(parallel);
    const hasty = { wait: false };
    await stack.up(program(3, "first", hasty));
    netlify.faults.add({ match: { method: "POST", path: /builds$/, times: Infinity }, status: 422, body: "no" });
    const next = [...program(1, "changed", hasty), ...program(3, "first", hasty).slice(1)];
    expect((await stack.up(next)).problems).toContain("build.refused");
    netlify.faults.clear();
    expect((await stack.up(next)).failures).toEqual([]);
    expect(site.builds).toHaveLength(2);
  },
);

test.each(
  stepsOf([
    [1, true],
    [4, true],
    [4, false],
  ]),
)(
  "an update that writes nothing builds nothing once a build has succeeded (%s steps, wait: %s)",
  async (parallel, wait) => {
    const { stack, site, program } = await openPlace(parallel, 0);
    const describedAs = (description: string) =>
      program(3, "first", { wait }).map((one) => ({ ...one, args: { ...one.args, description } }));
    for (const description of ["one", "two", "three"]) {
      expect((await stack.up(describedAs(description))).failures).toEqual([]);
      expect(acting(await stack.preview(describedAs(description)))).toEqual([]);
    }
    expect(site.builds).toHaveLength(1);
  },
);
