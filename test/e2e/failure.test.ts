// Deployments that fail and providers that are killed. State tells the truth, and the next up heals.

import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callsOf, exportState, messagesOf, previewJson, valuesAt } from "./evidence.js";
import { openWorld, startCli, type World } from "./harness.js";

let world: World;
let appId: string;

beforeAll(async () => {
  world = await openWorld({ program: "inline", provider: "process" });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
});
afterAll(() => world.close());

async function declare(values: Record<string, string>): Promise<void> {
  await world.write("secrets.json", JSON.stringify(values));
  await world.program(`
    new SecretSync("web", {
      source: { type: "file", path: "secrets.json" },
      destination: { type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)} },
    });
  `);
}

const running = () => world.cloud.running(appId)["web"] ?? {};

test("a failed deployment fails the run with its reason, is kept in state, and is healed by the next up", async () => {
  const value = world.secret("first");
  await declare({ A: value });
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
  expect(kept?.outputs).toMatchObject({ syncStatus: "written-not-live", managedKeys: ["A"] });
  expect(kept?.initErrors?.join()).toMatch(/deployment\.failed/);

  world.cloud.settle(appId);
  const preview = await previewJson(world);
  expect(preview.steps.map(({ op }) => op)).toEqual(["update"]);
  expect(messagesOf(preview, "web")).toMatch(/app\/A: stored, but not in the running deployment/);
  const calls = await callsOf(world, () => world.up());
  expect(calls["PUT /v2/apps/{id}"]).toBe(1);
  expect(running()["A"]?.value).toBe(value);
  const [healed] = await exportState(world);
  expect(healed?.outputs).toMatchObject({ syncStatus: "succeeded" });
  expect(healed?.initErrors ?? []).toEqual([]);
});

/** The provider process among the descendants of the CLI that this test started. */
function findProvider(cli: number): number | undefined {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n");
  const processes = lines.map((line) => {
    const [, pid, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), command };
  });
  const family = new Set([cli]);
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  return processes.find(({ pid, command }) => family.has(pid) && /node.*dynamic-provider/.test(command))?.pid;
}

test("a provider that is killed during a deployment leaves nothing that the next up cannot repair", async () => {
  const values = { A: world.secret("second"), B: world.secret("b") };
  await declare(values);
  world.cloud.holdDeployments();
  world.cloud.resetCounts();
  const cli = startCli(world, ["up", "--yes", "--skip-preview"]);
  while (world.cloud.counts()["GET /v2/apps/{app_id}/deployments/{deployment_id}"] === undefined) await sleep(50);
  const provider = findProvider(cli.pid);
  expect(provider).toBeDefined();
  process.kill(provider ?? -1, "SIGKILL");
  const run = await cli.done;
  expect(run.code).not.toBe(0);
  world.cloud.release();
  world.cloud.settle(appId);

  // B was written by a run that could not tell state: it looks like somebody else's, and the message says the way out.
  const preview = await world.pulumi("preview");
  expect(preview.text).toMatch(/conflict\.exists: app\/B .*adoptExisting/);
  await world.program(`
    new SecretSync("web", {
      source: { type: "file", path: "secrets.json" },
      destination: { type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)} },
      syncOptions: { adoptExisting: ["B"] },
    });
  `);
  await world.up();
  expect(valuesAt(world, appId)).toEqual(values);
  expect(running()["A"]?.value).toBe(values.A);
  expect((await exportState(world))[0]?.outputs).toMatchObject({ syncStatus: "succeeded", managedKeys: ["A", "B"] });
});
