// When the platform deploys, what becomes of deployments, and what the answer to a PUT tells, in every position of their switches.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, webSpec } from "./caller.js";
import { startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator } from "./index.js";

let ocean: DigitalOceanEmulator;
let api: ReturnType<typeof callerOf>;
let now = 0;
let id = "";

beforeEach(async () => {
  now = Date.UTC(2030, 0, 1);
  ocean = await startDigitalOcean({ clock: () => now, deployment: { phaseMs: 100 } });
  api = callerOf(ocean);
  id = ocean.createApp(webSpec([{ key: "A", value: "1" }])).id;
});
afterEach(() => ocean.close());

const specOf = (value: string, scope = "RUN_AND_BUILD_TIME") => webSpec([{ key: "A", value, scope }]);
const put = (value: string, scope?: string) => api.put(id, specOf(value, scope));
const running = () => ocean.running(id)["web"]?.["A"]?.value;
const stored = async () => (await api.get(id)).spec.services?.[0]?.envs?.[0]?.value;
const phases = () => ocean.deployments(id).map((deployment) => deployment.phase);
const post = (action: string, body?: unknown) => api.call("POST", `/v2/apps/${id}/${action}`, { body });

describe("a failure that does not say", () => {
  const types = () => ocean.deployments(id).map((deployment) => deployment.type);
  const fail = async (value: string, failure: { autoRollback?: boolean } = {}) => {
    ocean.failNextDeployment(id, { step: "deploy", ...failure });
    await put(value);
    ocean.settle(id);
    return [types().at(-1), await stored(), running()];
  };

  test("ends without a rollback", async () => {
    expect(await fail("2")).toEqual(["MANUAL", "2", "1"]);
    expect(await fail("3", { autoRollback: true })).toEqual(["AUTO_ROLLBACK", "3", "1"]);
  });

  test("ends in a rollback of the platform, which is no failure itself", async () => {
    ocean.variant.rollbackAfterFailure = true;
    expect(await fail("2")).toEqual(["AUTO_ROLLBACK", "2", "1"]);
    expect(phases()).toEqual(["SUPERSEDED", "ERROR", "ACTIVE"]);
    expect(await fail("3", { autoRollback: false })).toEqual(["MANUAL", "3", "1"]);
  });
});

describe("a deployment in progress when a newer one starts", () => {
  test.each(["CANCELED", "SUPERSEDED"] as const)("is %s", async (phase) => {
    ocean.variant.replacedPhase = phase;
    await put("2");
    await put("3");
    expect(phases()).toEqual(["ACTIVE", phase, "PENDING_BUILD"]);
  });

  test("gives way at once", async () => {
    await put("2");
    now += 150;
    const { app } = (await put("3")).body;
    expect([phases().at(1), app.in_progress_deployment]).toEqual(["CANCELED", undefined]);
  });

  test("ends before the newer one begins, and both are shown meanwhile", async () => {
    ocean.variant.olderDeployment = "ends-first";
    const older = (await put("2")).body.app.pending_deployment?.id;
    now += 150;
    const { app } = (await put("3")).body;
    const newer = app.pending_deployment?.id;
    const look = await api.get(id);
    for (const seen of [app, look]) {
      expect([seen.in_progress_deployment?.id, seen.pending_deployment?.id]).toEqual([older, newer]);
    }
    now += 300;
    expect([phases(), running()]).toEqual([["SUPERSEDED", "ACTIVE", "PENDING_BUILD"], "2"]);
    now += 60;
    expect(phases().at(2)).toBe("BUILDING");
    now += 300;
    expect([phases(), running()]).toEqual([["SUPERSEDED", "SUPERSEDED", "ACTIVE"], "3"]);
  });

  test("that ends first and fails leaves the field to the newer one, without a rollback", async () => {
    Object.assign(ocean.variant, { olderDeployment: "ends-first", rollbackAfterFailure: true });
    ocean.failNextDeployment(id, { step: "build" });
    await put("2");
    await put("3");
    ocean.settle(id);
    expect([phases(), running()]).toEqual([["SUPERSEDED", "ERROR", "ACTIVE"], "3"]);
  });
});

test.each([
  ["run", "BUILDING"],
  ["skipped", "PENDING_DEPLOY"],
] as const)("the build of a change of run-time variables is %s", async (position, phase) => {
  await put("2", "RUN_TIME");
  ocean.settle(id);
  ocean.variant.runtimeOnlyBuild = position;
  await put("3", "RUN_TIME");
  now += 100;
  expect(phases().at(-1)).toBe(phase);
});

describe("a PUT without effect", () => {
  const send = async () => {
    const { spec } = await api.get(id);
    const same = (await api.put(id, spec)).body.app.pending_deployment;
    const renamed = (await api.put(id, { ...spec, name: "renamed" })).body.app.pending_deployment;
    return [same?.id, renamed?.id];
  };

  test("or with a new name only starts no deployment", async () => {
    expect(await send()).toEqual([undefined, undefined]);
  });

  test("or with a new name only starts a deployment, also after a failed one", async () => {
    ocean.variant.unchangedPut = "deployed";
    expect(await send()).toEqual(
      ocean
        .deployments(id)
        .slice(1)
        .map((deployment) => deployment.id),
    );
    ocean.failNextDeployment(id, { step: "deploy" });
    await put("2");
    ocean.settle(id);
    await put("2");
    ocean.settle(id);
    expect(running()).toBe("2");
  });
});

describe("a PUT while the app is pinned", () => {
  beforeEach(() => void ocean.pin(id));

  test("is refused", async () => {
    expect([(await put("2")).status, await stored()]).toEqual([400, "1"]);
  });

  test("is stored and not deployed", async () => {
    ocean.variant.putWhilePinned = "stored";
    const before = ocean.deployments(id).length;
    expect([(await put("2")).status, await stored(), ocean.deployments(id).length]).toEqual([200, "2", before]);
  });
});

describe("a PUT on an archived app", () => {
  const archived = (value: string) => ({ ...specOf(value), maintenance: { enabled: true, archive: true } });
  beforeEach(() => {
    ocean.archive(id);
    ocean.settle(id);
  });

  test("is taken as any other, and nothing runs", async () => {
    expect((await api.put(id, archived("2"))).status).toBe(200);
    ocean.settle(id);
    expect([await stored(), ocean.running(id)]).toEqual(["2", {}]);
  });

  test("is refused unless it restores the app", async () => {
    ocean.variant.putWhileArchived = "refused";
    expect([(await api.put(id, archived("2"))).status, await stored()]).toEqual([400, "1"]);
    expect((await put("2")).status).toBe(200);
    ocean.settle(id);
    expect(running()).toBe("2");
  });
});

test.each([
  ["live-spec", "1", true],
  ["stored-spec", "2", false],
] as const)("a restart runs the %s", async (position, value, isClone) => {
  ocean.variant.restart = position;
  ocean.failNextDeployment(id, { step: "deploy" });
  await put("2");
  ocean.settle(id);
  const { deployment } = (await post("restart", {})).body;
  ocean.settle(id);
  expect([running(), deployment.cloned_from !== undefined]).toEqual([value, isClone]);
});

describe("the answer to a PUT", () => {
  const started = () => ocean.deployments(id)[1]?.id;
  const INCOMPLETE = ["id", "spec"].map((name) => `/app/pending_deployment must have required property '${name}'`);

  test("shows the deployment that it started as pending", async () => {
    const { app } = (await put("2")).body;
    expect([app.pending_deployment?.id, app.in_progress_deployment]).toEqual([started(), undefined]);
  });

  test.each([
    ["left-out", undefined, []],
    ["empty", {}, INCOMPLETE],
  ] as const)("has its pending deployment %s, while a look shows it", async (position, shown, deviations) => {
    ocean.variant.pendingInPut = position;
    const { app } = (await api.put(id, specOf("2"), { deviations })).body;
    expect([app.pending_deployment, app.in_progress_deployment]).toEqual([shown, undefined]);
    expect((await api.get(id)).pending_deployment?.id).toBe(started());
  });

  test("shows the deployment that it started as in progress already", async () => {
    ocean.variant.pendingInPut = "in-progress";
    const { app } = (await put("2")).body;
    expect([app.pending_deployment, app.in_progress_deployment?.id]).toEqual([undefined, started()]);
  });

  test.each([
    ["new", ["2", "2", true]],
    ["old-spec", ["1", "2", true]],
    ["old-app", ["1", undefined, false]],
  ] as const)("shows the %s, and the PUT is applied all the same", async (position, expected) => {
    ocean.variant.putAnswer = position;
    const before = (await api.get(id)).updated_at;
    now += 1000;
    const { app } = (await put("2")).body;
    const valueIn = (spec = webSpec()) => spec.services?.[0]?.envs?.[0]?.value;
    expect([valueIn(app.spec), valueIn(app.pending_deployment?.spec), app.updated_at !== before]).toEqual(expected);
    expect([await stored(), ocean.deployments(id).length]).toEqual(["2", 2]);
  });

  test.each(["new", "old-spec", "old-app"] as const)("that is refused is an error (%s)", async (position) => {
    ocean.variant.putAnswer = position;
    const { status } = await api.put(id, webSpec([{ key: "A-B" }]), { wrong: true });
    expect([status, await stored()]).toEqual([400, "1"]);
  });
});
