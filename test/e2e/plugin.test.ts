// The provider plugin under the real CLI, from a YAML program: the life of one sync, and what no other host can tell.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  callsOf,
  editConsole,
  exportState,
  messagesOf,
  oneWrite,
  previewJson,
  readHiddenInputs,
  valuesAt,
} from "./evidence.js";
import { startCli, succeed } from "./harness.js";
import { openPluginWorld, type PluginWorld, syncOf } from "./plugin-world.js";

let world: PluginWorld;
let appId: string;

const set = async (key: string, value: string) => {
  succeed(await world.pulumi("config", "set", "--secret", key, value));
  return value;
};

describe("one sync of a YAML program", () => {
  const values: Record<string, string> = {};
  const declare = () =>
    world.declare(
      { web: syncOf({ A: "${A}", B: "${B}", C: "${C}" }, { destination: { appId, scope: "RUN_TIME" } }) },
      { keys: "${web.managedKeys}", status: "${web.syncStatus}" },
    );

  beforeAll(async () => {
    world = await openPluginWorld();
    appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
    for (const key of ["A", "B", "C"]) values[key] = await set(key, world.secret(key));
    await declare();
  });
  afterAll(() => world.close());

  test("the first preview tells the plan once, asks the platform once and writes nothing", async () => {
    const calls = await callsOf(world, async () => {
      const run = await world.preview("--diff");
      expect(run.text.match(/3 to add: first sync to shop/g), run.text).toHaveLength(1);
      expect(run.text).toMatch(/A\s*: 1\b/);
      return run;
    });
    const questions = { "POST /v2/apps/{app_id}/rollback/validate": 1, "POST /v2/apps/propose": 1 };
    expect(calls).toEqual({ "GET /v2/apps/{id}": 1, ...questions });
    expect(valuesAt(world, appId)).toEqual({});
  });

  test("up writes once and tells what it owns", async () => {
    expect(await callsOf(world, () => world.up("--json"))).toEqual(oneWrite);
    expect(valuesAt(world, appId)).toEqual(values);
    const { stdout } = await world.pulumi("stack", "output", "--json");
    expect(JSON.parse(stdout)).toEqual({ keys: ["A", "B", "C"], status: "succeeded" });
  });

  test("an unchanged preview and an unchanged up look once and do nothing", async () => {
    expect((await previewJson(world)).steps).toEqual([]);
    expect(await callsOf(world, () => world.up())).toEqual({ "GET /v2/apps/{id}": 1 });
  });

  test("a changed value is one key in the diff and one in the app", async () => {
    values["A"] = await set("A", world.secret("rotated"));
    const run = await world.preview("--diff");
    expect(run.text).toMatch(/~ A\s*: 1 => 2/);
    expect(run.text).not.toMatch(/[~+-] [BC]\s*:/);
    const { steps } = await previewJson(world);
    expect(steps[0]?.detailedDiff).toEqual({ "keys.A": { kind: "update", inputDiff: true } });
    await world.up();
    expect(valuesAt(world, appId)).toEqual(values);
  });

  const drift = () =>
    editConsole(world, appId, (shop) => {
      shop.envs = (shop.envs ?? []).filter(({ key }) => key !== "C");
      shop.envs.forEach((env) => env.key === "B" && Object.assign(env, { value: "by-hand" }));
    });

  test("drift is named key by key, and up repairs it", async () => {
    drift();
    const json = await previewJson(world);
    expect(json.steps[0]?.detailedDiff).toEqual({
      "keys.B": { kind: "update", inputDiff: true },
      "keys.C": { kind: "add", inputDiff: true },
    });
    expect(messagesOf(json, "web").match(/drift: 2 keys of shop changed outside this program/g)).toHaveLength(1);
    await world.up();
    expect(valuesAt(world, appId)).toEqual(values);
    expect((await previewJson(world)).steps).toEqual([]);
  });

  test("drift that a refresh has recorded is repaired by the next up", async () => {
    drift();
    succeed(await world.pulumi("refresh", "--yes"));
    expect((await exportState(world))[0]?.outputs["drift"]).toEqual(["app/B has another value", "app/C is gone"]);
    await world.up();
    expect(valuesAt(world, appId)).toEqual(values);
    expect((await exportState(world))[0]?.outputs["drift"]).toEqual([]);
  });

  test("outputs tell nothing, not even decrypted: what the next run needs is sealed", async () => {
    const [kept] = await exportState(world);
    expect(Object.keys(kept?.inputs["keys"] as object)).toEqual(["A", "B", "C"]);
    const shown = JSON.stringify(kept?.outputs);
    expect(shown).toMatch(/sealed:1:/);
    const { keys } = await readHiddenInputs(world);
    expect(Object.keys(keys)).toEqual(["A", "B", "C"]);
    for (const fingerprint of Object.values(keys)) {
      expect(fingerprint).toMatch(/^[\w-]{16}$/);
      expect(shown).not.toContain(fingerprint);
    }
  });

  test("an update says what a saved plan says, with the salt that the plan was made with", async () => {
    succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
    await world.preview("--save-plan", "plan.json");
    const run = await world.pulumi("up", "--yes", "--skip-preview", "--plan", "plan.json");
    expect(run.text).not.toMatch(/violates plan/);
    succeed(run);
    expect(valuesAt(world, appId)).toEqual(values);
  });

  test("a failed deployment fails the run, is kept in state, and is healed by the next up", async () => {
    values["A"] = await set("A", world.secret("again"));
    world.cloud.failNextDeployment(appId, {
      step: "deploy",
      component: "web",
      reasonCode: "DeployContainerHealthChecksFailed",
      autoRollback: true,
    });
    const run = await world.pulumi("up", "--yes", "--skip-preview");
    expect(run.code).not.toBe(0);
    expect(run.text).toMatch(/deployment\.failed: .*DeployContainerHealthChecksFailed.*component web/);
    expect(run.text).not.toMatch(/\n\s+at \S+ \(/);
    const [kept] = await exportState(world);
    expect(kept?.outputs).toMatchObject({ syncStatus: "written-not-live" });
    expect(kept?.initErrors?.join()).toMatch(/deployment\.failed/);
    world.cloud.settle(appId);
    await world.up();
    expect(world.cloud.running(appId)["web"]?.["A"]?.value).toBe(values["A"]);
    expect((await exportState(world))[0]?.initErrors ?? []).toEqual([]);
  });

  test("a cancel ends the wait for a deployment, and the next up goes on from there", async () => {
    values["A"] = await set("A", world.secret("cancelled"));
    world.cloud.holdDeployments();
    world.cloud.resetCounts();
    const cli = startCli(world, ["up", "--yes", "--skip-preview"]);
    while (world.cloud.counts()["GET /v2/apps/{app_id}/deployments/{deployment_id}"] === undefined)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const began = Date.now();
    process.kill(cli.pid, "SIGINT");
    const run = await cli.done;
    expect(run.code).not.toBe(0);
    expect(Date.now() - began).toBeLessThan(10_000);
    world.cloud.release();
    world.cloud.settle(appId);
    const calls = await callsOf(world, () => world.up());
    expect(calls["PUT /v2/apps/{id}"] ?? 0).toBe(0);
    expect(valuesAt(world, appId)).toEqual(values);
    expect(world.cloud.running(appId)["web"]?.["A"]?.value).toBe(values["A"]);
  });

  test("problems are told all at once, with their codes, and without a stack", async () => {
    await world.declare({
      web: syncOf({ A: "${A}" }, { destination: { appId, components: ["wep"] }, syncOptions: { keySchema: "x" } }),
    });
    const run = await world.pulumi("preview");
    expect(run.code).not.toBe(0);
    expect(run.text).toMatch(/argument\.invalid: syncOptions\.keySchema: /);
    expect(run.text).not.toMatch(/\n\s+at \S+ \(/);
    await declare();
  });

  test("destroy takes away what the sync wrote", async () => {
    const calls = await callsOf(world, async () => succeed(await world.pulumi("destroy", "--yes", "--skip-preview")));
    expect(calls).toEqual(oneWrite);
    expect(valuesAt(world, appId)).toEqual({});
    expect(await exportState(world)).toEqual([]);
    expect(world.cloud.complaints).toEqual([]);
  });
});

describe("connections and settings", () => {
  const token = "dop_v1_of_the_connection";
  const connection = () => ({
    type: "secret-sync:Connection",
    properties: {
      app: "digital-ocean",
      method: "api-token",
      credentials: { apiToken: "${token}" },
      baseUrl: world.cloud.url,
    },
  });

  beforeAll(async () => {
    world = await openPluginWorld();
    world.canaries.add(token);
    world.cloud.tokens.set(token, { scopes: ["app:read", "app:update"] });
    appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
    await set("token", token);
    await set("A", world.secret("A"));
    for (const name of ["DIGITALOCEAN_TOKEN", "DIGITALOCEAN_API_URL"]) delete world.environment[name];
  });
  afterAll(() => world.close());

  const program = (destination: object = {}) =>
    world.declare({
      ocean: connection(),
      web: syncOf({ A: "${A}" }, { destination: { appId, connection: "${ocean}", ...destination } }),
    });

  test("a sync takes the credentials of a Connection that it names", async () => {
    await program();
    await world.preview();
    await world.up();
    expect(Object.keys(valuesAt(world, appId))).toEqual(["A"]);
    expect((await previewJson(world)).steps).toEqual([]);
  });

  test("with --target alone the sync works with what its inputs keep", async () => {
    await set("A", world.secret("targeted"));
    const { text } = await world.pulumi("stack", "export");
    const urn = /"(urn:[^"]*SecretSync::web)"/.exec(text)?.[1] ?? "";
    const calls = await callsOf(world, () => world.up("--target", urn));
    expect(calls["PUT /v2/apps/{id}"]).toBe(1);
  });

  test("destroy works with what the inputs keep", async () => {
    succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
    expect(valuesAt(world, appId)).toEqual({});
  });

  test("the provider's own settings are the stack's configuration", async () => {
    await set("secret-sync:digitaloceanToken", token);
    succeed(await world.pulumi("config", "set", "secret-sync:digitaloceanApiUrl", world.cloud.url));
    await world.declare({ web: syncOf({ A: "${A}" }, { destination: { appId } }) });
    await world.up();
    expect(Object.keys(valuesAt(world, appId))).toEqual(["A"]);
    // A new token is used at once, and the old one is not needed any more.
    const next = "dop_v1_of_the_next_month";
    world.canaries.add(next);
    world.cloud.tokens.set(next, { scopes: ["app:read", "app:update"] });
    world.cloud.tokens.delete(token);
    await set("secret-sync:digitaloceanToken", next);
    await set("A", world.secret("with the next token"));
    await world.preview();
    await world.up();
    expect((await previewJson(world)).steps).toEqual([]);
    succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
    world.cloud.tokens.set(token, { scopes: ["app:read", "app:update"] });
    for (const key of ["digitaloceanToken", "digitaloceanApiUrl"])
      succeed(await world.pulumi("config", "rm", `secret-sync:${key}`));
  });

  test("an explicit provider has settings of its own, and its token is a secret", async () => {
    const web = syncOf({ A: "${A}" }, { destination: { appId } });
    await world.declare({
      account: {
        type: "pulumi:providers:secret-sync",
        properties: { digitaloceanToken: "${token}", digitaloceanApiUrl: world.cloud.url },
      },
      web: { ...web, options: { provider: "${account}" } },
    });
    await world.up();
    expect(Object.keys(valuesAt(world, appId))).toEqual(["A"]);
    const { stdout } = await world.pulumi("stack", "export");
    expect(stdout).not.toContain(token);
    succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
    expect(valuesAt(world, appId)).toEqual({});
  });
});
