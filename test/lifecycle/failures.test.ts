// What half happened is recorded as such, and the next run heals it with one write.

import { describe, expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { openStack, puts, type Program, said, type Stack, sync, urnOf, valuesAt } from "./stack.js";

interface Scene {
  readonly stack: Stack;
  readonly appId: string;
  readonly values: Record<string, string>;
  readonly program: Program;
}

async function scene(deployment: Properties = {}): Promise<Scene> {
  const stack = await openStack();
  const spec = { name: "shop", envs: [{ key: "FOREIGN", value: "f" }], services: [{ name: "web" }] };
  const { id: appId } = stack.cloud.createApp(spec);
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  return { stack, appId, values, program: [sync("web", values, { destination: { appId, deployment } })] };
}

const running = ({ stack, appId }: Scene) => stack.cloud.running(appId)["web"] ?? {};

describe("a deployment that fails", () => {
  test.each([false, true])(
    "is told with its reason and healed by one PUT (auto-rollback: %s)",
    async (autoRollback) => {
      const here = await scene();
      const { stack, appId, program, values } = here;
      stack.cloud.failNextDeployment(appId, {
        step: "deploy",
        reasonCode: "DeployContainerExitNonZero",
        component: "web",
        autoRollback,
      });
      const run = await stack.up(program);
      expect(run.problems).toMatch(
        /deployment\.failed: the variables are written.*DeployContainerExitNonZero.*component web/,
      );
      expect(stack.outputs("web")).toMatchObject({
        syncStatus: "written-not-live",
        version: 1,
        managedKeys: ["A", "B"],
        lastSyncedAt: expect.stringMatching(/Z$/),
      });
      expect(running(here)["A"]).toBeUndefined();
      stack.cloud.settle(appId);

      const preview = await stack.preview(program);
      expect(preview.steps).toMatchObject([{ op: "update" }]);
      expect(said(preview)).toMatch(/app\/A: stored, but not in the running deployment/);
      const up = await stack.up(program);
      expect(up.problems).toBe("");
      expect(puts(up)).toBe(1);
      expect(running(here)["A"]?.value).toBe(values["A"]);
      expect(stack.outputs("web")).toMatchObject({ syncStatus: "succeeded", version: 2 });
      expect((await stack.preview(program)).steps).toMatchObject([{ op: "same" }]);
    },
  );

  test("in an update is recorded as well", async () => {
    const here = await scene();
    const { stack, appId, program, values } = here;
    await stack.up(program);
    const next = [sync("web", { ...values, A: stack.secret("next") }, { destination: { appId } })];
    stack.cloud.failNextDeployment(appId, { step: "build", autoRollback: true });
    expect((await stack.up(next)).problems).toMatch(/deployment\.failed/);
    stack.cloud.settle(appId);
    expect(puts(await stack.up(next))).toBe(1);
    expect(running(here)["A"]?.value).toBe(valuesAt(stack, appId)["A"]);
  });

  test("is healed by somebody else's deployment without a write", async () => {
    const { stack, appId, program } = await scene();
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    await stack.up(program);
    stack.cloud.editConsole(appId, (spec) => spec.envs?.push({ key: "LATER", value: "x" }));
    stack.cloud.settle(appId);
    expect((await stack.preview(program)).steps).toMatchObject([{ op: "update" }]);
    expect(puts(await stack.up(program))).toBe(0);
    expect(stack.outputs("web")["syncStatus"]).toBe("succeeded");
  });

  test("is still healed after the sync was disabled for a while", async () => {
    const here = await scene();
    const { stack, appId, program, values } = here;
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    await stack.up(program);
    await stack.up([sync("web", values, { destination: { appId, deployment: {} }, isEnabled: false })]);
    const up = await stack.up(program);
    expect(up.problems).toBe("");
    expect(running(here)["A"]?.value).toBe(values["A"]);
  });

  test("under onFailure restore leaves the entries as they were", async () => {
    const { stack, appId, program } = await scene({ onFailure: "restore" });
    const before = structuredClone(stack.cloud.app(appId).spec);
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    expect((await stack.up(program)).problems).toMatch(/deployment\.failed/);
    expect(stack.cloud.app(appId).spec).toEqual(before);
    const up = await stack.up(program);
    expect(up.problems).toBe("");
    expect(puts(up)).toBe(1);
  });

  test.each(["update", "destroy"] as const)(
    "under onFailure restore leaves no key behind where the deployment of what was restored cannot be followed (%s)",
    async (step) => {
      const { stack, appId, program, values } = await scene({ onFailure: "restore" });
      await stack.up(program);
      stack.cloud.failNextDeployment(appId, { step: "deploy" });
      let writes = 0;
      const stop = stack.cloud.onAnswer({ method: "PUT", times: Infinity }, () => {
        writes += 1;
        const match = { method: "GET", path: /deployments\/./, times: Infinity };
        if (writes === 2) stack.cloud.faults.add({ match, status: 500, body: { id: "x", message: "down" } });
      });
      const destination = { appId, deployment: { onFailure: "restore" } };
      const next = [sync("web", { A: stack.secret("next") }, { destination })];
      const run = await (step === "update" ? stack.up(next) : stack.destroy());
      expect(run.problems).toMatch(/the earlier entries were restored; their deployment could not be followed/);
      expect(stack.outputs("web")["managedKeys"]).toEqual(Object.keys(values));
      stop();
      stack.cloud.faults.clear();
      stack.cloud.settle(appId);
      expect((await stack.destroy()).problems).toBe("");
      expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
    },
  );

  test.each(["update", "destroy"] as const)(
    "under onFailure restore leaves no key behind of a sync that does not wait, written beside two that do (%s)",
    async (step) => {
      const stack = await openStack();
      const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
      const declare = (name: string, keys: readonly string[], deployment: object) =>
        sync(name, Object.fromEntries(keys.map((key) => [key, "1"])), { destination: { appId, deployment } });
      const beside = (keys: readonly string[]): Program => [
        declare("hasty", keys, { wait: false, onFailure: "restore" }),
        declare("other", [...keys.map((key) => `OTHER_${key}`), "O"], {}),
        declare("last", [...keys.map((key) => `LAST_${key}`), "L"], { onFailure: "restore" }),
      ];
      expect((await stack.up(beside(["A", "B"]))).problems).toBe("");
      stack.cloud.failNextDeployment(appId, { step: "deploy" });
      const run = await (step === "update" ? stack.up(beside(["B"])) : stack.destroy());
      const told = run.failures.filter(({ text }) => text.includes("the earlier entries were restored"));
      expect(told.map(({ urn }) => urn)).toEqual(["hasty", "last"].map((name) => urnOf("secret-sync", name)));
      expect(stack.outputs("hasty")["managedKeys"]).toEqual(["A", "B"]);
      expect((await stack.destroy()).problems).toBe("");
      expect(valuesAt(stack, appId)).toEqual({});
    },
  );

  test("is nobody's business without wait", async () => {
    const { stack, appId, program } = await scene({ wait: false });
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    const run = await stack.up(program);
    expect(run.problems).toBe("");
    expect(stack.outputs("web")["syncStatus"]).toBe("written-not-live");
  });

  test("while keys are removed by destroy is told and forgotten", async () => {
    const { stack, appId, program } = await scene();
    await stack.up(program);
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    const run = await stack.destroy();
    expect(run.problems).toBe("");
    expect(said(run)).toMatch(/deployment\.failed/);
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
    expect(stack.state.size).toBe(0);
  });
});

test("a deployment that somebody cancels is not live, and the next run heals it", async () => {
  const here = await scene();
  const { stack, appId, program, values } = here;
  const stop = stack.cloud.onRequest({ method: "GET", path: /deployments\/[\w-]+$/ }, () => {
    stop();
    stack.cloud.cancelDeployment(appId);
  });
  stack.cloud.holdDeployments();
  const run = await stack.up(program);
  stack.cloud.release();
  expect(run.problems).toMatch(/deployment\.cancelled/);
  expect(puts(await stack.up(program))).toBe(1);
  expect(running(here)["A"]?.value).toBe(values["A"]);
});

test("a deployment that takes too long is told, and the next run only follows it", async () => {
  const { stack, appId, program } = await scene({ timeoutSeconds: 2 });
  stack.cloud.holdDeployments();
  const run = await stack.up(program);
  expect(run.problems).toMatch(/deployment\.timeout: .*2 seconds/);
  expect(run.statuses.join("\n")).toMatch(/deployment .* PENDING_BUILD/);
  stack.cloud.release();
  stack.cloud.settle(appId);
  expect(puts(await stack.up(program))).toBe(0);
  expect(stack.outputs("web")["syncStatus"]).toBe("succeeded");
});

describe("a PUT whose outcome is not known", () => {
  test.each(["timeoutAfterApply", "resetAfter"] as const)("is looked at and not repeated (%s)", async (kind) => {
    const { stack, appId, program, values } = await scene();
    stack.cloud.faults.add({ match: { method: "PUT" }, [kind]: true });
    const run = await stack.up(program);
    expect(run.problems).toBe("");
    expect(puts(run)).toBe(1);
    expect(valuesAt(stack, appId)).toMatchObject(values);
    expect((await stack.preview(program)).steps).toMatchObject([{ op: "same" }]);
  });

  test("is sent once more when it did not arrive", async () => {
    const { stack, appId, program, values } = await scene();
    stack.cloud.faults.add({ match: { method: "PUT" }, resetBefore: true });
    const run = await stack.up(program);
    expect(run.problems).toBe("");
    expect(valuesAt(stack, appId)).toMatchObject(values);
  });

  test("keeps the keys when the app cannot be looked at either: no conflict in the next run", async () => {
    const { stack, appId, program, values } = await scene();
    const stop = stack.cloud.onAnswer({ method: "PUT" }, () => {
      stack.cloud.faults.add({ match: { method: "GET", times: Infinity }, status: 503 });
    });
    stack.cloud.faults.add({ match: { method: "PUT" }, timeoutAfterApply: true });
    const run = await stack.up(program);
    stop();
    stack.cloud.faults.clear();
    expect(run.problems).toMatch(/write\.unconfirmed/);
    expect(stack.outputs("web")).toMatchObject({ syncStatus: "failed", managedKeys: ["A", "B"] });
    const up = await stack.up(program);
    expect(up.problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", ...values });
    await stack.destroy();
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
  });
});

test("a refusal of the vendor names the key, quotes no value and leaves no state", async () => {
  const stack = await openStack({ refuseValue: /refuse-me/ });
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const value = `${stack.secret("a")}-refuse-me`;
  stack.canaries.add(value);
  const run = await stack.up([sync("web", { A: value }, { destination: { appId } })]);
  expect(run.problems).toMatch(/destination\.rejected: .*app\/A/);
  expect(stack.state.size).toBe(0);
});

test("a write without its values is refused", async () => {
  const { stack, appId, program, values } = await scene();
  await stack.up(program);
  const provider = await stack.open();
  const urn = urnOf("secret-sync", "web");
  const kept = stack.state.get(urn)!;
  await expect(provider.update(urn, kept.inputs, kept)).rejects.toThrow(/values\.lost: .*run up again/);
  await expect(provider.create(urn, kept.inputs)).rejects.toThrow(/values\.lost/);
  expect(valuesAt(stack, appId)).toMatchObject(values);
});

test("keys of a create that was killed are a conflict that tells the way out", async () => {
  const { stack, appId, program } = await scene();
  await stack.up(program);
  stack.state.clear();
  const { problems } = await stack.preview(program);
  expect(problems).toMatch(/conflict\.exists: app\/A .*adoptExisting/);
  expect(problems).toMatch(/conflict\.exists: app\/B/);
  expect(puts(await stack.up(program))).toBe(0);
  expect(Object.keys(valuesAt(stack, appId))).toEqual(["FOREIGN", "A", "B"]);
});
