// A project of Infisical with a sync to an app and one to a site moves here: written, previewed, applied and removed there.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type InfisicalEmulator, startInfisical } from "../emulators/infisical/index.js";
import { MACHINE, type NetlifyEmulator, type SiteRecord, startNetlify } from "../emulators/netlify/index.js";
import { runCommand } from "./command-line.js";
import { messagesOf, previewJson, valuesAt } from "./evidence.js";
import { compileProgram } from "./generated.js";
import { enterFolder, openWorld, succeed, type World } from "./harness.js";

let world: World;
let program: World;
let netlify: NetlifyEmulator;
let infisical: InfisicalEmulator;
let site: SiteRecord;
let appId: string;
let values: Record<string, string>;

interface Answer {
  readonly accessToken?: string;
  readonly appConnection?: { readonly id: string };
}

/** A call as its interface makes it. */
async function ask(method: string, address: string, body?: unknown): Promise<Answer> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${world.environment["CONSOLE"]}` };
  const response = await fetch(`${infisical.origin}/api/v1/${address}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Answer;
  expect(response.status, JSON.stringify(answer)).toBe(200);
  return answer;
}

beforeAll(async () => {
  world = await openWorld({ provider: "inline", secrets: "passphrase", stack: false });
  const token = world.secret("netlify");
  netlify = await startNetlify({ tokens: { [token]: { user: MACHINE } } });
  infisical = await startInfisical();
  site = netlify.addSite({ name: "storefront" });
  values = Object.fromEntries(["DATABASE_URL", "STRIPE_KEY", "CMS_URL"].map((key) => [key, world.secret(key)]));
  const { CMS_URL = "", ...ofApp } = values;
  // As Infisical writes: secrets without a scope at app level, readable variables on Netlify.
  const envs = Object.entries(ofApp).map(([key, value]) => ({ key: `PROD_${key}`, value, type: "SECRET" as const }));
  appId = world.cloud.createApp({
    name: "shop",
    envs: [...envs, { key: "LOG_LEVEL", value: "info" }],
    services: [{ name: "web" }],
  }).id;
  netlify.edit(site, { key: "CMS_URL", slot: "all" }, CMS_URL);
  netlify.edit(site, { key: "BY_HAND", slot: "all" }, world.secret("hand"));
  const [clientSecret, consoleSecret] = [world.secret("client"), world.secret("console")];
  infisical.instance.identities.push(
    { clientId: "ci", clientSecret },
    { clientId: "person", clientSecret: consoleSecret },
  );
  infisical.instance.projects.set("p-1", { prod: { "/app": { secrets: ofApp }, "/site": { secrets: { CMS_URL } } } });
  Object.assign(world.environment, {
    NETLIFY_API_URL: netlify.url,
    NETLIFY_AUTH_TOKEN: token,
    INFISICAL_API_URL: infisical.origin,
    INFISICAL_UNIVERSAL_AUTH_CLIENT_ID: "ci",
    INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET: clientSecret,
  });
  const login = await ask("POST", "auth/universal-auth/login", { clientId: "person", clientSecret: consoleSecret });
  world.environment["CONSOLE"] = login.accessToken ?? "";
  const ocean = await ask("POST", "app-connections/digital-ocean", {
    name: "ocean",
    description: "the shop's account",
    method: "api-token",
    credentials: { apiToken: "dop_v1_theirs" },
  });
  const sites = await ask("POST", "app-connections/netlify", {
    name: "sites",
    method: "access-token",
    credentials: { accessToken: "nfp_theirs" },
  });
  await ask("POST", "secret-syncs/digital-ocean-app-platform", {
    name: "shop-production",
    description: "sync to do app",
    projectId: "p-1",
    connectionId: ocean.appConnection?.id,
    environment: "prod",
    secretPath: "/app",
    syncOptions: {
      initialSyncBehavior: "overwrite-destination",
      keySchema: "PROD_{{secretKey}}",
      disableSecretDeletion: true,
    },
    destinationConfig: { appId, appName: "shop" },
  });
  await ask("POST", "secret-syncs/netlify", {
    name: "storefront",
    projectId: "p-1",
    connectionId: sites.appConnection?.id,
    environment: "prod",
    secretPath: "/site",
    syncOptions: { initialSyncBehavior: "import-prioritize-source" },
    destinationConfig: {
      accountId: site.account.id,
      accountName: site.account.name,
      siteId: site.id,
      siteName: "storefront",
      context: "all",
    },
  });
  program = await enterFolder(world, "moved");
});
afterAll(async () => {
  await Promise.all([infisical.close(), netlify.close()]);
  await world.close();
});

const readText = (file: string) => readFile(path.join(program.directory, file), "utf8");

test("init writes the program that does the same, compares what it may, changes nothing, and says the order", async () => {
  const [before, writes] = [JSON.stringify(world.cloud.app(appId).spec), netlify.writes().length];
  const run = succeed(await runCommand(program, "init", "--from", "infisical"));
  expect(run.stdout).toContain("syncs: 2 in the program, 0 left out");
  expect(run.stdout).toContain(
    "keys: 1 with the same value, 2 that cannot be compared, 0 with another value (not adopted)",
  );
  expect(compileProgram(program.directory)).toEqual([]);
  const [index, notes] = [await readText("index.ts"), await readText("MIGRATION.md")];
  for (const canary of world.canaries) expect(index + notes).not.toContain(canary);
  expect(index).toContain('description: "sync to do app"');
  expect(index).toContain('new Connection("ocean", {');
  expect(notes).toMatch(/at the destination and not in the folder: not owned, and left in place: `LOG_LEVEL`/);
  expect(notes).toMatch(/1\. Switch auto-sync off[^]*3\. `pulumi preview`[^]*4\. `pulumi up`[^]*5\. Delete the syncs/);
  expect([JSON.stringify(world.cloud.app(appId).spec), netlify.writes().length]).toEqual([before, writes]);
});

test("with the old syncs paused, up adopts every key and writes nothing that did not change", async () => {
  for (const { id, destination } of infisical.instance.syncs)
    await ask("PATCH", `secret-syncs/${destination}/${id}`, { isAutoSyncEnabled: false });
  succeed(await program.pulumi("stack", "init", "test"));
  const token = (name: string) => world.environment[name] ?? "";
  succeed(await program.pulumi("config", "set", "--secret", "oceanConnectionToken", token("DIGITALOCEAN_TOKEN")));
  succeed(await program.pulumi("config", "set", "--secret", "sitesConnectionToken", token("NETLIFY_AUTH_TOKEN")));
  const preview = await previewJson(program);
  expect(messagesOf(preview, "shop-production")).toMatch(/^2 to adopt: first sync to shop$/m);
  expect(messagesOf(preview, "storefront")).toMatch(/CMS_URL: will be adopted, value stays/);
  const shape = () =>
    JSON.stringify(world.cloud.app(appId).spec, (name, value: unknown) => (name === "value" ? undefined : value));
  const [shapeBefore, valuesBefore, ofSite] = [shape(), valuesAt(world, appId), netlify.values(site)];
  const writes = netlify.writes().length;
  await program.previewAndUp();
  world.cloud.settle(appId);
  expect(shape()).toBe(shapeBefore);
  expect(valuesAt(world, appId)).toEqual(valuesBefore);
  expect(netlify.values(site)).toEqual(ofSite);
  expect(netlify.writes().length).toBe(writes);
});

test("once the old syncs are removed without their secrets, the next change comes from here", async () => {
  for (const { id, destination } of infisical.instance.syncs.slice())
    await ask("DELETE", `secret-syncs/${destination}/${id}?removeSecrets=false`);
  expect((await previewJson(program)).steps).toEqual([]);
  const rotated = world.secret("rotated");
  const { DATABASE_URL = "" } = values;
  infisical.instance.projects.set("p-1", {
    prod: {
      "/app": { secrets: { DATABASE_URL, STRIPE_KEY: rotated } },
      "/site": { secrets: { CMS_URL: values["CMS_URL"] ?? "" } },
    },
  });
  await program.previewAndUp();
  world.cloud.settle(appId);
  expect(valuesAt(world, appId)).toEqual({
    PROD_DATABASE_URL: DATABASE_URL,
    PROD_STRIPE_KEY: rotated,
    LOG_LEVEL: "info",
  });
  expect(world.cloud.complaints).toEqual([]);
  expect(netlify.complaints).toEqual([]);
});
