// Many syncs of one app under the real engine, which runs only some of them at once: one deployment is waited for.

import { afterEach, expect, test } from "vitest";
import { exportState, previewJson, valuesAt } from "./evidence.js";
import { openWorld, type Run, startCli, type World } from "./harness.js";
import { placePlugin } from "./plugin-world.js";
import { typeToken } from "../../provider/type-tokens.js";

let world: World;
afterEach(() => world.close());

const phaseMs = 1_000;
const deploymentSeconds = (4 * phaseMs) / 1_000;

interface Shop {
  readonly appId: string;
  /** Replaces the program: so many syncs, each with one key. */
  readonly declare: (count: number, round?: string, options?: string) => Promise<Record<string, string>>;
}

async function openShop(): Promise<Shop> {
  world = await openWorld({ program: "inline", deployment: { phaseMs } });
  const { id: appId } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const declare = async (count: number, round = "first", options = "{}") => {
    const values = Object.fromEntries(Array.from({ length: count }, (_, at) => [`KEY_${at}`, `${round}-${at}`]));
    await world.program(`
      const syncs = [];
      for (const [key, value] of Object.entries(${JSON.stringify(values)})) {
        syncs.push(new SecretSync(key, {
          source: { type: "inline", values: { [key]: value } },
          destination: { type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)} },
        }, ${options}));
      }
    `);
    return values;
  };
  return { appId, declare };
}

/** The phases of the deployments of a run that no later one of it has replaced, its writes, and how long it took. */
async function measure(appId: string, run: () => Promise<Run>) {
  const { length: since } = world.cloud.deployments(appId);
  world.cloud.resetCounts();
  const at = Date.now();
  const { text, code } = await run();
  const phases = world.cloud
    .deployments(appId)
    .slice(since)
    .map(({ phase }) => phase);
  return {
    text,
    code,
    seconds: (Date.now() - at) / 1_000,
    writes: world.cloud.counts()["PUT /v2/apps/{id}"] ?? 0,
    ended: phases.filter((phase) => phase !== "CANCELED"),
  };
}

async function statuses(): Promise<Record<string, number>> {
  const all = (await exportState(world)).map(({ outputs }) => String(outputs["syncStatus"]));
  return Object.fromEntries([...new Set(all)].map((status) => [status, all.filter((one) => one === status).length]));
}

test("24 syncs, 8 steps at once: one deployment is waited for, the next run is unchanged, and so is a destroy", async () => {
  const { appId, declare } = await openShop();
  const values = await declare(24);
  const first = await measure(appId, () => world.up("--parallel", "8"));
  expect(first.ended).toEqual(["ACTIVE"]);
  expect(first.writes).toBeLessThanOrEqual(5);
  expect(valuesAt(world, appId)).toEqual(values);
  const unchanged = await measure(appId, () => world.up("--parallel", "8"));
  expect([unchanged.writes, unchanged.ended]).toEqual([0, []]);
  expect(unchanged.text).toContain("unchanged");
  expect((await previewJson(world)).steps).toEqual([]);
  // One deployment of four seconds, and not three of them.
  expect(first.seconds - unchanged.seconds).toBeLessThan(2.5 * deploymentSeconds);
  expect((await statuses())["succeeded"]).toBeGreaterThan(0);
  const destroyed = await measure(appId, () => world.pulumi("destroy", "--yes", "--skip-preview", "--parallel", "8"));
  expect([destroyed.code, destroyed.ended]).toEqual([0, ["ACTIVE"]]);
  expect(valuesAt(world, appId)).toEqual({});
});

test("a deployment that fails fails the run, and the next one heals what it left", async () => {
  const { appId, declare } = await openShop();
  await declare(12);
  await world.up("--parallel", "4");
  const values = await declare(12, "second");
  for (let at = 0; at < 12; at += 1) world.cloud.failNextDeployment(appId, { step: "deploy", message: "exit code 1" });
  const failed = await measure(appId, () => world.pulumi("up", "--yes", "--skip-preview", "--parallel", "4"));
  expect(failed.code).not.toBe(0);
  expect(failed.text).toContain("deployment.failed");
  world.cloud.app(appId).nextFailures.length = 0;
  expect((await previewJson(world)).steps.filter(({ op }) => op === "update")).toHaveLength(12);
  const healing = await measure(appId, () => world.up("--parallel", "4"));
  expect(healing.ended).toEqual(["ACTIVE"]);
  expect(valuesAt(world, appId)).toEqual(values);
});

test.each(["dynamic", "plugin"] as const)(
  "one step at a time under the %s host: as many writes as syncs and one deployment; one target alone waits",
  async (host) => {
    const { appId, declare } = await openShop();
    await placePlugin(world);
    // The program counts its syncs for either host.
    world.environment["PULUMI_SECRET_SYNC_HOST"] = host;
    await declare(6);
    const first = await measure(appId, () => world.up("--parallel", "1"));
    expect([first.ended, first.writes]).toEqual([["ACTIVE"], 6]);
    await declare(6, "second");
    const target = `urn:pulumi:test::world::${typeToken("SecretSync", host)}::KEY_3`;
    const one = await measure(appId, () => world.up("--target", target));
    expect([one.ended, one.writes]).toEqual([["ACTIVE"], 1]);
    expect(valuesAt(world, appId)["KEY_3"]).toBe("second-3");
  },
);

test("syncs of many apps that a program declares in turns are written app by app", async () => {
  world = await openWorld({ program: "inline", deployment: { phaseMs } });
  const ids = Array.from(
    { length: 10 },
    (_, at) => world.cloud.createApp({ name: `app-${at}`, services: [{ name: "web" }] }).id,
  );
  await world.program(`
    const ids = ${JSON.stringify(ids)};
    for (let at = 0; at < 50; at += 1)
      new SecretSync("s" + at, {
        source: { type: "inline", values: { ["KEY_" + at]: "value-" + at } },
        destination: { type: "digital-ocean-app-platform", appId: ids[at % ids.length] },
      });
  `);
  const ended = (appId: string) => world.cloud.deployments(appId).filter(({ phase }) => phase !== "CANCELED");
  const before = ids.map((id) => ended(id).length);
  await world.up("--parallel", "8");
  // In the order of the program, or in the engine's own, hardly two of them meet: 43 to 50 writes.
  expect(world.cloud.counts()["PUT /v2/apps/{id}"]).toBeLessThanOrEqual(30);
  // Where every step waits, a deployment that nobody waits for may end before the rest of its app comes.
  const each = ids.map((id, at) => ended(id).length - (before[at] ?? 0));
  expect(Math.min(...each)).toBe(1);
  expect(each.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(ids.length + 3);
  for (const id of ids) expect(world.cloud.deployments(id).at(-1)?.phase).toBe("ACTIVE");
  for (const id of ids) expect(Object.keys(valuesAt(world, id))).toHaveLength(5);
});

test("syncs that depend on each other wait one by one, and for nobody who cannot come", async () => {
  const { appId, declare } = await openShop();
  const values = await declare(3, "first", "{ dependsOn: syncs.slice(-1) }");
  const run = await measure(appId, () => world.up("--parallel", "8"));
  expect(run.ended.at(-1)).toBe("ACTIVE");
  expect(valuesAt(world, appId)).toEqual(values);
  expect(await statuses()).toEqual({ succeeded: 3 });
});

test("a run that is killed between two writes leaves what the next one finishes", async () => {
  const { appId, declare } = await openShop();
  await declare(16);
  await world.up("--parallel", "4");
  const values = await declare(16, "second");
  let isKilled = false;
  const running = startCli(world, ["up", "--yes", "--skip-preview", "--parallel", "4"]);
  world.cloud.onAnswer({ method: "PUT", path: /^\/v2\/apps\/[^/]+$/, nth: 2 }, () => {
    isKilled = process.kill(running.pid, "SIGKILL");
  });
  await running.done;
  expect(isKilled).toBe(true);
  await world.pulumi("cancel", "--yes");
  world.cloud.settle(appId);
  const next = await measure(appId, () => world.up("--parallel", "4"));
  expect(next.ended).toEqual(["ACTIVE"]);
  expect(valuesAt(world, appId)).toEqual(values);
});
