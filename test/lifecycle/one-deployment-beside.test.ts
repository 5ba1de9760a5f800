// One deployment for many syncs, whatever else is going on: other tokens, other apps, other writers, and everything the vendor leaves open.

import { describe, expect, test } from "vitest";
import { beside } from "../running.js";
import { ALTERNATIVES, type SwitchName } from "../emulators/digitalocean/variant.js";
import { holdUntil, measure, openCrowd, statuses, stepsOf, valuesOf } from "./crowd.js";
import { openStack, puts, said, type Stack, sync, valuesAt } from "./stack.js";

/** Whether an app holds this many values. */
const holds = (stack: Stack, count: number) => (id: string) => Object.keys(valuesAt(stack, id)).length === count;

/** Switches that say what a write starts, what becomes of it, and what shows it. */
const telling: readonly SwitchName[] = [
  "rollbackAfterFailure",
  "replacedPhase",
  "olderDeployment",
  "runtimeOnlyBuild",
  "unchangedPut",
  "resubmittedSecret",
  "pendingInPut",
  "putAnswer",
  "pendingFields",
  "noDeployment",
  "lastDeploymentCreatedAt",
  "previousDeployment",
  "cause",
  "times",
  "clockSkew",
  "deploymentList",
  "pageSize",
];

describe("many syncs of one app, where the vendor", () => {
  test.each(
    ALTERNATIVES.filter(({ name }) => telling.includes(name)).map(({ title, variant }) => [title, variant] as const),
  )("has %s", beside, async (_title, variant) => {
    const crowd = await openCrowd({ parallel: 4, phaseMs: 60, variant });
    for (const round of ["first", "second"]) {
      const run = await measure(crowd, () => crowd.stack.up(crowd.program(12, { round })));
      expect(run.failures).toEqual([]);
      expect(puts(run)).toBeLessThanOrEqual(4);
      expect(run.ended.at(-1)).toBe("ACTIVE");
      expect(valuesAt(crowd.stack, crowd.appId)).toEqual(valuesOf(12, round));
      const after = await crowd.stack.preview(crowd.program(12, { round }));
      expect(after.steps.filter(({ op }) => op !== "same")).toEqual([]);
    }
  });
});

describe("many syncs of one app", () => {
  test("some of which wait for nothing leave the waiting to the others", async () => {
    const crowd = await openCrowd({ parallel: 4 });
    const run = await measure(crowd, () =>
      holdUntil(crowd.stack, holds(crowd.stack, 12), () => crowd.stack.up(crowd.program(12, { hasty: [1, 2, 3] }))),
    );
    expect([run.failures, run.ended]).toEqual([[], ["ACTIVE"]]);
    expect(valuesAt(crowd.stack, crowd.appId)).toEqual(valuesOf(12));
  });

  test("none of which waits end with nothing to wait for", async () => {
    const crowd = await openCrowd({ parallel: 4, phaseMs: 100_000 });
    const hasty = Array.from({ length: 12 }, (_, at) => at);
    const run = await measure(crowd, () => crowd.stack.up(crowd.program(12, { hasty })));
    expect([run.failures, statuses(crowd)]).toEqual([[], { "written-not-live": 12 }]);
  });

  test.each(stepsOf([[1], [4]]))(
    "under two tokens wait for one deployment, and neither writes for the other (%s steps)",
    async (parallel) => {
      const crowd = await openCrowd({ parallel });
      const { stack, appId } = crowd;
      const baseUrl = stack.cloud.url;
      stack.cloud.tokens.set("other-token", { ...(stack.cloud.tokens.get(stack.cloud.token) ?? { scopes: [] }) });
      const connection = {
        app: "digital-ocean",
        method: "api-token",
        credentials: { apiToken: "other-token" },
        baseUrl,
      };
      const program = Array.from({ length: 8 }, (_, at) =>
        sync(
          `s${at}`,
          { [`KEY_${at}`]: `first-${at}` },
          { destination: at % 2 === 0 ? { appId } : { appId, connection } },
        ),
      );
      const run = await measure(crowd, () => holdUntil(stack, holds(stack, 8), () => stack.up(program)));
      expect([run.failures, run.ended]).toEqual([[], ["ACTIVE"]]);
      expect(valuesAt(stack, appId)).toEqual(valuesOf(8));
    },
  );

  test.each(
    stepsOf([
      [1, "app by app"],
      [4, "app by app"],
      [4, "in turns"],
    ]),
  )("beside those of other apps wait for one deployment of each (%s steps, %s)", async (parallel, order) => {
    const crowd = await openCrowd({ parallel });
    const { stack } = crowd;
    const ids = [
      crowd.appId,
      ...["two", "three"].map((name) => stack.cloud.createApp({ name, services: [{ name: "web" }] }).id),
    ];
    const program = Array.from({ length: 18 }, (_, at) => {
      const appId = ids[order === "in turns" ? at % 3 : Math.floor(at / 6)];
      return sync(`s${at}`, { [`KEY_${at}`]: `first-${at}` }, { destination: { appId } });
    });
    const counts = () => ids.map((id) => stack.cloud.deployments(id).length);
    const before = counts();
    const run = await holdUntil(stack, holds(stack, 6), () => stack.up(program));
    expect(run.failures).toEqual([]);
    for (const [index, id] of ids.entries()) {
      const phases = stack.cloud
        .deployments(id)
        .slice(before[index])
        .map(({ phase }) => phase);
      expect(phases.filter((phase) => phase !== "CANCELED")).toEqual(["ACTIVE"]);
      expect(Object.keys(valuesAt(stack, id))).toHaveLength(6);
    }
    const after = await stack.preview(program);
    expect(after.steps.filter(({ op }) => op !== "same")).toEqual([]);
  });

  test("keep what somebody stores between their writes", async () => {
    const crowd = await openCrowd({ parallel: 4 });
    const { stack, appId } = crowd;
    stack.cloud.onAnswer({ method: "PUT", path: /^\/v2\/apps\/[^/]+$/, nth: 2 }, () => {
      stack.cloud.editConsole(appId, (spec) => {
        spec.envs = [...(spec.envs ?? []), { key: "THEIRS", value: "kept" }];
      });
    });
    const run = await measure(crowd, () => stack.up(crowd.program(12)));
    expect(run.failures).toEqual([]);
    expect(valuesAt(stack, appId)).toEqual({ ...valuesOf(12), THEIRS: "kept" });
    expect(stack.cloud.running(appId)["web"]).toHaveProperty("THEIRS");
  });

  test("wait for a deployment of somebody else before the first write, and for none of their own", async () => {
    const crowd = await openCrowd({ parallel: 4 });
    const { stack, appId } = crowd;
    const theirs = stack.cloud.deploy(appId);
    const run = await stack.up(crowd.program(12));
    expect(run.failures).toEqual([]);
    const waits = run.statuses.filter((status) => status.startsWith("waiting before the write"));
    expect(new Set(waits.map((status) => /deployment (\S+)/.exec(status)?.[1]))).toEqual(new Set([theirs.id]));
  });

  test("whose run is killed between two writes are found by the next one, and lose nothing", async () => {
    const crowd = await openCrowd({ parallel: 4 });
    const { stack, appId } = crowd;
    await stack.up(crowd.program(12));
    stack.cloud.onAnswer({ method: "PUT", path: /^\/v2\/apps\/[^/]+$/, nth: 2 }, () => {
      stack.isAttended = () => false;
    });
    const killed = await stack.up(crowd.program(12, { round: "second" }));
    expect(killed.problems).toContain("engine.gone");
    stack.isAttended = () => true;
    stack.cloud.settle(appId);
    const next = await measure(crowd, () => stack.up(crowd.program(12, { round: "second" })));
    expect(next.failures).toEqual([]);
    expect(valuesAt(stack, appId)).toEqual(valuesOf(12, "second"));
    expect(said(next)).not.toContain("conflict");
  });

  test("of an app that is deleted meanwhile fail, and are forgotten by the next refresh", async () => {
    const crowd = await openCrowd({ parallel: 4 });
    const { stack } = crowd;
    stack.cloud.onAnswer({ method: "PUT", path: /^\/v2\/apps\/[^/]+$/, nth: 2 }, () => {
      stack.cloud.faults.add({ match: { path: /^\/v2\/apps\//, times: Infinity }, status: 404 });
    });
    const run = await stack.up(crowd.program(12));
    expect(run.failures.length).toBeGreaterThan(0);
  });
});

describe("more apps than steps, each with syncs that do not come", () => {
  async function openMany(parallel: number, phaseMs: number) {
    const stack = await openStack({ deployment: { phaseMs } });
    stack.parallel = parallel;
    const ids = Array.from({ length: 6 }, (_, at) => stack.cloud.createApp({ name: `app${at}` }).id);
    const program = ids.flatMap((appId, at) =>
      [0, 1, 2].map((nth) => sync(`s${at}-${nth}`, { [`KEY_${nth}`]: "v" }, { destination: { appId } })),
    );
    const phases = () => ids.map((id) => stack.cloud.deployments(id).at(-1)?.phase);
    return { stack, ids, program, phases, targets: ids.map((_, at) => `s${at}-1`) };
  }

  test.each([2, 4, 8])(
    "because of --target: every deployment has ended before the run has (%s steps)",
    async (parallel) => {
      const { stack, program, phases, targets } = await openMany(parallel, 60);
      const run = await stack.up(program, { targets });
      expect([run.failures, puts(run), phases()]).toEqual([[], 6, Array.from({ length: 6 }, () => "ACTIVE")]);
    },
  );

  test.each([0, 3, 5])("because of --target: one deployment that fails fails the run (%s)", async (at) => {
    const { stack, ids, program, targets } = await openMany(4, 60);
    stack.cloud.failNextDeployment(ids[at] ?? "", { step: "deploy", message: "exit code 1" });
    const run = await stack.up(program, { targets });
    expect(run.problems).toContain("deployment.failed");
    const next = await stack.preview(program);
    expect(next.steps.filter(({ urn, op }) => urn.endsWith(`s${at}-1`) && op === "update")).toHaveLength(1);
  });

  test("whose syncs are all removed wait for a few deployments at a time, and for each of them", async () => {
    const { stack, program, phases } = await openMany(4, 30);
    await stack.up(program);
    const run = await stack.destroy();
    expect([run.failures, phases()]).toEqual([[], Array.from({ length: 6 }, () => "ACTIVE")]);
  });
});

test("one sync of each of many apps is as before", async () => {
  const stack = await openStack({ deployment: { phaseMs: 5 } });
  stack.parallel = 4;
  const ids = Array.from(
    { length: 9 },
    (_, at) => stack.cloud.createApp({ name: `app${at}`, services: [{ name: "web" }] }).id,
  );
  const run = await stack.up(ids.map((appId, at) => sync(`s${at}`, { KEY: `v${at}` }, { destination: { appId } })));
  expect([run.failures, puts(run)]).toEqual([[], 9]);
  expect([...stack.state.values()].map(({ outputs }) => outputs["syncStatus"])).toEqual(ids.map(() => "succeeded"));
});
