// The unattended runner on a machine whose clock is set, and whom it tells of what it finds meanwhile.

import { readFile, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World } from "./harness.js";
import { freePort, startWatch, type Watching } from "./watching.js";
import { writeExecutable } from "../executable.js";

let world: World;
let runner: Watching;
let port: number;

/** Loaded before the runner: its clock is off by what stands in a file. No timer of Node goes by that clock. */
const shifted = `
const { readFileSync } = require("node:fs");
const offset = () => Number(readFileSync(__dirname + "/offset", "utf8"));
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) { if (given.length > 0) super(...given); else super(RealDate.now() + offset()); }
  static now() { return RealDate.now() + offset(); }
};`;

const setClock = (days: number) => writeFile(join(world.directory, "offset"), `${days * 86_400_000}`);
const told = async () => {
  const text = await readFile(join(world.directory, "told"), "utf8").catch(() => "");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { event: string; syncs: string[] });
};

/** Seconds of the processor; 0 where the system does not tell. */
function usedSeconds(): number {
  if (process.platform !== "linux") return 0;
  const fields = readFileSync(`/proc/${runner.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  const { id } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  await world.program(`
    new SecretSync("web", {
      source: { type: "file", path: "web.env" },
      destination: { type: "digital-ocean-app-platform", appId: "${id}" },
    });`);
  await world.write("web.env", `A=${world.secret("a")}\n`);
  await world.up();
  await setClock(0);
  await world.write("shifted.cjs", shifted);
  const tell = join(world.directory, "tell");
  writeExecutable(tell, `#!/bin/sh\ncat >> ${JSON.stringify(join(world.directory, "told"))}\n`);
  port = await freePort();
  const options = world.environment["NODE_OPTIONS"] ?? "";
  world.environment["NODE_OPTIONS"] = `${options} --require ${join(world.directory, "shifted.cjs")}`;
  runner = startWatch(world, ["--interval", "10s", "--health-port", `${port}`, "--notify", tell]);
  world.environment["NODE_OPTIONS"] = options;
  await runner.until("unchanged");
});
afterAll(async () => {
  await runner.end();
  await world.close();
});

test.each([-40, 40])("a clock that is set to be %d days off moves no run, and spins nothing", async (days) => {
  const [lines, used, began] = [runner.lines(), usedSeconds(), performance.now()];
  await setClock(days);
  for (let runs = 0; runs < 2; runs += 1) expect(await runner.next()).toMatchObject({ result: "unchanged" });
  const took = (performance.now() - began) / 1000;
  // An interval of nine seconds at least.
  expect(took).toBeGreaterThan(9);
  expect(runner.lines() - lines).toBeLessThan(took / 9 + 2);
  expect(usedSeconds() - used).toBeLessThan(took / 20);
  expect(runner.stderr()).toBe("");
  for (const place of ["live", "ready"]) expect((await fetch(`http://127.0.0.1:${port}/${place}`)).status).toBe(200);
});

test("what begins to fail is told once, by the program that --notify names, and so is its end", async () => {
  await world.write("web.env", "no dotenv\n");
  expect(await runner.until("failed")).toMatchObject({ code: "source.unparsable" });
  expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(503);
  await world.write("web.env", `A=${world.secret("b")}\n`);
  expect(await runner.until("synced", "failed")).toMatchObject({ changes: [{ sync: "web" }] });
  expect(await runner.end()).toBe(0);
  const notices = await told();
  expect(notices).toMatchObject([
    { event: "failing", syncs: ["web"], problems: [{ code: "source.unparsable" }] },
    { event: "recovered", syncs: ["web"], problems: [] },
  ]);
  for (const canary of world.canaries) expect(JSON.stringify(notices)).not.toContain(canary);
});
