// `pulumi import` and the option of the same name, which only the plugin serves: what is there is taken over by name.

import { afterAll, beforeAll, expect, test } from "vitest";
import { exportState, previewJson } from "./evidence.js";
import { succeed } from "./harness.js";
import { openPluginWorld, type PluginWorld, syncOf } from "./plugin-world.js";

let world: PluginWorld;
let appId: string;

const spec = () => JSON.stringify(world.cloud.app(appId).spec);
const declare = (options: object = {}) =>
  world.declare({
    web: {
      ...syncOf(
        { LOG_LEVEL: "info", API_KEY: "${A}" },
        {
          destination: {
            appName: "shop",
            components: ["web"],
            scope: "RUN_TIME",
            variables: { LOG_LEVEL: { variableType: "GENERAL" } },
          },
        },
      ),
      options,
    },
  });

beforeAll(async () => {
  world = await openPluginWorld();
  succeed(await world.pulumi("config", "set", "--secret", "A", world.secret("A")));
});
afterAll(() => world.close());

const openShop = () => {
  const envs = [
    { key: "API_KEY", value: world.secret("theirs"), type: "SECRET" as const, scope: "RUN_TIME" as const },
    { key: "LOG_LEVEL", value: "info", scope: "RUN_TIME" as const },
    { key: "THEIRS", value: "kept", scope: "RUN_TIME" as const },
  ];
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web", envs }] }).id;
  return spec();
};
const change = () => {
  const envs = world.cloud.app(appId).spec.services?.[0]?.envs ?? [];
  return envs.map(({ key, value = "" }) => [key, value.startsWith("EV[") ? world.cloud.decrypt(appId, value) : value]);
};

test("takes over by name what is there, warns of nothing and writes nothing", async () => {
  const before = openShop();
  const id = "digital-ocean-app-platform/shop/web";
  const run = await world.pulumi("import", "secret-sync:index:SecretSync", "web", id, "--yes", "--protect=false");
  succeed(run);
  expect(run.text).not.toMatch(/warning: (?!using pulumi-language-yaml)/);
  expect(run.text).toMatch(/3 keys found at shop, nothing written: API_KEY, LOG_LEVEL, THEIRS/);
  expect(spec()).toBe(before);
});

test("the update that follows writes what could not be compared, and nothing else", async () => {
  await declare();
  const preview = await previewJson(world);
  expect(preview.steps.map(({ op }) => op)).toEqual(["update"]);
  expect(Object.keys(preview.steps[0]?.detailedDiff ?? {})).not.toContain("keys.THEIRS");
  const before = new Map(change() as [string, string][]);
  await world.up();
  const after = new Map(change() as [string, string][]);
  expect([...after].filter(([key, value]) => before.get(key) !== value).map(([key]) => key)).toEqual(["API_KEY"]);
  expect((await exportState(world))[0]?.outputs["managedKeys"]).toEqual(["API_KEY", "LOG_LEVEL"]);
  expect((await previewJson(world)).steps).toEqual([]);
});

test("destroy gives back what was there", async () => {
  succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
  expect(change().map(([key]) => key)).toEqual(["API_KEY", "LOG_LEVEL", "THEIRS"]);
  world.cloud.settle(appId);
});

test("the option of the same name does both in one update", async () => {
  await declare({ import: "digital-ocean-app-platform/shop/web" });
  await world.up();
  expect((await exportState(world))[0]?.outputs["managedKeys"]).toEqual(["API_KEY", "LOG_LEVEL"]);
  await declare();
  expect((await previewJson(world)).steps).toEqual([]);
});

test("an id that says nothing is refused with what it should be", async () => {
  const run = await world.pulumi("import", "secret-sync:index:SecretSync", "other", "shop", "--yes");
  expect(run.text).toMatch(/import\.address: "shop" does not say where the keys are; give <destination type>/);
});

test("an import looks with the connection of its program, where nothing else gives credentials", async () => {
  succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
  world.cloud.settle(appId);
  const { DIGITALOCEAN_TOKEN: token = "", ...rest } = world.environment;
  world.environment = rest;
  succeed(await world.pulumi("config", "set", "--secret", "token", token));
  const ocean = { app: "digital-ocean", method: "api-token", credentials: { apiToken: "${token}" } };
  const web = syncOf(
    { LOG_LEVEL: "info" },
    {
      destination: {
        connection: "${ocean}",
        appName: "shop",
        components: ["web"],
        scope: "RUN_TIME",
        variableType: "GENERAL",
      },
      syncOptions: { disableSecretDeletion: true },
    },
  );
  await world.declare({
    ocean: { type: "secret-sync:Connection", properties: ocean },
    web: { ...web, options: { import: "digital-ocean-app-platform/shop/web" } },
  });
  const before = spec();
  const preview = await previewJson(world);
  expect(preview.steps.map(({ op }) => op)).toEqual(["create", "import", "update"]);
  await world.up();
  expect(spec()).toBe(before);
  const sync = (await exportState(world)).find(({ outputs }) => outputs["managedKeys"] !== undefined);
  expect(sync?.outputs["managedKeys"]).toEqual(["LOG_LEVEL"]);
  expect(sync?.inputs["retained"]).toBeUndefined();
});

test("`pulumi import` without credentials names those that it can take", async () => {
  const id = "digital-ocean-app-platform/shop/web";
  const run = await world.pulumi("import", "secret-sync:index:SecretSync", "third", id, "--yes");
  expect(run.text).toMatch(
    /connection\.missing: .*; an import does not see the arguments of its sync; run "pulumi config/,
  );
});
