// What each command of the CLI shows of a sync that keeps as much as a sync can: the table in SECURITY.md, measured.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readHiddenInputs } from "./evidence.js";
import { openWorld, succeed, type World } from "./harness.js";

const token = "dop_v1_token_of_the_connection";
const prior = "prior-readable-value-71fe";
const value = "value-of-the-program-19d3";

let world: World;
let appId: string;

async function declare(text: string): Promise<void> {
  await world.program(`
    const ocean = new Connection("ocean", {
      app: "digital-ocean", method: "api-token", baseUrl: ${JSON.stringify(world.cloud.url)},
      credentials: { apiToken: ${JSON.stringify(token)} },
    });
    new SecretSync("web", {
      source: { type: "inline", values: { A: pulumi.secret(${JSON.stringify(text)}) } },
      destination: { type: "digital-ocean-app-platform", connection: ocean, appId: ${JSON.stringify(appId)} },
      syncOptions: { adoptExisting: ["A"], onDestroy: "restore" },
    });
  `);
}

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  delete world.environment["DIGITALOCEAN_TOKEN"];
  // As the Automation API sets it: --event-log is a flag only then.
  world.environment["PULUMI_DEBUG_COMMANDS"] = "true";
  world.cloud.tokens.set(token, { scopes: ["app:read", "app:update"] });
  const envs = [{ key: "A", value: prior }];
  appId = world.cloud.createApp({ name: "shop", envs, services: [{ name: "web" }] }).id;
  await declare(value);
});
afterAll(() => world.close());

interface Found {
  readonly value: boolean;
  readonly token: boolean;
  readonly prior: boolean;
}

const nothing: Found = { value: false, token: false, prior: false };
const record: Found = { value: false, token: true, prior: true };

async function run(...args: string[]): Promise<Found & { text: string }> {
  const { text } = succeed(await world.pulumi(...args));
  const log = args.includes("--event-log") ? await readFile(join(world.directory, "events.json"), "utf8") : "";
  const all = `${text}\n${log}`;
  return { text: all, value: all.includes(value), token: all.includes(token), prior: all.includes(prior) };
}

/** Fingerprints are readable only where the record is, and the salt of values is not beside them. */
async function readKept(): Promise<{ fingerprint: string; salt: string }> {
  const kept = await readHiddenInputs(world);
  return { fingerprint: Object.values(kept.keys)[0] ?? "none", salt: kept.salt };
}

test("a preview shows nothing of it, however it is asked", async () => {
  expect(await run("preview")).toMatchObject(nothing);
  expect(await run("preview", "--diff")).toMatchObject(nothing);
  expect(await run("preview", "--json")).toMatchObject(nothing);
  expect(await run("preview", "--debug")).toMatchObject(nothing);
  expect(await run("preview", "--event-log", "events.json")).toMatchObject(nothing);
});

test("up --json shows the record, and the salt of values is not in it", async () => {
  const shown = await run("up", "--yes", "--skip-preview", "--json");
  expect(shown).toMatchObject(record);
  const { fingerprint, salt } = await readKept();
  expect(fingerprint).toMatch(/^[\w-]{16}$/);
  expect(salt).toMatch(/^2\./);
  expect(shown.text).toContain(fingerprint);
  expect(shown.text).not.toContain(salt);
});

test("a later preview shows fingerprints and their salt, with --debug only", async () => {
  await declare("another-value");
  const { salt } = await readKept();
  for (const args of [[], ["--diff"], ["--json"]]) expect((await run("preview", ...args)).text).not.toContain(salt);
  const shown = await run("preview", "--debug");
  expect(shown).toMatchObject(nothing);
  expect(shown.text).toContain(salt);
});

test("of an update, --debug and --event-log show the record, and nothing else does", async () => {
  await declare("second-value");
  expect(await run("up", "--yes", "--skip-preview", "--debug")).toMatchObject(record);
  await declare("third-value");
  expect(await run("up", "--yes", "--skip-preview", "--event-log", "events.json")).toMatchObject(record);
  await declare("fourth-value");
  // What watch runs.
  expect(await run("up", "--yes", "--skip-preview", "--suppress-outputs")).toMatchObject(nothing);
  await declare(value);
  expect(await run("preview", "--diff")).toMatchObject(nothing);
  expect(await run("up", "--yes", "--diff")).toMatchObject(nothing);
});

test("with -v=9 the program's values are in clear, too", async () => {
  const verbose = ["-v=9", "--logtostderr"];
  await declare("fifth-value");
  expect(await run("up", "--yes", "--skip-preview", ...verbose)).toMatchObject(record);
  await declare(value);
  expect(await run("preview", ...verbose)).toMatchObject({ value: true, token: true });
  expect(await run("up", "--yes", "--skip-preview", ...verbose)).toMatchObject({ ...record, value: true });
});

test("state is encrypted, and whoever decrypts it reads the record", async () => {
  expect(await run("stack", "export")).toMatchObject(nothing);
  expect(await run("stack", "export", "--show-secrets")).toMatchObject(record);
});

test("a refresh and a destroy show nothing of it", async () => {
  expect(await run("refresh", "--yes", "--json")).toMatchObject(nothing);
  expect(await run("destroy", "--yes", "--json")).toMatchObject(nothing);
  expect(world.cloud.app(appId).spec.envs).toMatchObject([{ key: "A", value: prior }]);
});
