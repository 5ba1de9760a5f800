// The unattended runner among faults, with the real CLI: what fails is told with its cure, and keeps nothing else from being done.

import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { editConsole, valuesAt } from "./evidence.js";
import { openWorld, startCli, type World } from "./harness.js";
import { eventually, startWatch, type Watching } from "./watching.js";

let world: World;
let path: string;
let appIds: Record<"a" | "b", string>;
let runners: Watching[];

function watch(...args: string[]): Watching {
  const runner = startWatch(world, args);
  runners.push(runner);
  return runner;
}

const declare = (more = "") =>
  world.program(
    Object.entries(appIds)
      .map(
        ([name, appId]) => `
    new SecretSync("${name}", {
      source: { type: "file", path: "${name}.env" },
      destination: { type: "digital-ocean-app-platform", appId: "${appId}", deployment: { timeoutSeconds: 60 } },
    });`,
      )
      .join("") + more,
  );

/** Two keys in each file, with values that no run has seen. */
async function writeAll(): Promise<void> {
  for (const name of ["a", "b"])
    await world.write(`${name}.env`, `K1=${world.secret("k1")}\nK2=${world.secret("k2")}\n`);
}

/** Where the program itself is what fails, a process runs it: the first `pulumi` on PATH is the one that runs it inline. */
const useProcess = () => (world.environment["PATH"] = path.slice(path.indexOf(delimiter) + 1));

const writes = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;
const keysAt = (name: "a" | "b") => Object.keys(valuesAt(world, appIds[name])).sort();
const resultsOf = (line: { syncs: ReadonlyArray<{ sync: string; result: string }> }) =>
  Object.fromEntries(line.syncs.map(({ sync, result }) => [sync, result]));

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  const create = (name: string) => world.cloud.createApp({ name, services: [{ name: "web" }] }).id;
  appIds = { a: create("app-a"), b: create("app-b") };
  path = world.environment["PATH"] ?? "";
});
beforeEach(async () => {
  world.environment["PATH"] = path;
  runners = [];
  await declare();
  await writeAll();
  await world.up();
});
afterEach(async () => {
  world.cloud.release();
  for (const runner of runners) await runner.end();
});
afterAll(() => world.close());

test("one sync with a bad file keeps no other from being rotated and repaired, and backs off alone", async () => {
  await world.write("a.env", "no dotenv\n");
  await world.write("b.env", `K1=${world.secret("new")}\nK2=${world.secret("new2")}\n`);
  const runner = watch("--interval", "10s");
  const first = await runner.next();
  expect(first).toMatchObject({ result: "failed", changes: [{ sync: "b", did: "2 changed" }], attempt: 1 });
  expect(resultsOf(first)).toEqual({ a: "failed", b: "synced" });
  expect(first.problems).toMatchObject([{ code: "source.unparsable", sync: "a", retryable: false }]);
  editConsole(world, appIds.b, (spec) => (spec.envs = (spec.envs ?? []).slice(1)));
  let line = await runner.next();
  while (line.changes.length === 0) line = await runner.next();
  expect(line.changes).toMatchObject([{ sync: "b", did: expect.stringContaining("1 added") as string }]);
  expect(keysAt("b")).toEqual(["K1", "K2"]);
});

test("a stack that was never updated is brought up without the sync that cannot be", async () => {
  await world.openStack("fresh");
  const id = world.cloud.createApp({ name: "fresh", services: [{ name: "web" }] }).id;
  const declareOne = (name: string, file: string) => `new SecretSync("${name}", {
    source: { type: "file", path: "${file}" }, destination: { type: "digital-ocean-app-platform", appId: "${id}" },
  });`;
  await world.program(declareOne("good", "b.env") + declareOne("bad", "missing.env"));
  const runner = watch("--once", ".#fresh");
  const line = await runner.next();
  expect(resultsOf(line)).toEqual({ good: "synced", bad: "failed" });
  expect(line).toMatchObject({
    result: "failed",
    code: "source.unreadable",
    changes: [{ sync: "good", did: "2 added" }],
  });
  expect(await runner.ended).toBe(1);
  await world.pulumi("destroy", "--yes", "--stack", "fresh");
  await world.pulumi("stack", "select", "test");
});

test("an app that was deleted keeps no other sync from being written", async () => {
  const gone = world.cloud.createApp({ name: "gone", services: [{ name: "web" }] }).id;
  const more = `new SecretSync("c", { source: { type: "file", path: "a.env" }, destination: { type: "digital-ocean-app-platform", appId: "${gone}" } });`;
  await declare(more);
  await world.up();
  await fetch(`${world.cloud.url}/v2/apps/${gone}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${world.cloud.token}` },
  });
  await writeAll();
  const runner = watch("--once");
  const line = await runner.next();
  expect(resultsOf(line)).toMatchObject({ a: "synced", b: "synced" });
  expect(await runner.ended).toBe(line.result === "failed" ? 1 : 3);
  await declare();
  await world.pulumi(
    "state",
    "delete",
    "--yes",
    `urn:pulumi:test::world::pulumi-nodejs:dynamic/secret-sync:SecretSync::c`,
  );
});

test("a file that is cut off in the middle loses no key; a key that really left is removed after a second look", async () => {
  const runner = watch("--interval", "10m");
  await runner.next();
  const [one, two] = [world.secret("one"), world.secret("two")];
  await world.write("a.env", `K1=${one}\n`);
  await new Promise((later) => setTimeout(later, 10_000));
  await world.write("a.env", `K1=${one}\nK2=${two}\n`);
  let line = await runner.next();
  while (line.changes.length === 0) line = await runner.next();
  expect(line.changes).toMatchObject([{ sync: "a", did: "2 changed" }]);
  expect(valuesAt(world, appIds.a)).toEqual({ K1: one, K2: two });
  await world.write("a.env", `K1=${one}\n`);
  line = await runner.next();
  while (line.changes.length === 0) line = await runner.next();
  expect(line.durationMs).toBeGreaterThan(10_000);
  expect(keysAt("a")).toEqual(["K1"]);
});

describe("a lock", () => {
  const locks = () => join(world.directory, ".pulumi", "locks", "organization", "world", "test");

  test.each(["killed CLI", "full disk"])(
    "that a %s has left is told with its cure, and no update is tried in vain",
    async (by) => {
      await writeAll();
      const before = writes();
      world.cloud.holdDeployments();
      const person = startCli(world, ["up", "--yes", "--skip-preview"]);
      await eventually(() => writes() > before, "the write");
      process.kill(person.pid, "SIGKILL");
      await person.done;
      world.cloud.release();
      const [file = ""] = await readdir(locks());
      if (by === "full disk") await writeFile(join(locks(), file), "");
      await writeAll();
      const runner = watch();
      const line = await runner.next();
      expect(line).toMatchObject({ result: "locked", code: "stack.lock_stale", severity: "error" });
      expect(line.problems?.[0]?.message).toMatch(/then run pulumi cancel$/);
      if (by === "killed CLI") expect(line.problems?.[0]?.message).toContain(`(process ${person.pid})`);
      await world.pulumi("cancel", "--yes");
      expect((await runner.next()).result).toBe("synced");
    },
  );
});

test("values whose deployment fails three times are not deployed a fourth time, until the source changes", async () => {
  await world.write("a.env", `K1=${world.secret("bad")}\nK2=${world.secret("bad2")}\n`);
  world.cloud.failNextDeployment(appIds.a, { step: "deploy" });
  const runner = watch("--interval", "10s");
  // A signal spares the test the wait that follows a failure.
  const runNow = () => process.kill(runner.pid, "SIGUSR1");
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    let line = await runner.next();
    while (!line.problems?.some(({ code }) => code.startsWith("deployment."))) line = await runner.next();
    world.cloud.failNextDeployment(appIds.a, { step: "deploy" });
    runNow();
  }
  const before = world.cloud.deployments(appIds.a).length;
  let line = await runner.next();
  while (line.result !== "held") line = await runner.next();
  expect(line.holds).toMatchObject([{ sync: "a", kind: "person" }]);
  expect((await runner.next()).result).toBe("held");
  expect(world.cloud.deployments(appIds.a)).toHaveLength(before);
  await world.write("a.env", `K1=${world.secret("good")}\nK2=${world.secret("good2")}\n`);
  while (!line.problems?.some(({ code }) => code.startsWith("deployment."))) line = await runner.next();
  runNow();
  expect((await runner.until("synced", "failed")).result).toBe("synced");
});

describe("a program", () => {
  beforeEach(useProcess);

  test("that hangs is stopped when its time is over, and holds up no signal", async () => {
    await world.program("setInterval(() => undefined, 1000); new Promise(() => undefined);");
    const runner = watch("--timeout", "10s");
    expect(await runner.next()).toMatchObject({ result: "failed", code: "watch.timeout" });
    const second = watch("--once", "--timeout", "10m", ".#test");
    expect(await second.ended).toBe(4);
    await eventually(() => runner.stderr().includes("watch.timeout"), "the line");
    const began = Date.now();
    expect(await runner.end()).toBe(0);
    expect(Date.now() - began).toBeLessThan(15_000);
  });

  test.each([
    ["throws", 'throw new Error("out of order");', "program.failed", "Error: out of order"],
    ["lacks a package", 'require("not-installed");', "package.missing", "Cannot find module 'not-installed'"],
  ])("that %s is told in its own first line, with a code", async (...[, text, code, said]) => {
    await world.program(text);
    const runner = watch("--once");
    const line = await runner.next();
    expect(line).toMatchObject({ result: "failed", code });
    expect(line.problems?.[0]?.message).toContain(said);
    expect(await runner.ended).toBe(1);
  });
});

test("packages that are being installed are told as missing, and the runner goes on by itself when they are there", async () => {
  useProcess();
  const modules = join(world.directory, "node_modules");
  await rename(modules, `${modules}.away`);
  await mkdir(modules);
  const runner = watch();
  const line = await runner.next();
  expect(line).toMatchObject({ result: "failed", code: "package.missing" });
  expect(line.problems?.[0]?.message).toContain("the Pulumi SDK has not been installed");
  await rm(modules, { recursive: true });
  await rename(`${modules}.away`, modules);
  expect(await runner.until("unchanged", "failed")).toMatchObject({ cause: ["retry"] });
});

test("a folder that is missing, or holds no program, ends no other stack", async () => {
  const runner = watch("--once", "./nowhere#test", ".#test");
  expect(await runner.next()).toMatchObject({ stack: "./nowhere#test", result: "failed", code: "program.missing" });
  expect(await runner.next()).toMatchObject({ stack: "world/test", result: "unchanged" });
  expect(await runner.ended).toBe(1);
});

test("a CLI that is absent, and a TMPDIR that is missing, are told by their codes", async () => {
  world.environment["PATH"] = "/nowhere";
  const absent = watch("--once");
  expect(await absent.ended).toBe(1);
  expect(absent.stderr()).toMatch(/^error: cli\.missing: /);
  world.environment["PATH"] = path;
  world.environment["TMPDIR"] = join(world.directory, "no-tmp");
  const homeless = watch("--once");
  expect(await homeless.ended).toBe(1);
  expect(homeless.stderr()).toMatch(/^error: watch\.temporary: /);
  delete world.environment["TMPDIR"];
});

describe("a signal", () => {
  test("of the user makes it run now, a hangup reads the project again, and a dry run writes nothing", async () => {
    const before = writes();
    const runner = watch("--dry-run");
    expect((await runner.next()).result).toBe("unchanged");
    process.kill(runner.pid, "SIGUSR1");
    expect(await runner.next()).toMatchObject({ cause: ["signal"], result: "unchanged" });
    await writeAll();
    // On a busy machine a look may come between the two files.
    let line = await runner.next();
    while (line.message !== "would write a, b") line = await runner.next();
    expect(line).toMatchObject({ cause: ["file"], result: "planned" });
    process.kill(runner.pid, "SIGHUP");
    while (!line.cause.includes("signal")) line = await runner.next();
    expect(line.message).toBe("would write a, b");
    expect(writes()).toBe(before);
    expect(await runner.end()).toBe(0);
  });

  test("that comes before the runner is up ends it with 0", async () => {
    const runner = watch();
    await new Promise((later) => setTimeout(later, 700));
    expect(await runner.end()).toBe(0);
    expect(runner.stderr()).toBe("");
  });
});

test("a folder of sources that is removed and made again is followed", async () => {
  await mkdir(join(world.directory, "in"), { recursive: true });
  await world.write("in/a.env", `K1=${world.secret("in")}\nK2=${world.secret("in2")}\n`);
  await world.program(`
    new SecretSync("a", {
      source: { type: "file", path: "in/a.env" },
      destination: { type: "digital-ocean-app-platform", appId: "${appIds.a}" },
    });`);
  await world.up();
  const runner = watch("--interval", "1h");
  await runner.next();
  await rm(join(world.directory, "in"), { recursive: true });
  await mkdir(join(world.directory, "in"));
  const [one, two] = [world.secret("again"), world.secret("again2")];
  await world.write("in/a.env", `K1=${one}\nK2=${two}\n`);
  let line = await runner.next();
  while (line.changes.length === 0) line = await runner.next();
  expect(line.cause).toContain("file");
  expect(valuesAt(world, appIds.a)).toEqual({ K1: one, K2: two });
});
