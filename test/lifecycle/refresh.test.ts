// What a refresh writes down of a sync: where it stands, what drifted there, and whether what was stored is live.

import { describe, expect, test } from "vitest";
import type { Spec } from "../emulators/digitalocean/index.js";
import { openStack, said, type Program, type Run, type Stack, sync } from "./stack.js";

interface Scene {
  readonly stack: Stack;
  readonly appId: string;
  readonly program: (more?: Record<string, unknown>) => Program;
}

async function open(deployment: Record<string, unknown> = {}): Promise<Scene> {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }, { name: "api" }] });
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  const destination = { appId, components: ["web"], deployment };
  return { stack, appId, program: (more = {}) => [sync("web", values, { destination, ...more })] };
}

async function created(deployment: Record<string, unknown> = {}): Promise<Scene> {
  const scene = await open(deployment);
  await ok(scene.stack.up(scene.program()));
  return scene;
}

async function ok(run: Promise<Run>): Promise<Run> {
  const done = await run;
  expect(done.problems).toBe("");
  return done;
}

/** Somebody changes the variables of a component, and it goes live. */
function change({ stack, appId }: Scene, edit: (spec: Spec) => void): void {
  stack.cloud.editConsole(appId, edit);
  stack.cloud.settle(appId);
}

const envsOf = (spec: Spec, component: string) =>
  spec.services?.find(({ name }) => name === component) ?? expect.fail(`no component ${component}`);

test.each(["appId", "appName"])("a refresh replaces nothing that is where it was, found by its %s", async (field) => {
  const { stack, appId } = await open();
  const destination = field === "appId" ? { appId } : { appName: "shop" };
  await ok(stack.up([sync("web", { A: stack.secret("a") }, { destination })]));
  const { steps } = await ok(stack.refresh());
  expect(steps.map(({ op }) => op)).toEqual(["same"]);
});

describe("a refresh records", () => {
  test("the name and the address that the app has now", async () => {
    const scene = await created();
    expect(scene.stack.outputs("web")).toMatchObject({
      targetName: "shop",
      targetUrl: expect.stringMatching(/^https:\/\/shop/),
    });
    change(scene, (spec) => void (spec["name"] = "store"));
    await ok(scene.stack.refresh());
    expect(scene.stack.outputs("web")).toMatchObject({
      targetName: "store",
      targetUrl: expect.stringMatching(/^https:\/\/store/),
    });
  });

  test("no address where the app has none any more", async () => {
    const { stack, appId } = await created();
    const app = stack.cloud.app(appId);
    stack.cloud.faults.add({
      match: { method: "GET", path: /^\/v2\/apps/, times: Infinity },
      status: 200,
      body: {
        app: { id: appId, spec: app.spec, active_deployment: { id: "d", phase: "ACTIVE", spec: app.spec } },
      },
    });
    await ok(stack.refresh());
    expect(stack.outputs("web")).toMatchObject({ targetName: "shop" });
    expect(stack.outputs("web")).not.toHaveProperty("targetUrl");
  });

  test.each<[string, (spec: Spec) => void, string[]]>([
    [
      "another value",
      (spec) => envsOf(spec, "web").envs?.forEach((env) => env.key === "A" && Object.assign(env, { value: "x" })),
      ["web/A has another value"],
    ],
    [
      "another type, from which to which",
      (spec) =>
        envsOf(spec, "web").envs?.forEach(
          (env) => env.key === "B" && Object.assign(env, { value: "x", type: "GENERAL" }),
        ),
      ["web/B changed from SECRET RUN_TIME to GENERAL RUN_TIME"],
    ],
    ["a key that is gone", (spec) => void envsOf(spec, "web").envs?.shift(), ["web/A is gone"]],
    [
      "a component under a new name, once for each key",
      (spec) => void (envsOf(spec, "web").name = "site"),
      ["web/A is now at site/A", "web/B is now at site/B"],
    ],
  ])("%s by name", async (_what, edit, drift) => {
    const scene = await created();
    change(scene, edit);
    await ok(scene.stack.refresh());
    expect(scene.stack.outputs("web")).toMatchObject({ drift, syncStatus: "succeeded" });
    await ok(scene.stack.refresh());
    expect(scene.stack.outputs("web")).toMatchObject({ drift });
  });

  test("nothing where nobody has changed anything, and no new state", async () => {
    const { stack } = await created();
    const before = stack.outputs("web");
    expect((await ok(stack.refresh())).steps).toMatchObject([{ op: "same" }]);
    expect(stack.outputs("web")).toEqual(before);
    expect(before["drift"]).toEqual([]);
  });
});

describe("what was stored and was not live when the run ended", () => {
  test("is live in the refresh after its deployment has ended", async () => {
    const scene = await open({ wait: false });
    const { stack, appId } = scene;
    stack.cloud.settle(appId);
    stack.cloud.holdDeployments();
    await ok(stack.up(scene.program()));
    expect(stack.outputs("web")).toMatchObject({ syncStatus: "written-not-live" });
    await ok(stack.refresh());
    expect(stack.outputs("web")).toMatchObject({ syncStatus: "written-not-live" });
    stack.cloud.release();
    stack.cloud.settle(appId);
    await ok(stack.refresh());
    expect(stack.outputs("web")).toMatchObject({
      syncStatus: "succeeded",
      lastSyncMessage: "what was stored is live now",
    });
  });

  test("and what was live and is no more is named, and up writes it again", async () => {
    const scene = await created();
    const { stack, appId } = scene;
    const { spec } = stack.cloud.app(appId);
    const answer = (envs: unknown[]) => ({
      id: appId,
      spec,
      active_deployment: { id: "d", phase: "ACTIVE", spec: { ...spec, services: [{ name: "web", envs }] } },
    });
    const older = stack.cloud.faults.add({
      match: { method: "GET", path: /^\/v2\/apps/, times: Infinity },
      status: 200,
      body: { app: answer(envsOf(spec, "web").envs?.filter(({ key }) => key !== "B") ?? []) },
    });
    await ok(stack.refresh());
    older.remove();
    expect(stack.outputs("web")).toMatchObject({
      syncStatus: "written-not-live",
      lastSyncMessage: "stored, but not in the running deployment: web/B; up writes them again",
      drift: [],
    });
  });
});

test("a key that somebody has changed, and whose deployment failed, is drift and nothing of ours that is not live", async () => {
  const scene = await created();
  const { stack, appId } = scene;
  stack.cloud.failNextDeployment(appId, { step: "deploy" });
  change(scene, (spec) => envsOf(spec, "web").envs?.forEach((env) => env.key === "A" && (env.value = "theirs")));
  await ok(stack.refresh());
  expect(stack.outputs("web")).toMatchObject({ syncStatus: "succeeded", drift: ["web/A has another value"] });
});

describe("a refresh asks nothing", () => {
  test("of a sync that is disabled, and leaves its state as it is", async () => {
    const scene = await created();
    await ok(scene.stack.up(scene.program({ isEnabled: false })));
    const before = scene.stack.outputs("web");
    change(scene, (spec) => void envsOf(spec, "web").envs?.shift());
    const run = await ok(scene.stack.refresh());
    expect(run.calls).toEqual({});
    expect(run.steps).toMatchObject([{ op: "same" }]);
    expect(scene.stack.outputs("web")).toEqual(before);
  });
});

describe("a refresh that the destination refuses", () => {
  test.each([401, 403])("with %i keeps the sync in state, warns, and does not call it clean", async (status) => {
    const { stack } = await created();
    const { drift: _clean, ...before } = stack.outputs("web");
    stack.cloud.faults.add({ match: { method: "GET", path: /^\/v2\/apps/, times: Infinity }, status });
    const run = await ok(stack.refresh());
    expect(run.messages).toMatchObject([{ severity: "warning" }]);
    expect(said(run)).toMatch(
      /^the digital-ocean-app-platform destination could not be read, so its drift is unknown: .*; if the token was revoked or replaced, run up with the new one$/,
    );
    expect(stack.outputs("web")).toMatchObject(before);
    expect(stack.outputs("web")["drift"]).toEqual([
      expect.stringMatching(/^not seen: the destination refuses the token \(http\.(unauthorized|forbidden)\)$/),
    ]);
  });

  test("in any other way fails, and leaves state as it was", async () => {
    const { stack } = await created();
    const before = stack.outputs("web");
    stack.cloud.faults.add({ match: { method: "GET", path: /^\/v2\/apps/, times: Infinity }, status: 400 });
    expect((await stack.refresh()).problems).toMatch(/^http\./);
    expect(stack.outputs("web")).toEqual(before);
  });
});
