// Several syncs of one app in one run share their looks, their write and its deployment.

import { describe, expect, test } from "vitest";
import { openStack, puts, type Stack, sync, valuesAt } from "./stack.js";

async function shop(): Promise<{ stack: Stack; appId: string }> {
  const stack = await openStack();
  const spec = { name: "shop", envs: [{ key: "FOREIGN", value: "f" }], services: [{ name: "web" }, { name: "api" }] };
  return { stack, appId: stack.cloud.createApp(spec).id };
}

test("two new syncs need one GET before, one PUT, one deployment and one GET after", async () => {
  const { stack, appId } = await shop();
  const deployments = stack.cloud.deployments(appId).length;
  const values = { one: stack.secret("one"), two: stack.secret("two") };
  const program = [
    sync("web", { A: values.one }, { destination: { appId } }),
    sync("api", { B: values.two }, { destination: { appId, components: ["api"] } }),
  ];
  const run = await stack.up(program);
  expect(run.problems).toBe("");
  expect(run.calls).toMatchObject({ "GET /v2/apps/{id}": 2 });
  expect(puts(run)).toBe(1);
  expect(stack.cloud.deployments(appId).length).toBe(deployments + 1);
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", A: values.one });
  expect(valuesAt(stack, appId, "api")).toEqual({ B: values.two });

  const preview = await stack.preview(program);
  expect(preview.steps.map(({ op }) => op)).toEqual(["same", "same"]);
  expect(preview.calls).toEqual({ "GET /v2/apps/{id}": 1 });
  expect(puts(await stack.destroy())).toBe(1);
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test("one key claimed twice is refused, and nothing of the second is written", async () => {
  const { stack, appId } = await shop();
  const program = [
    sync("web", { A: stack.secret("one") }, { destination: { appId } }),
    sync("api", { A: stack.secret("two") }, { destination: { appId } }),
  ];
  expect((await stack.preview(program)).problems).toMatch(/conflict\.claimed: app\/A .*sync "web"/);
  expect((await stack.up(program)).problems).toMatch(/conflict\.claimed/);
});

test("the same key in two components is no conflict", async () => {
  const { stack, appId } = await shop();
  const to = (name: string) => sync(name, { A: stack.secret(name) }, { destination: { appId, components: [name] } });
  expect((await stack.up([to("web"), to("api")])).problems).toBe("");
});

test("one of two goes, and the other's keys stay untouched", async () => {
  const { stack, appId } = await shop();
  const web = sync("web", { A: stack.secret("a") }, { destination: { appId } });
  const api = sync("api", { B: stack.secret("b") }, { destination: { appId } });
  await stack.up([web, api]);
  const kept = stack.cloud.app(appId).spec.envs?.find(({ key }) => key === "A");
  const run = await stack.up([web]);
  expect(run.steps.map(({ op }) => op)).toEqual(["same", "delete"]);
  expect(puts(run)).toBe(1);
  expect(stack.cloud.app(appId).spec.envs).toEqual([{ key: "FOREIGN", value: "f", scope: "RUN_AND_BUILD_TIME" }, kept]);
});

describe("a key that moves from one sync to another in one run", () => {
  test.each([
    { type: "SECRET", names: ["web", "api"] },
    { type: "SECRET", names: ["api", "web"] },
    { type: "GENERAL", names: ["web", "api"] },
    { type: "GENERAL", names: ["api", "web"] },
  ])("is kept: $type, registered as $names", async ({ type, names }) => {
    const { stack, appId } = await shop();
    const value = stack.secret("moving");
    const stays = { web: stack.secret("w"), api: stack.secret("x") };
    const program = (owner: string) =>
      names.map((name) => {
        const own = { [`STAYS_${name.toUpperCase()}`]: stays[name as "web" | "api"] };
        const values = name === owner ? { ...own, MOVING: value } : own;
        const syncOptions = { adoptExisting: ["MOVING"] };
        return sync(name, values, { destination: { appId, variableType: type }, syncOptions });
      });
    await stack.up(program("web"));
    const run = await stack.up(program("api"));
    expect(run.problems).toBe("");
    expect(valuesAt(stack, appId)["MOVING"]).toBe(value);
    expect((await stack.preview(program("api"))).steps.map(({ op }) => op)).toEqual(["same", "same"]);
  });
});

test("syncs of two apps write to both", async () => {
  const { stack, appId } = await shop();
  const { id: other } = stack.cloud.createApp({ name: "other", services: [{ name: "web" }] });
  const [a, b] = [stack.secret("a"), stack.secret("b")];
  const program = [
    sync("web", { A: a }, { destination: { appId } }),
    sync("other", { B: b }, { destination: { appName: "other" } }),
  ];
  const run = await stack.up(program);
  expect(run.problems).toBe("");
  expect(puts(run)).toBe(2);
  expect(valuesAt(stack, other)).toEqual({ B: b });
});
