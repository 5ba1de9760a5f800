// What holds syncs back outlives the runner: a new one goes on counting where the last one ended, whatever its own clock says.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type HoldFile, openHoldFile } from "../../../provider/commands/watch/hold-file.js";
import { type PlayedStack, playStack, sync } from "./played-stack.js";

let folder: string;
let wall: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hold-file-"));
  wall = Date.parse("2026-01-01T00:00:00Z");
});
afterEach(() => rm(folder, { recursive: true }));

/** A runner that has just been started: its own clock begins at nothing. */
function start(syncs: Parameters<typeof playStack>[0], place = folder): { stack: PlayedStack; holds: HoldFile } {
  const clock = { now: () => stack.now, wall: () => wall };
  const holds = openHoldFile({ folder: place, key: "file:///state shop prod", clock });
  const stack: PlayedStack = playStack(syncs, { holds });
  return { stack, holds };
}

const repeated = "2 to change: plan for shop\n  ~ app/A: stored, but not in the running deployment\n";
const failing = () => sync({ wanted: ["A", "B"], failure: "deployment.failed: it failed", plan: repeated });
const drift =
  "drift: 1 key of shop changed outside this program\n  ~ app/A: value changed at the destination (SECRET)\n";

test("values whose deployments have failed are held by the next runner, too, until a person releases them", async () => {
  const web = failing();
  for (let runner = 1; runner <= 3; runner += 1) expect((await start({ web }).stack.run()).result).toBe("failed");
  const { stack, holds } = start({ web });
  expect(await stack.run()).toMatchObject({ result: "held", holds: [{ sync: "web", kind: "person" }] });
  await holds.forget();
  expect((await start({ web }).stack.run()).result).toBe("failed");
});

test("repairs within an hour are counted over a restart by the time of day", async () => {
  const web = sync({ plan: drift });
  for (let runner = 1; runner <= 3; runner += 1) {
    expect((await start({ web }).stack.run()).result).toBe("synced");
    wall += 10 * 60_000;
  }
  expect(await start({ web }).stack.run()).toMatchObject({ problems: [{ code: "drift.contested" }] });
  wall += 31 * 60_000;
  expect((await start({ web }).stack.run()).result).toBe("synced");
});

test("a clock that was set back makes no repair younger than now", async () => {
  const web = sync({ plan: drift });
  for (let runner = 1; runner <= 3; runner += 1) await start({ web }).stack.run();
  wall -= 86_400_000;
  const { stack } = start({ web });
  const held = await stack.run();
  expect(held.holds).toMatchObject([{ kind: "person", until: 60 * 60_000 }]);
});

test("the file holds names, counts and times, and can be read by its owner only", async () => {
  await start({ web: failing() }).stack.run();
  const [name = ""] = await readdir(folder);
  expect(name).toMatch(/^[0-9a-f]{32}\.holds\.json$/);
  const [[urn, kept]] = Object.entries(JSON.parse(await readFile(join(folder, name), "utf8")) as object) as [
    [string, object],
  ];
  expect(urn).toMatch(/::web$/);
  expect(kept).toEqual({ badDeployments: 1, program: expect.stringMatching(/^[\w-]{43}$/) as string, repairs: {} });
});

test.for(["", "{", "[]", '{"urn":{"badDeployments":"many"}}'])(
  "a file that says %j is as good as none",
  async (text) => {
    await start({ web: failing() }).stack.run();
    const [name = ""] = await readdir(folder);
    await writeFile(join(folder, name), text);
    const { holds } = start({ web: failing() });
    expect((await holds.read()).size).toBe(0);
  },
);

test("a folder that cannot be written stops nobody", async () => {
  await writeFile(join(folder, "file"), "");
  const { stack } = start({ web: failing() }, join(folder, "file"));
  for (let run = 1; run <= 3; run += 1) expect((await stack.run()).result).toBe("failed");
  expect((await stack.run()).result).toBe("held");
});
