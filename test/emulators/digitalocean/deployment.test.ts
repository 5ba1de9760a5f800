// When the emulator deploys, how a deployment goes on, and the ways in which it ends.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, secret, webSpec } from "./caller.js";
import { startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator } from "./index.js";

let ocean: DigitalOceanEmulator;
let api: ReturnType<typeof callerOf>;
let now = 0;
let id = "";

beforeEach(async () => {
  now = Date.UTC(2030, 0, 1);
  ocean = await startDigitalOcean({
    clock: () => now,
    deployment: { phaseMs: 100 },
    variant: { runtimeOnlyBuild: "skipped" },
  });
  api = callerOf(ocean);
  id = ocean.createApp(webSpec([{ key: "A", value: "1" }])).id;
});
afterEach(() => ocean.close());

const running = () => ocean.running(id)["web"]?.["A"]?.value;
const change = async (value: string, scope = "RUN_AND_BUILD_TIME") => {
  const { body } = await api.put(id, webSpec([{ key: "A", value, scope }]));
  return body.app.pending_deployment?.id ?? "";
};
const shown = async (deployment: string) =>
  (await api.call("GET", `/v2/apps/${id}/deployments/${deployment}`)).body.deployment;

describe("a deployment", () => {
  test("passes through its phases and only then changes what runs", async () => {
    const deployment = await change("2");
    const phases: string[] = [];
    for (let step = 0; step < 5; step += 1, now += 100) phases.push(`${(await shown(deployment)).phase} ${running()}`);
    expect(phases).toEqual(["PENDING_BUILD 1", "BUILDING 1", "PENDING_DEPLOY 1", "DEPLOYING 1", "ACTIVE 2"]);
  });

  test("counts its steps: all pending at first, all successful at the end", async () => {
    const deployment = await change("2");
    expect((await shown(deployment)).progress).toMatchObject({ total_steps: 6, pending_steps: 6 });
    ocean.settle(id);
    const { progress } = await shown(deployment);
    expect(progress).toMatchObject({
      total_steps: 6,
      success_steps: 6,
      steps: [{ status: "SUCCESS" }, { status: "SUCCESS" }],
    });
    expect(progress.error_steps).toBeUndefined();
  });

  test("is pending in the PUT's answer, in progress later, and active at the end", async () => {
    const deployment = await change("2");
    now += 100;
    const during = await api.get(id);
    expect([during.pending_deployment, during.in_progress_deployment?.id]).toEqual([undefined, deployment]);
    now += 300;
    const after = await api.get(id);
    expect([after.in_progress_deployment, after.active_deployment?.id]).toEqual([undefined, deployment]);
  });

  test("holds a spec of its own, whatever happens to the app's", async () => {
    const first = (await api.get(id)).active_deployment;
    await change("2");
    expect((await shown(first?.id ?? "")).spec).toEqual(first?.spec);
    expect((await api.get(id)).active_deployment?.spec).toEqual(first?.spec);
  });

  test("makes its predecessor SUPERSEDED once it is active, not before", async () => {
    const first = (await api.get(id)).active_deployment?.id ?? "";
    const second = await change("2");
    expect((await shown(first)).phase).toBe("ACTIVE");
    ocean.settle(id);
    expect([(await shown(first)).phase, (await shown(second)).phase]).toEqual(["SUPERSEDED", "ACTIVE"]);
    expect((await shown(second)).previous_deployment_id).toBe(first);
  });

  test("is not started by a PUT that changes nothing, only the order, or only the name", async () => {
    const { spec, updated_at: before } = await api.get(id);
    now += 1000;
    expect((await api.put(id, spec)).body.app.pending_deployment).toBeUndefined();
    expect((await api.get(id)).updated_at).toBe(before);
    now += 1000;
    expect((await api.put(id, { ...spec, name: "renamed" })).body.app.pending_deployment).toBeUndefined();
    expect((await api.get(id)).updated_at).not.toBe(before);
    expect(ocean.deployments(id)).toHaveLength(1);
  });

  test("skips the build when only run-time variables changed, and builds for a build-time one", async () => {
    await change("2", "RUN_TIME");
    ocean.settle(id);
    const fast = await change("3", "RUN_TIME");
    now += 100;
    expect((await shown(fast)).phase).toBe("PENDING_DEPLOY");
    const slow = await change("4", "BUILD_TIME");
    now += 100;
    expect((await shown(slow)).phase).toBe("BUILDING");
  });

  test("keeps the last commit for a PUT, and takes the newest for a manual deployment", async () => {
    const old = ocean.app(id).head;
    const pushed = ocean.pushCommit(id);
    expect((await shown(await change("2"))).services?.[0]?.source_commit_hash).toBe(old);
    const manual = await api.call("POST", `/v2/apps/${id}/deployments`, { body: { force_build: true } });
    expect(manual.body.deployment.services?.[0]?.source_commit_hash).toBe(pushed);
    const spec = webSpec([{ key: "A", value: "9" }]);
    const newer = ocean.pushCommit(id);
    const put = await api.call("PUT", `/v2/apps/${id}`, { body: { spec, update_all_source_versions: true } });
    const last = await shown(put.body.app.pending_deployment?.id ?? "");
    expect(last.services?.[0]?.source_commit_hash).toBe(newer);
  });

  test("pauses on hold, at once or in a given phase, and goes on after release", async () => {
    ocean.holdDeployments("DEPLOYING");
    const deployment = await change("2");
    now += 10_000;
    expect((await shown(deployment)).phase).toBe("DEPLOYING");
    ocean.release();
    expect((await shown(deployment)).phase).toBe("DEPLOYING");
    now += 100;
    expect((await shown(deployment)).phase).toBe("ACTIVE");
  });

  test("pauses on hold in one app, and goes on in another that is released", async () => {
    ocean.holdDeployments();
    const deployment = await change("2");
    const other = ocean.createApp({ ...webSpec(), name: "other" }, { settled: false });
    ocean.release(other.id);
    now += 10_000;
    expect((await shown(deployment)).phase).toBe("PENDING_BUILD");
    expect(ocean.deployments(other.id).map(({ phase }) => phase)).toEqual(["ACTIVE"]);
    ocean.release();
    now += 10_000;
    expect((await shown(deployment)).phase).toBe("ACTIVE");
  });
});

describe("a pending deployment", () => {
  test("shows id and spec only, as documented, unless the whole is asked for", async () => {
    const sparse = (await api.put(id, webSpec([{ key: "A", value: "2" }]))).body.app;
    expect(Object.keys(sparse.pending_deployment ?? {})).toEqual(["id", "spec"]);
    expect(sparse.pending_deployment?.spec).toEqual(sparse.spec);
    const other = await startDigitalOcean({ variant: { pendingFields: "all" }, deployment: { phaseMs: 60_000 } });
    const app = other.createApp(webSpec(), { settled: false });
    expect((await callerOf(other).get(app.id)).pending_deployment).toMatchObject({
      phase: "PENDING_BUILD",
      progress: { total_steps: 6 },
    });
    await other.close();
  });
});

describe("a failing deployment", () => {
  test("ends in ERROR with reason and component, while the old one keeps running under the new spec", async () => {
    ocean.failNextDeployment(id, { step: "deploy", reasonCode: "DeployContainerExitNonZero", component: "web" });
    const deployment = await change("2");
    now += 1000;
    const { phase, progress } = await shown(deployment);
    expect([phase, progress.error_steps]).toEqual(["ERROR", 1]);
    expect(progress.steps[1]).toMatchObject({
      status: "ERROR",
      reason: { code: "DeployContainerExitNonZero" },
      steps: [
        { status: "SUCCESS" },
        {
          steps: [
            {
              name: "web",
              steps: [{}, { status: "ERROR", component_name: "web", reason: { code: "DeployContainerExitNonZero" } }],
            },
          ],
        },
        { status: "PENDING" },
      ],
    });
    const app = await api.get(id);
    expect([app.spec.services?.[0]?.envs?.[0]?.value, running()]).toEqual(["2", "1"]);
    expect(app.active_deployment?.id).not.toBe(deployment);
  });

  test("in the build step never deploys", async () => {
    ocean.failNextDeployment(id, { step: "build" });
    const deployment = await change("2", "RUN_TIME");
    now += 1000;
    const { phase, progress } = await shown(deployment);
    expect(phase).toBe("ERROR");
    expect(progress.steps).toMatchObject([
      { status: "ERROR", reason: { code: "BuildJobExitNonZero" } },
      { status: "PENDING" },
    ]);
  });

  test("may be rolled back by the platform: a clone of the old deployment, while the spec stays new", async () => {
    const first = (await api.get(id)).active_deployment?.id ?? "";
    ocean.failNextDeployment(id, { step: "deploy", autoRollback: true });
    const failed = await change("2");
    now += 10_000;
    const app = await api.get(id);
    expect(app.active_deployment?.cloned_from).toBe(first);
    expect(app.active_deployment?.cause).toContain(failed);
    expect([app.spec.services?.[0]?.envs?.[0]?.value, running()]).toEqual(["2", "1"]);
    const automatic = await api.call("GET", `/v2/apps/${id}/deployments?deployment_types=AUTO_ROLLBACK`);
    expect(automatic.body.deployments.map((each) => each.id)).toEqual([app.active_deployment?.id]);
  });

  test("is not started again by a PUT of the very same spec", async () => {
    ocean.failNextDeployment(id, { step: "deploy" });
    await change("2");
    now += 1000;
    expect(await change("2")).toBe("");
    expect(running()).toBe("1");
  });
});

describe("an ended deployment", () => {
  test("gives way to a newer one, with the spec change still applied", async () => {
    const older = await change("2");
    now += 150;
    const newer = ocean.deploy(id).id;
    expect((await shown(older)).phase).toBe("CANCELED");
    now += 400;
    expect([(await shown(newer)).phase, running()]).toEqual(["ACTIVE", "2"]);
  });

  test("may be called SUPERSEDED instead", async () => {
    const other = await startDigitalOcean({
      variant: { replacedPhase: "SUPERSEDED" },
      deployment: { phaseMs: 60_000 },
    });
    const app = other.createApp(webSpec());
    const older = other.deploy(app.id);
    other.deploy(app.id);
    expect([older.phase, older.succeeded]).toEqual(["SUPERSEDED", false]);
    await other.close();
  });

  test("was cancelled: nothing new runs, and it cannot be cancelled twice", async () => {
    const deployment = await change("2");
    const path = `/v2/apps/${id}/deployments/${deployment}/cancel`;
    expect((await api.call("POST", path)).body.deployment.phase).toBe("CANCELED");
    now += 1000;
    expect(running()).toBe("1");
    expect((await api.call("POST", path)).status).toBe(400);
  });
});

describe("other writers", () => {
  test("edit variables in the console: plaintext secrets are sealed and deployed", async () => {
    const before = (await api.get(id)).updated_at;
    now += 1000;
    const deployment = ocean.editConsole(id, (spec) => spec.services?.[0]?.envs?.push(secret("HAND", "made")));
    expect(deployment?.phase).toBe("PENDING_BUILD");
    ocean.settle(id);
    const app = await api.get(id);
    expect(app.spec.services?.[0]?.envs?.[1]?.value).toMatch(/^EV\[1:/);
    expect(app.updated_at).not.toBe(before);
    expect(ocean.running(id)["web"]?.["HAND"]?.value).toBe("made");
  });

  test("restart what runs; a restart does not bring a stored change to life", async () => {
    ocean.failNextDeployment(id, { step: "deploy" });
    await change("2");
    now += 1000;
    const { body } = await api.call("POST", `/v2/apps/${id}/restart`, { body: { components: ["web"] } });
    now += 1000;
    expect([(await shown(body.deployment.id)).phase, running()]).toEqual(["ACTIVE", "1"]);
    expect((await api.call("POST", `/v2/apps/${id}/restart`, { body: { components: ["nobody"] } })).status).toBe(400);
  });

  test("archive the app: nothing runs until it is restored", () => {
    ocean.archive(id);
    ocean.settle(id);
    expect(ocean.running(id)).toEqual({});
    ocean.archive(id, false);
    ocean.settle(id);
    expect(running()).toBe("1");
  });
});
