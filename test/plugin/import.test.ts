// An import over the plugin's protocol: whose credentials it looks with, and what of the found keys becomes the sync's.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Properties, secret, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { type DigitalOceanEmulator, startDigitalOcean } from "../emulators/digitalocean/index.js";
import { plain } from "../lifecycle/envelopes.js";
import { type PluginClient } from "../lifecycle/plugin-client.js";
import { openPlugin } from "./process.js";

const urnOf = (type: string, name: string) => `urn:pulumi:test::world::secret-sync:index:${type}::${name}`;
const web = urnOf("SecretSync", "web");
const id = "digital-ocean-app-platform/shop/web";

const envs = [
  { key: "API_KEY", value: "theirs", scope: "RUN_TIME" as const },
  { key: "FOREIGN", value: "kept", scope: "RUN_TIME" as const },
];

/** An account with the app that is imported. */
async function openAccount(): Promise<{ cloud: DigitalOceanEmulator; appId: string }> {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 } });
  onTestFinished(() => cloud.close());
  const { id: appId } = cloud.createApp({ name: "shop", services: [{ name: "web", envs }] });
  return { cloud, appId };
}

const ofEnvironment = ({ url, token }: DigitalOceanEmulator) => ({
  DIGITALOCEAN_API_URL: url,
  DIGITALOCEAN_TOKEN: token,
});

const connectionTo = ({ url, token }: Pick<DigitalOceanEmulator, "url" | "token">) => ({
  app: "digital-ocean",
  method: "api-token",
  credentials: { apiToken: secret(token) },
  baseUrl: url,
});
const declare = (client: PluginClient, name: string, cloud: Pick<DigitalOceanEmulator, "url" | "token">) =>
  client.check({ urn: urnOf("Connection", name), olds: {}, news: connectionTo(cloud) });

const foundBy = ({ outputs }: { outputs: Properties }) => outputs["targetId"];
const refused = (reading: Promise<unknown>) =>
  reading.then(
    () => "nothing is refused",
    ({ details }: { details: string }) => details,
  );

test("an import without credentials names those that it can take, and says that it does not see the sync's connection", async () => {
  const client = await openPlugin({});
  expect(await refused(client.read({ urn: web, id }))).toBe(
    "connection.missing: no credentials found for digital-ocean-app-platform; an import does not see the arguments of its sync; " +
      'run "pulumi config set --secret secret-sync:digitaloceanToken", or set DIGITALOCEAN_TOKEN or DIGITALOCEAN_ACCESS_TOKEN',
  );
});

test("an import looks with the connection of the program, which was checked before", async () => {
  const { cloud, appId } = await openAccount();
  const client = await openPlugin({});
  await declare(client, "ocean", cloud);
  expect(foundBy(await client.read({ urn: web, id }))).toBe(appId);
});

test("an import says what it has found, that it wrote nothing, and what the next update does", async () => {
  const { cloud } = await openAccount();
  const client = await openPlugin(ofEnvironment(cloud));
  await client.read({ urn: web, id });
  expect(client.said).toEqual([
    "2 keys found at shop, nothing written: API_KEY, FOREIGN; the next up takes over those that the source has",
  ]);
});

test("connections of other platforms are none for it", async () => {
  const { cloud, appId } = await openAccount();
  const client = await openPlugin(ofEnvironment(cloud));
  const news = { app: "netlify", method: "access-token", credentials: { accessToken: secret("canary") } };
  await client.check({ urn: urnOf("Connection", "sites"), olds: {}, news });
  expect(foundBy(await client.read({ urn: web, id }))).toBe(appId);
});

test("of several credentials the ones count that see the app", async () => {
  const [other, { cloud, appId }] = [await startDigitalOcean({}), await openAccount()];
  onTestFinished(() => other.close());
  const client = await openPlugin(ofEnvironment(other));
  await declare(client, "elsewhere", { ...other, token: "dop_v1_revoked" });
  await declare(client, "ocean", cloud);
  expect(foundBy(await client.read({ urn: web, id }))).toBe(appId);
});

test("a name that several accounts have is refused, and the id of one of them is taken", async () => {
  const [one, two] = [await openAccount(), await openAccount()];
  const client = await openPlugin(ofEnvironment(one.cloud));
  await declare(client, "second", two.cloud);
  const said = await refused(client.read({ urn: web, id }));
  expect(said).toMatch(/^import\.address: "digital-ocean-app-platform\/shop\/web" is in 2 accounts .*; give its id/);
  const ids = [one, two].map(({ appId }) => appId);
  expect([ids.join(" or "), ids.toReversed().join(" or ")]).toContain(/give its id: (.*)$/.exec(said)?.[1]);
  expect(foundBy(await client.read({ urn: web, id: `digital-ocean-app-platform/${two.appId}/web` }))).toBe(two.appId);
});

test("the same account twice is one, and if no credentials see the app, the first refusal is reported", async () => {
  const { cloud, appId } = await openAccount();
  const client = await openPlugin(ofEnvironment(cloud));
  await declare(client, "ocean", cloud);
  expect(foundBy(await client.read({ urn: web, id }))).toBe(appId);
  expect(await refused(client.read({ urn: web, id: "digital-ocean-app-platform/shpo/web" }))).toMatch(
    /^destination\.not_found: .*did you mean "shop"\?$/,
  );
});

const program = (syncOptions: Properties, values: Properties = { API_KEY: secret("ours") }) => ({
  source: { type: "inline", values },
  destination: { type: "digital-ocean-app-platform", appName: "shop", components: ["web"] },
  syncOptions,
});

/** The import, and the update that follows it in a process of its own. */
async function importAndUpdate(news: Properties) {
  const { cloud, appId } = await openAccount();
  const imported = await (await openPlugin(ofEnvironment(cloud))).read({ urn: web, id });
  const client = await openPlugin(ofEnvironment(cloud));
  const { inputs, reasons } = await client.check({ urn: web, olds: imported.inputs, news });
  expect(reasons).toEqual([]);
  const before = { urn: web, id: imported.id, olds: imported.outputs, oldInputs: imported.inputs, news: inputs };
  const { acts, details } = await client.diff(before);
  expect(acts).toBe(true);
  const foreseen = await client.update({ ...before, isPreview: true });
  const outputs = await client.update(before);
  const left = () => cloud.app(appId).spec.services?.[0]?.envs?.map(({ key }) => key);
  return { cloud, appId, inputs, details, foreseen, outputs, left, imported };
}

test.each([{}, { disableSecretDeletion: true }])(
  "with %j the keys that the program does not have stay foreign, also in what the preview foresees",
  async (syncOptions) => {
    const { cloud, inputs, details, foreseen, outputs, left } = await importAndUpdate(program(syncOptions));
    expect(inputs["retained"]).toBeUndefined();
    expect(Object.keys(details)).not.toContain("keys.FOREIGN");
    expect(Object.keys(details).filter((path) => path.startsWith("retained"))).toEqual([]);
    expect(foreseen["managedKeys"]).toEqual(["API_KEY"]);
    expect(outputs["managedKeys"]).toEqual(["API_KEY"]);
    expect(left()).toEqual(["API_KEY", "FOREIGN"]);
    // The next run has nothing to do, and owns no more than that.
    const client = await openPlugin(ofEnvironment(cloud));
    const again = await client.check({ urn: web, olds: inputs, news: program(syncOptions) });
    expect(again.inputs["retained"]).toBeUndefined();
    const { acts } = await client.diff({ urn: web, olds: outputs, oldInputs: inputs, news: again.inputs });
    expect(acts).toBe(false);
  },
);

test("a key that leaves the source later is retained under `disableSecretDeletion`, and it alone", async () => {
  const options = { disableSecretDeletion: true };
  const { cloud, inputs, outputs, left } = await importAndUpdate(
    program(options, { API_KEY: secret("ours"), ADDED: secret("new") }),
  );
  const client = await openPlugin(ofEnvironment(cloud));
  const next = await client.check({ urn: web, olds: inputs, news: program(options) });
  expect(next.inputs["retained"]).toEqual(["ADDED"]);
  const before = { urn: web, olds: outputs, oldInputs: inputs, news: next.inputs };
  expect((await client.diff(before)).acts).toBe(true);
  expect((await client.update(before))["managedKeys"]).toEqual(["ADDED", "API_KEY"]);
  expect(left()).toEqual(["API_KEY", "FOREIGN", "ADDED"]);
});

test("a destroy right after the import, and after a refresh of it, takes nothing away", async () => {
  const { cloud } = await openAccount();
  const imported = await (await openPlugin(ofEnvironment(cloud))).read({ urn: web, id });
  const client = await openPlugin(ofEnvironment(cloud));
  const stored = { urn: web, id: imported.id, olds: imported.outputs, oldInputs: imported.inputs };
  const { outputs } = await client.read(stored);
  expect(outputs["drift"]).toEqual([]);
  cloud.resetCounts();
  await client.delete({ ...stored, olds: outputs });
  expect(Object.keys(cloud.counts()).filter((call) => call.startsWith("PUT"))).toEqual([]);
});

test.each([{}, { disableSecretDeletion: true }])(
  "with %j a sync that is disabled right after the import takes nothing away when it is enabled",
  async (syncOptions) => {
    const { cloud, inputs, outputs, imported, left } = await importAndUpdate({
      ...program(syncOptions),
      isEnabled: false,
    });
    expect([outputs["syncStatus"], outputs["managedKeys"], left()]).toEqual(["disabled", [], ["API_KEY", "FOREIGN"]]);
    const client = await openPlugin(ofEnvironment(cloud));
    const next = await client.check({ urn: web, olds: inputs, news: program(syncOptions) });
    expect([next.reasons, next.inputs["retained"]]).toEqual([[], undefined]);
    const before = { urn: web, id: imported.id, olds: outputs, oldInputs: inputs, news: next.inputs };
    expect((await client.diff(before)).acts).toBe(true);
    expect((await client.update(before))["managedKeys"]).toEqual(["API_KEY"]);
    expect(left()).toEqual(["API_KEY", "FOREIGN"]);
  },
);

const stored = ({ cloud, appId }: { cloud: DigitalOceanEmulator; appId: string }) =>
  (cloud.app(appId).spec.services?.[0]?.envs ?? []).map(({ key, value = "" }) => [
    key,
    value.startsWith("EV[") ? cloud.decrypt(appId, value) : value,
  ]);

test.each([
  ["--replace", { API_KEY: "ours" }],
  ["--replace", { API_KEY: "theirs" }],
  ["--replace", { ADDED: "new" }],
  ["replaceOnChanges", { API_KEY: "ours" }],
  ["replaceOnChanges", { ADDED: "new" }],
])("an import that %s replaces before its first update owns the keys of %j alone", async (way, values) => {
  const { cloud, appId } = await openAccount();
  const imported = await (await openPlugin(ofEnvironment(cloud))).read({ urn: web, id });
  const state = { inputs: plain(imported.inputs), outputs: plain(imported.outputs) };
  const client = await openPlugin(ofEnvironment(cloud), async () => new Map([[web, state]]));
  const news = program({}, Object.fromEntries(Object.entries(values).map(([key, value]) => [key, secret(value)])));
  const old = { urn: web, id: imported.id, olds: imported.outputs, oldInputs: imported.inputs };
  if (way === "replaceOnChanges") {
    const { inputs } = await client.check({ urn: web, olds: imported.inputs, news });
    await client.diff({ ...old, news: inputs });
  }
  const { inputs, reasons } = await client.check({ urn: web, olds: {}, news });
  expect(reasons).toEqual([]);
  const made = await client.create({ urn: web, news: inputs });
  await client.delete(old);
  expect(made.outputs["managedKeys"]).toEqual(Object.keys(values));
  const theirs = { API_KEY: "theirs", FOREIGN: "kept" };
  expect(stored({ cloud, appId })).toEqual(Object.entries({ ...theirs, ...values }));
  const last = await openPlugin(ofEnvironment(cloud));
  await last.delete({ urn: web, id: made.id, olds: made.outputs, oldInputs: inputs });
  expect(stored({ cloud, appId })).toEqual(Object.entries(theirs));
});

test.each([
  ["import-prioritize-source", "ours"],
  ["import-prioritize-destination", "theirs"],
])("the first update after an import does what %s says", async (initialSyncBehavior, counting) => {
  const directory = await mkdtemp(join(tmpdir(), "import-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "web.env");
  await writeFile(path, "API_KEY=ours\n");
  const { cloud, appId, inputs, outputs, imported } = await importAndUpdate({
    ...program({ initialSyncBehavior }),
    source: { type: "file", path },
  });
  expect(await readFile(path, "utf8")).toBe(`API_KEY=${counting}\nFOREIGN=kept\n`);
  expect(outputs["managedKeys"]).toEqual(["API_KEY", "FOREIGN"]);
  expect(stored({ cloud, appId })).toEqual([
    ["API_KEY", counting],
    ["FOREIGN", "kept"],
  ]);
  const client = await openPlugin(ofEnvironment(cloud));
  await client.delete({ urn: web, id: imported.id, olds: outputs, oldInputs: inputs });
  expect(stored({ cloud, appId })).toEqual([
    ["API_KEY", "theirs"],
    ["FOREIGN", "kept"],
  ]);
});

test("a preview says that it cannot name what the first update after an import brings into a source that is not known yet", async () => {
  const { cloud } = await openAccount();
  const imported = await (await openPlugin(ofEnvironment(cloud))).read({ urn: web, id });
  const client = await openPlugin(ofEnvironment(cloud));
  const news = program({ initialSyncBehavior: "import-prioritize-source" });
  const source = { type: "file", path: unknownValue };
  await client.check({ urn: web, olds: imported.inputs, news: { ...news, source } });
  expect(client.said.join()).toMatch(/imports values, but its target or source is not known yet/);
});
