// The unattended runner over the life of two stacks, with the real CLI: what makes it write, and what it leaves alone.

import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { editConsole, valuesAt } from "./evidence.js";
import { openWorld, type World } from "./harness.js";
import { startWatch, type Watching } from "./watching.js";

let world: World;
let appId: string;
const writes = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;

/** As an editor saves: a new file takes the place of the old one. */
async function save(file: string, text: string): Promise<void> {
  await world.write(`${file}.new`, text);
  await rename(join(world.directory, `${file}.new`), join(world.directory, file));
}

const manual = (options: string) => `
  new SecretSync("manual", {
    source: { type: "file", path: "manual.env" },
    destination: { type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)} },
    syncOptions: { ${options} },
  });`;

const automatic = (more = "") => `
  const ocean = new Connection("ocean", {
    app: "digital-ocean", method: "api-token", name: process.env.OCEAN_NAME || "ocean",
    credentials: { apiToken: pulumi.secret(process.env.DIGITALOCEAN_TOKEN) }, baseUrl: process.env.DIGITALOCEAN_API_URL,
  });
  new SecretSync("web", {
    source: { type: "file", path: "secrets.env" },
    destination: { type: "digital-ocean-app-platform", connection: ocean, appId: ${JSON.stringify(appId)} },
  });${more}`;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  await world.write("secrets.env", `A=${world.secret("a")}\n`);
  await world.write("manual.env", `M=${world.secret("m")}\n`);
});
afterAll(() => world.close());

describe("a stack that was never updated", () => {
  test("is left to a person when a sync stands on something that has to be made first", async () => {
    await world.program(automatic());
    const runner = startWatch(world, ["--once"]);
    const line = await runner.next();
    expect(line).toMatchObject({ result: "waiting", changes: [] });
    expect(line.waiting).toEqual(["web needs ocean (Connection) changed first: run pulumi up yourself"]);
    expect(await runner.ended).toBe(3);
  });

  test("is left to a person when a first run would overwrite the destination", async () => {
    await world.program(manual('initialSyncBehavior: "overwrite-destination"'));
    const runner = startWatch(world, ["--once"]);
    expect((await runner.next()).waiting?.[0]).toMatch(/^the first run of manual would overwrite its destination/);
    expect(await runner.ended).toBe(3);
    expect(writes()).toBe(0);
  });

  test("is brought up once when it holds nothing but syncs", async () => {
    await world.openStack("other");
    await world.program(manual("onDestroy: 'delete'"));
    const runner = startWatch(world, ["--once", ".#other"]);
    expect(await runner.next()).toMatchObject({
      stack: "world/other",
      cause: ["start"],
      result: "synced",
      changes: [{ sync: "manual", did: "1 added", keys: 1 }],
    });
    expect(await runner.ended).toBe(0);
    expect(writes()).toBe(1);
    await world.pulumi("destroy", "--yes", "--stack", "other");
    await world.pulumi("stack", "select", "test");
  });
});

describe("a stack with an automatic and a manual sync", () => {
  let runner: Watching;

  beforeAll(async () => {
    await world.program(automatic(manual("autoSyncEnabled: false")));
    await world.up();
    runner = startWatch(world, ["--interval", "10s"]);
  });
  beforeEach(() => world.cloud.resetCounts());
  afterAll(() => runner.end());

  const put = { "PUT /v2/apps/{id}": 1 };

  test("is looked at when the runner starts, and left as it is", async () => {
    expect(await runner.next()).toMatchObject({ stack: "world/test", cause: ["start"], result: "unchanged" });
  });

  test("a file that an editor has replaced leads to one up with one write", async () => {
    const value = world.secret("edited");
    await save("secrets.env", `A=${value}\n`);
    const line = await runner.until("synced");
    expect(line).toMatchObject({ changes: [{ sync: "web", did: "1 changed", keys: 1 }] });
    expect(line.cause).toContain("file");
    expect(valuesAt(world, appId)["A"]).toBe(value);
    expect(world.cloud.counts()).toMatchObject(put);
  });

  test("a second replacement is noticed as well", async () => {
    await save("secrets.env", `A=${world.secret("again")}\nB=${world.secret("b")}\n`);
    expect(await runner.until("synced")).toMatchObject({ changes: [{ did: "1 added, 1 changed", keys: 2 }] });
  });

  test("drift is found by the interval and repaired with one write", async () => {
    editConsole(world, appId, (shop) => (shop.envs = (shop.envs ?? []).filter(({ key }) => key !== "B")));
    world.cloud.resetCounts();
    const line = await runner.until("synced");
    expect(line.cause).toContain("interval");
    expect(Object.keys(valuesAt(world, appId)).sort()).toEqual(["A", "B", "M"]);
    expect(world.cloud.counts()).toMatchObject(put);
  });

  test("nothing is written when nothing has changed", async () => {
    expect(await runner.next()).toMatchObject({ cause: ["interval"], result: "unchanged" });
    expect(world.cloud.counts()).not.toHaveProperty(["PUT /v2/apps/{id}"]);
  });

  test("a sync without automatic runs is neither written nor repaired, and its broken source stops nobody", async () => {
    await save("manual.env", `M=${world.secret("later")}\n`);
    editConsole(world, appId, (shop) => (shop.envs = (shop.envs ?? []).filter(({ key }) => key !== "M")));
    world.cloud.resetCounts();
    expect(await runner.next()).toMatchObject({ result: "unchanged" });
    await save("manual.env", "no dotenv\n");
    await save("secrets.env", `A=${world.secret("third")}\nB=${world.secret("b2")}\n`);
    expect(await runner.until("synced")).toMatchObject({ changes: [{ sync: "web" }] });
    expect(Object.keys(valuesAt(world, appId)).sort()).toEqual(["A", "B"]);
  });

  test("a file that cannot be read is told by its code, writes nothing, and is tried again", async () => {
    const before = writes();
    await save("secrets.env", "no dotenv\n");
    expect(await runner.until("failed")).toMatchObject({ code: "source.unparsable", changes: [] });
    await runner.says("source.unparsable: web: file source");
    expect(writes()).toBe(before);
    await save("secrets.env", `A=${world.secret("fixed")}\nB=${world.secret("b3")}\n`);
    expect((await runner.until("synced")).cause).toContain("file");
  });

  test("a signal ends an idle runner at once", async () => {
    expect(await runner.end()).toBe(0);
  });
});

test("a changed connection, which the sync stands on, is left to a person", async () => {
  const before = writes();
  world.environment["OCEAN_NAME"] = "atlantic";
  await save("secrets.env", `A=${world.secret("last")}\nB=${world.secret("b4")}\n`);
  const runner = startWatch(world, ["--once"]);
  expect((await runner.next()).waiting).toEqual(["web needs ocean (Connection) changed first: run pulumi up yourself"]);
  expect(await runner.ended).toBe(3);
  expect(writes()).toBe(before);
  delete world.environment["OCEAN_NAME"];
});

test("a sync that was taken out of the program is left to a person", async () => {
  await world.program("");
  const runner = startWatch(world, ["--once"]);
  expect((await runner.next()).waiting).toEqual(["web is no longer in the program: run pulumi up yourself"]);
  expect(await runner.ended).toBe(3);
});

test("--once ends with 1 when one of several stacks fails, and the others have run", async () => {
  await world.program(automatic());
  await world.write("secrets.env", "no dotenv\n");
  const runner = startWatch(world, ["--once", ".#test", ".#other"]);
  expect(await runner.next()).toMatchObject({ stack: "world/test", result: "failed" });
  expect(await runner.next()).toMatchObject({ stack: "world/other" });
  expect(await runner.ended).toBe(1);
});
