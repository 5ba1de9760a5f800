// The unattended runner as a process: how it ends, who may run beside it, and what it listens to.

import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { parseExposition } from "../commands/watch/exposition.js";
import { canNotify, startSystemd } from "../commands/watch/systemd.js";
import { type InfisicalEmulator, startInfisical } from "../emulators/infisical/index.js";
import { valuesAt } from "./evidence.js";
import { openWorld, startCli, type World } from "./harness.js";
import { eventually, freePort, startWatch, type Watching } from "./watching.js";

let world: World;
let store: InfisicalEmulator;
let appId: string;
let runners: Watching[];

const writes = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;

function watch(...args: string[]): Watching {
  const runner = startWatch(world, args);
  runners.push(runner);
  return runner;
}

/** A value at the vault that no run has seen. */
function change(name: string): string {
  const value = world.secret(name);
  store.instance.projects.set("p", { prod: { "/web": { secrets: { A: value } } } });
  return value;
}

beforeAll(async () => {
  world = await openWorld({ provider: "inline" });
  store = await startInfisical();
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  const clientSecret = world.secret("client");
  store.instance.identities.push({ clientId: "id", clientSecret, access: () => "read" });
  Object.assign(world.environment, {
    INFISICAL_API_URL: store.origin,
    INFISICAL_UNIVERSAL_AUTH_CLIENT_ID: "id",
    INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET: clientSecret,
    INFISICAL_WEBHOOK_SECRET: world.secret("webhook"),
  });
  await world.program(`
    require("node:fs").writeFileSync("inherited.txt", Object.keys(process.env).sort().join(" "));
    new SecretSync("web", {
      source: { type: "infisical", projectId: "p", environment: "prod", secretPath: "/web" },
      destination: { type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)} },
    });
  `);
  change("first");
  await world.up();
});
beforeEach(() => {
  runners = [];
});
afterEach(async () => {
  world.cloud.release();
  for (const runner of runners) await runner.end();
});
afterAll(async () => {
  await store.close();
  await world.close();
});

/** Starts a runner whose first run stands in the middle of its deployment. */
async function watchUntilDeploying(...args: string[]): Promise<{ runner: Watching; value: string }> {
  const value = change("under-way");
  const before = writes();
  world.cloud.holdDeployments();
  const runner = watch(...args);
  await eventually(() => writes() > before, "the write");
  return { runner, value };
}

test("a signal to the runner in the middle of a run lets the run finish and ends with 0", async () => {
  const { runner, value } = await watchUntilDeploying();
  process.kill(runner.pid, "SIGTERM");
  await runner.says("stops after the run of world/test under way");
  process.kill(runner.pid, "SIGTERM");
  await runner.says("still waits for the run of world/test under way");
  world.cloud.release();
  expect(await runner.next()).toMatchObject({ result: "synced", changes: [{ sync: "web", did: "1 changed" }] });
  expect(await runner.ended).toBe(0);
  expect(valuesAt(world, appId)).toEqual({ A: value });
  expect((await world.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")).code).toBe(0);
});

test("Ctrl-C, which a terminal sends to the whole group, twice, does not cancel the update either", async () => {
  const { runner } = await watchUntilDeploying();
  runner.interrupt();
  await runner.says("stops after");
  runner.interrupt();
  await runner.says("still waits");
  world.cloud.release();
  expect(await runner.next()).toMatchObject({ result: "synced" });
  expect(await runner.ended).toBe(0);
});

test("an update is finished although the runner was killed in the middle of it", async () => {
  const { runner, value } = await watchUntilDeploying();
  await runner.end("SIGKILL");
  const lastUpdate = async () => (await world.pulumi("stack", "history", "--json", "--page-size", "1")).stdout;
  const before = await lastUpdate();
  world.cloud.release();
  const isDone = async () => (await lastUpdate()) !== before;
  for (let looks = 0; looks < 30 && !(await isDone()); looks += 1);
  expect((await world.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")).code).toBe(0);
  expect(valuesAt(world, appId)).toEqual({ A: value });
});

test("an update is finished although nobody reads the runner's lines any more", async () => {
  const { runner, value } = await watchUntilDeploying("--once");
  runner.hangUp();
  world.cloud.release();
  expect(await runner.ended).toBe(0);
  expect(valuesAt(world, appId)).toEqual({ A: value });
  expect((await world.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")).code).toBe(0);
});

test("a second runner of the stack ends with 4; a dead runner's lock is taken over", async () => {
  const first = watch();
  expect(await first.next()).toMatchObject({ result: "unchanged" });
  const second = watch("--once");
  expect(await second.ended).toBe(4);
  expect(second.stderr()).toMatch(
    new RegExp(`^error: watch.held: process ${first.pid} on this machine already watches world/test`),
  );
  await first.end("SIGKILL");
  const third = watch("--once");
  expect(await third.next()).toMatchObject({ result: "unchanged" });
  expect(await third.ended).toBe(0);
});

test("a stack that somebody else is updating is told as locked, left alone, and tried again", async () => {
  const value = change("by-hand");
  const before = writes();
  world.cloud.holdDeployments();
  const person = startCli(world, ["up", "--yes", "--skip-preview"]);
  await eventually(() => writes() > before, "the write");
  const runner = watch();
  const line = await runner.next();
  expect(line).toMatchObject({ result: "locked", code: "stack.locked" });
  world.cloud.release();
  expect((await person.done).code).toBe(0);
  const again = await runner.next();
  expect(again.cause).toEqual(["retry"]);
  expect(again.result).toBe("unchanged");
  expect(valuesAt(world, appId)).toEqual({ A: value });
});

// Skipped where there is no systemd-notify to send, or no Python to listen.
test.skipIf(!canNotify())("systemd hears that it is up, goes on and ends, and nothing while it hangs", async () => {
  const systemd = await startSystemd(join(world.directory, "notify"));
  const watched = { NOTIFY_SOCKET: systemd.socket, WATCHDOG_USEC: "1500000" };
  Object.assign(world.environment, watched);
  const heard = (message: string) => systemd.messages().filter((one) => one === message).length;
  try {
    const { runner, value } = await watchUntilDeploying();
    expect(systemd.messages()[0]).toBe("READY=1");
    process.kill(runner.pid, "SIGSTOP");
    await pause(1000);
    const before = heard("WATCHDOG=1");
    await pause(2500);
    expect(heard("WATCHDOG=1")).toBe(before);
    process.kill(runner.pid, "SIGCONT");
    await eventually(() => heard("WATCHDOG=1") > before, "a sign of life");
    process.kill(runner.pid, "SIGTERM");
    await eventually(() => heard("STOPPING=1") === 1, "the end");
    const stopping = heard("WATCHDOG=1");
    await eventually(() => heard("WATCHDOG=1") > stopping, "a sign of life while an update is waited for");
    world.cloud.release();
    expect(await runner.next()).toMatchObject({ result: "synced" });
    expect(await runner.ended).toBe(0);
    expect(heard("STOPPING=1")).toBe(1);
    expect(valuesAt(world, appId)).toEqual({ A: value });
    const inherited = await readFile(join(world.directory, "inherited.txt"), "utf8");
    expect(inherited.split(" ").filter((name) => name in watched)).toEqual([]);
  } finally {
    for (const name of Object.keys(watched)) Reflect.deleteProperty(world.environment, name);
    await systemd.close();
  }
});

test("a webhook starts a run where a source reads what has changed, and the health check tells of it", async () => {
  const [hookPort, healthPort] = [await freePort(), await freePort()];
  const runner = watch("--webhook-port", `${hookPort}`, "--health-port", `${healthPort}`);
  const health = () => fetch(`http://127.0.0.1:${healthPort}/health`);
  expect(await runner.next()).toMatchObject({ result: "unchanged" });

  const ring = async (event: string, project: object, secret = world.environment["INFISICAL_WEBHOOK_SECRET"]) => {
    const body = JSON.stringify({ event, project, timestamp: Date.now() });
    const digest = createHmac("sha256", secret ?? "")
      .update(body)
      .digest("hex");
    const { timestamp } = JSON.parse(body) as { timestamp: number };
    const answer = await fetch(`http://127.0.0.1:${hookPort}/webhooks/infisical`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-infisical-signature": `t=${timestamp};${digest}` },
      body,
    });
    return [answer.status, await answer.text()];
  };
  const project = { projectId: "p", workspaceId: "p", environment: "prod", secretPath: "/web" };
  expect(await ring("test", project)).toEqual([200, ""]);
  expect(await ring("secrets.modified", { ...project, secretPath: "/other" })).toEqual([200, ""]);
  expect(await ring("secrets.modified", project, "guessed")).toEqual([401, ""]);
  await pause(4000);
  const idle = (await (await health()).json()) as { stacks: unknown[] };
  expect(idle.stacks).toMatchObject([{ stack: "world/test", running: false, result: "unchanged" }]);

  const value = change("rung");
  expect(await ring("secrets.modified", project)).toEqual([200, ""]);
  expect(await runner.next()).toMatchObject({ cause: ["webhook"], result: "synced" });
  expect(valuesAt(world, appId)).toEqual({ A: value });
  const inherited = await readFile(join(world.directory, "inherited.txt"), "utf8");
  expect(inherited).toMatch(/INFISICAL_API_URL (?!.*INFISICAL_WEBHOOK_SECRET)/);

  const metrics = await fetch(`http://127.0.0.1:${healthPort}/metrics`);
  expect(metrics.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const families = parseExposition(await metrics.text());
  const vendors = (name: string) => families.get(name)?.samples.map((one) => [one.labels, one.value > 0]);
  const known = ["DigitalOcean", "Infisical"].map((vendor) => [{ stack: "world/test", vendor }, true]);
  expect(vendors("secret_sync_vendor_calls_total")).toEqual(expect.arrayContaining(known));
  expect(vendors("secret_sync_rate_limit_remaining")).toContainEqual(known[0]);

  store.instance.projects.delete("p");
  expect(await ring("secrets.modified", project)).toEqual([200, ""]);
  expect(await runner.next()).toMatchObject({ result: "failed", code: "source.not_found" });
  const answer = await health();
  expect([answer.status, await answer.json()]).toMatchObject([503, { stacks: [{ fine: false, result: "failed" }] }]);
});

function pause(ms: number): Promise<void> {
  return new Promise((over) => setTimeout(over, ms));
}
