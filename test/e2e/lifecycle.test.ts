// The life of one sync under the real CLI, from its first preview to its end, with every call counted.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callsOf, editConsole, exportState, messagesOf, oneWrite, previewJson, valuesAt } from "./evidence.js";
import { openWorld, succeed, type World } from "./harness.js";

const look = { "GET /v2/apps/{id}": 1 };
/** An update that finds something to do has looked in `check` already. */
const lookAndWrite = { "GET /v2/apps/{id}": 3, "PUT /v2/apps/{id}": 1 };

describe("one sync of a file and a command", () => {
  let world: World;
  let appId: string;
  let foreign: string;
  const values: Record<string, string> = {};

  const writeSources = async () => {
    await world.write("secrets.env", `A=${values["A"]}\nB=${values["B"]}\n`);
    await world.write("more.json", JSON.stringify({ C: values["C"] }));
  };
  const spec = () => JSON.stringify(world.cloud.app(appId).spec);

  beforeAll(async () => {
    world = await openWorld({ program: "inline", provider: "process", secrets: "passphrase" });
    const services = [{ name: "web", envs: [{ key: "PORT_NAME", value: "http" }], unknown_field: { kept: true } }];
    const envs = [{ key: "FOREIGN", value: "theirs", type: "SECRET" }];
    appId = world.cloud.createApp({ name: "shop", envs, services }).id;
    foreign = spec();
    for (const key of ["A", "B", "C"]) values[key] = world.secret(key);
    await writeSources();
    await world.program(`
      const web = new SecretSync("web", {
        source: [{ type: "file", path: "secrets.env" }, { type: "exec", command: ["cat", "more.json"] }],
        destination: { type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)}, scope: "RUN_TIME" },
      });
      exports.keys = web.managedKeys;
      exports.status = web.syncStatus;
    `);
  });
  afterAll(() => world.close());

  test("the first preview names every key, masked, and writes nothing", async () => {
    const calls = await callsOf(world, async () => {
      const run = await world.preview("--diff");
      for (const key of ["A", "B", "C"]) expect(run.text).toMatch(new RegExp(`${key}\\s*: 1`));
      return run;
    });
    const questions = { "POST /v2/apps/{app_id}/rollback/validate": 1, "POST /v2/apps/propose": 1 };
    expect(calls).toEqual({ ...look, ...questions });
    expect(spec()).toBe(foreign);
  });

  test("a preview that shall not ask the platform about the write does not", async () => {
    world.environment["PULUMI_SECRET_SYNC_VALIDATE"] = "0";
    const calls = await callsOf(world, () => world.preview());
    delete world.environment["PULUMI_SECRET_SYNC_VALIDATE"];
    expect(calls).not.toHaveProperty(["POST /v2/apps/propose"]);
  });

  test("up writes once, deploys once and shows what it owns", async () => {
    const deployments = world.cloud.deployments(appId).length;
    expect(await callsOf(world, () => world.up())).toEqual(oneWrite);
    expect(valuesAt(world, appId)).toEqual({ FOREIGN: "theirs", ...values });
    expect(world.cloud.deployments(appId)).toHaveLength(deployments + 1);
    const { stdout } = await world.pulumi("stack", "output", "--json");
    expect(JSON.parse(stdout)).toEqual({ keys: ["A", "B", "C"], status: "succeeded" });
  });

  test("an unchanged preview and an unchanged up look once and do nothing", async () => {
    const json = await previewJson(world);
    expect(json.steps).toEqual([]);
    expect(messagesOf(json, "web")).toBe("");
    expect(await callsOf(world, () => world.up())).toEqual(look);
  });

  test("a changed value is one key in the diff and one in the app", async () => {
    const before = world.cloud.app(appId).spec.envs;
    values["A"] = world.secret("rotated");
    await writeSources();
    const run = await world.preview("--diff");
    expect(run.text).toMatch(/~ A\s*: 1 => 2/);
    expect(run.text).not.toMatch(/[~+-] [BC]\s*:/);
    expect((await previewJson(world)).steps[0]?.detailedDiff).toHaveProperty(["keys.A"]);
    expect(await callsOf(world, () => world.up())).toEqual(lookAndWrite);
    const after = world.cloud.app(appId).spec.envs;
    expect(after?.filter((env, at) => env.value !== before?.[at]?.value).map(({ key }) => key)).toEqual(["A"]);
    expect(valuesAt(world, appId)["A"]).toBe(values["A"]);
  });

  test("a change in the console shows in the next preview without refresh, and up repairs it", async () => {
    editConsole(world, appId, (shop) => {
      shop.envs = (shop.envs ?? []).filter(({ key }) => key !== "C");
      shop.envs.forEach((env) => env.key === "B" && Object.assign(env, { value: "by-hand" }));
    });
    const run = await world.preview("--diff");
    expect(run.text).toMatch(/~ live\s*: "3 of 3 keys" => "2 of 3 keys"/);
    const json = await previewJson(world);
    expect(json.steps.map(({ op }) => op)).toEqual(["update"]);
    expect(messagesOf(json, "web")).toMatch(/^warning: drift: 2 keys of shop changed outside this program/);
    expect(messagesOf(json, "web")).toMatch(/~ app\/B: value changed at App Platform; will be written again/);
    expect(messagesOf(json, "web")).toMatch(/\+ app\/C .*gone from the destination/);
    expect(await callsOf(world, () => world.up())).toEqual(lookAndWrite);
    expect(valuesAt(world, appId)).toEqual({ FOREIGN: "theirs", ...values });
    expect((await previewJson(world)).steps).toEqual([]);
  });

  const wipe = () => editConsole(world, appId, (shop) => (shop.envs = [{ key: "FOREIGN", value: "later" }]));

  test("every key wiped is repaired by up right after the repair, and again", async () => {
    for (let round = 0; round < 2; round += 1) {
      wipe();
      expect((await previewJson(world)).steps.map(({ op }) => op)).toEqual(["update"]);
      await world.up();
      expect(valuesAt(world, appId)).toEqual({ FOREIGN: "later", ...values });
    }
  });

  test("drift that a refresh has recorded is repaired by the next up", async () => {
    wipe();
    succeed(await world.pulumi("refresh", "--yes", "--diff"));
    const [kept] = await exportState(world);
    expect(kept?.outputs["drift"]).toEqual(["app/A is gone", "app/B is gone", "app/C is gone"]);
    const json = await previewJson(world);
    expect(json.steps.map(({ op }) => op)).toEqual(["update"]);
    expect(messagesOf(json, "web")).toMatch(/drift: 3 keys/);
    await world.up();
    expect(valuesAt(world, appId)).toEqual({ FOREIGN: "later", ...values });
    expect((await exportState(world))[0]?.outputs["drift"]).toEqual([]);
  });

  test("up --refresh repairs in one run", async () => {
    wipe();
    await world.up("--refresh");
    expect(valuesAt(world, appId)).toEqual({ FOREIGN: "later", ...values });
    expect((await previewJson(world)).steps).toEqual([]);
  });

  test("state holds no value, not even decrypted", async () => {
    // The harness looks for every value in whatever the CLI prints.
    const [kept] = await exportState(world);
    expect(Object.keys(kept?.inputs["keys"] as object)).toEqual(["A", "B", "C"]);
    expect(kept?.outputs).toMatchObject({ syncStatus: "succeeded", managedKeys: ["A", "B", "C"] });
  });

  test("destroy leaves the app as it was", async () => {
    const calls = await callsOf(world, () => world.pulumi("destroy", "--yes", "--skip-preview"));
    expect(calls).toEqual(oneWrite);
    editConsole(world, appId, (shop) => shop.envs?.forEach((env) => Object.assign(env, { value: "theirs" })));
    const { envs: _now, ...rest } = world.cloud.app(appId).spec;
    const { envs: _before, ...restBefore } = JSON.parse(foreign) as typeof rest & { envs: unknown };
    expect(rest).toEqual(restBefore);
    expect(valuesAt(world, appId)).toEqual({ FOREIGN: "theirs" });
    expect(await exportState(world)).toEqual([]);
    expect(world.cloud.complaints).toEqual([]);
  });
});
