// The provider plugin under the real CLI, from a YAML program: the life of one sync, and what no other host can tell.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callsOf, exportState, oneWrite, previewJson, valuesAt } from "./evidence.js";
import { succeed } from "./harness.js";
import { openPluginWorld, type PluginWorld, syncOf } from "./plugin-world.js";

describe("one sync of a YAML program", () => {
  let world: PluginWorld;
  let appId: string;
  const values: Record<string, string> = {};

  const set = async (key: string, value: string) => {
    values[key] = value;
    succeed(await world.pulumi("config", "set", "--secret", key, value));
  };
  const declare = (rest: object = {}) =>
    world.declare(
      { web: syncOf({ A: "${A}", B: "${B}", C: "${C}" }, { destination: { appId, scope: "RUN_TIME" }, ...rest }) },
      { keys: "${web.managedKeys}", status: "${web.syncStatus}" },
    );

  beforeAll(async () => {
    world = await openPluginWorld();
    appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
    for (const key of ["A", "B", "C"]) await set(key, world.secret(key));
    await declare();
  });
  afterAll(() => world.close());

  test("the first preview tells the plan once, asks the platform once and writes nothing", async () => {
    const calls = await callsOf(world, async () => {
      const run = await world.preview("--diff");
      expect(run.text.match(/3 to add: first sync to shop/g), run.text).toHaveLength(1);
      expect(run.text).toMatch(/A\s*: \[secret\]/);
      return run;
    });
    const questions = { "POST /v2/apps/{app_id}/rollback/validate": 1, "POST /v2/apps/propose": 1 };
    expect(calls).toEqual({ "GET /v2/apps/{id}": 1, ...questions });
    expect(valuesAt(world, appId)).toEqual({});
  });

  test("up writes once and tells what it owns", async () => {
    expect(await callsOf(world, () => world.up("--skip-preview"))).toEqual(oneWrite);
    expect(valuesAt(world, appId)).toEqual(values);
    const { stdout } = await world.pulumi("stack", "output", "--json");
    expect(JSON.parse(stdout)).toEqual({ keys: ["A", "B", "C"], status: "succeeded" });
  });

  test("an unchanged preview and an unchanged up look once and do nothing", async () => {
    expect((await previewJson(world)).steps).toEqual([]);
    expect(await callsOf(world, () => world.up("--skip-preview"))).toEqual({ "GET /v2/apps/{id}": 1 });
  });

  test("destroy takes away what the sync wrote", async () => {
    const calls = await callsOf(world, async () => succeed(await world.pulumi("destroy", "--yes", "--skip-preview")));
    expect(calls).toEqual(oneWrite);
    expect(valuesAt(world, appId)).toEqual({});
    expect(await exportState(world)).toEqual([]);
  });
});
