// Syncs and connections of the emulated Infisical, held against the vendor's description. No official client calls these addresses:
// @infisical/sdk has none for them, and the Terraform provider has neither destination.

import { afterAll, beforeEach, expect, test } from "vitest";
import { type InfisicalEmulator, startInfisical } from "./index.js";

let server: InfisicalEmulator;
let token: string;
const started: InfisicalEmulator[] = [];
beforeEach(async () => {
  server = await startInfisical();
  started.push(server);
  server.instance.identities.push({ clientId: "id", clientSecret: "secret" });
  server.instance.projects.set("p", { dev: { "/": { secrets: {} }, "/web": { secrets: { A: "1" } } } });
  const login = await ask("POST", "/auth/universal-auth/login", { clientId: "id", clientSecret: "secret" });
  token = (login.body as { accessToken: string }).accessToken;
});
afterAll(() => Promise.all(started.map((one) => one.close())));

async function ask(method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.origin}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const member = (body: Record<string, unknown>, name: string) => body[name] as Record<string, unknown>;

async function connect(app: "digital-ocean" | "netlify") {
  const given =
    app === "netlify"
      ? { name: "sites", method: "access-token", credentials: { accessToken: "canary-netlify" } }
      : { name: "ocean", method: "api-token", credentials: { apiToken: "canary-ocean" }, description: "ours" };
  const { body } = await ask("POST", `/app-connections/${app}`, given);
  return member(body, "appConnection");
}

const netlifySync = (connectionId: unknown, more: object = {}) => ({
  name: "web-sites",
  projectId: "p",
  connectionId,
  environment: "dev",
  secretPath: "/web",
  syncOptions: { initialSyncBehavior: "import-prioritize-source", keySchema: "{{secretKey}}" },
  destinationConfig: { accountId: "a", accountName: "A", siteId: "s", siteName: "S", context: "branch" },
  ...more,
});

/** Of the description of the answer: https://infisical.com/docs/api-reference/endpoints/secret-syncs/netlify/create */
const required = [
  ..."id name projectId connectionId createdAt updatedAt syncOptions connection environment".split(" "),
  ..."folder destination destinationConfig".split(" "),
];
const described = [
  ...required,
  ..."description isAutoSyncEnabled version folderId syncStatus lastSyncJobId lastSyncMessage lastSyncedAt".split(" "),
];

test("a sync is kept as it was described, and told with its connection, environment and folder", async () => {
  const { id } = await connect("netlify");
  const made = member((await ask("POST", "/secret-syncs/netlify", netlifySync(id))).body, "secretSync");
  expect(required.filter((name) => !(name in made))).toEqual([]);
  expect(Object.keys(made).filter((name) => !described.includes(name))).toEqual([]);
  expect(made).toMatchObject({
    name: "web-sites",
    description: null,
    isAutoSyncEnabled: true,
    connection: { app: "netlify", name: "sites", id },
    environment: { slug: "dev" },
    folder: { path: "/web" },
    destination: "netlify",
    destinationConfig: { context: "branch" },
  });
  expect((await ask("GET", "/secret-syncs/netlify?projectId=p")).body).toEqual({ secretSyncs: [made] });
  expect((await ask("GET", "/secret-syncs/netlify?projectId=other")).body).toEqual({ secretSyncs: [] });
  expect((await ask("GET", "/secret-syncs/digital-ocean-app-platform?projectId=p")).body).toEqual({ secretSyncs: [] });
});

test("a sync is paused, loses its folder, and is removed", async () => {
  const { id: connectionId } = await connect("netlify");
  const { body } = await ask("POST", "/secret-syncs/netlify", netlifySync(connectionId));
  const at = `/secret-syncs/netlify/${String(member(body, "secretSync")["id"])}`;
  const paused = member((await ask("PATCH", at, { isAutoSyncEnabled: false })).body, "secretSync");
  expect(paused).toMatchObject({ isAutoSyncEnabled: false, version: 2 });
  expect(member((await ask("PATCH", at, { description: "moved" })).body, "secretSync")).toMatchObject({
    isAutoSyncEnabled: false,
    description: "moved",
  });
  server.instance.projects.set("p", { dev: { "/": { secrets: {} } } });
  expect((await ask("GET", at)).body).toMatchObject({ secretSync: { environment: null, folder: null } });
  expect((await ask("DELETE", `${at}?removeSecrets=false`)).status).toBe(200);
  expect((await ask("GET", at)).status).toBe(404);
});

test("the documentation's samples name fields that the server does not have, which is a switch", async () => {
  const { id: connectionId } = await connect("digital-ocean");
  const destinationConfig = { appId: "a", appName: "shop" };
  const syncOptions = { initialSyncBehavior: "overwrite-destination" };
  const given = netlifySync(connectionId, { destinationConfig, syncOptions });
  await ask("POST", "/secret-syncs/digital-ocean-app-platform", given);
  const list = async () => {
    const { body } = await ask("GET", "/secret-syncs/digital-ocean-app-platform?projectId=p");
    return (body["secretSyncs"] as unknown[])[0];
  };
  expect(await list()).toMatchObject({ isAutoSyncEnabled: true, destination: "digital-ocean-app-platform" });
  server.instance.syncWords = "documented";
  expect(await list()).toMatchObject({
    isEnabled: true,
    syncOptions: { autoSyncEnabled: true },
    destination: "digital-ocean",
  });
});

test.each([
  ["a name that is no slug", { name: "Web Sites" }, 422],
  [
    "a behaviour that App Platform does not have",
    { syncOptions: { initialSyncBehavior: "import-prioritize-source" } },
    422,
  ],
  ["no behaviour", { syncOptions: {} }, 422],
  ["a field that is not described", { isEnabled: true }, 422],
  ["an app without its name", { destinationConfig: { appId: "a" } }, 422],
  ["a folder that is not there", { secretPath: "/gone" }, 400],
])("refuses %s", async (_, wrong, status) => {
  const { id } = await connect("digital-ocean");
  const destinationConfig = { appId: "a", appName: "shop" };
  const right = netlifySync(id, { destinationConfig, syncOptions: { initialSyncBehavior: "overwrite-destination" } });
  const at = "/secret-syncs/digital-ocean-app-platform";
  expect((await ask("POST", at, { ...right, ...wrong })).status).toBe(status);
  expect((await ask("POST", at, right)).status).toBe(200);
  expect((await ask("POST", at, right)).body["message"]).toContain("already exists for the project");
});

test("a connection shows everything but its credentials, and another app's address does not find it", async () => {
  const made = await connect("digital-ocean");
  expect(made).toMatchObject({ name: "ocean", description: "ours", app: "digital-ocean", credentials: {}, version: 1 });
  const changed = member(
    (await ask("PATCH", `/app-connections/digital-ocean/${String(made["id"])}`, { description: null })).body,
    "appConnection",
  );
  expect(changed).toMatchObject({ description: null, version: 2 });
  expect((await ask("GET", `/app-connections/netlify/${String(made["id"])}`)).status).toBe(404);
  const listed = await ask("GET", "/app-connections/digital-ocean");
  expect(listed.body).toEqual({ appConnections: [changed] });
  expect(JSON.stringify(listed)).not.toContain("canary");
  const refused = await ask("PATCH", `/app-connections/digital-ocean/${String(made["id"])}`, { gatewayId: "g" });
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([422, expect.stringContaining("Not supported")]);
});

test.each([
  ["once", [400, 400]],
  ["once per place", [200, 400]],
] as const)("a name of a connection is taken %s", async (connectionNames, statuses) => {
  server.instance.connectionNames = connectionNames;
  const given = { name: "ocean", method: "api-token", credentials: { apiToken: "canary-ocean" } };
  const make = (more: object) => ask("POST", "/app-connections/digital-ocean", { ...given, ...more });
  expect((await make({})).status).toBe(200);
  expect([(await make({ projectId: "p" })).status, (await make({ projectId: "p" })).status]).toEqual(statuses);
});

test("an identity without the role sees neither syncs nor connections", async () => {
  server.instance.identities.push({ clientId: "narrow", clientSecret: "secret", sees: [] });
  const login = await ask("POST", "/auth/universal-auth/login", { clientId: "narrow", clientSecret: "secret" });
  token = String(login.body["accessToken"]);
  expect((await ask("GET", "/secret-syncs/netlify?projectId=p")).status).toBe(403);
  expect((await ask("GET", "/app-connections/netlify")).status).toBe(403);
});
