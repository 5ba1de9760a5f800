// The plugin: what a check makes of a connection that it does not know, or not yet.

import { expect, onTestFinished, test } from "vitest";
import { secret, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { openPlugin } from "./process.js";

const urnOf = (type: string, name: string) => `urn:pulumi:test::world::secret-sync:index:${type}::${name}`;
const urn = urnOf("SecretSync", "web");
const ocean = urnOf("Connection", "ocean");
const source = [{ type: "inline", values: { A: secret("one") } }];
/** A resource as a property: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go */
const reference = { "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", urn: ocean, id: "x" };

async function account() {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 } });
  onTestFinished(() => cloud.close());
  const { id: appId } = cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const environment = { DIGITALOCEAN_API_URL: cloud.url, DIGITALOCEAN_TOKEN: cloud.token };
  const credentials = { apiToken: secret(cloud.token) };
  const arguments_ = { app: "digital-ocean", method: "api-token", credentials, baseUrl: cloud.url };
  return { environment, arguments: arguments_, app: { type: "digital-ocean-app-platform", appId } };
}

test("a Connection that passes through another provider process is told with all that may be wrong", async () => {
  const { app, arguments: news } = await account();
  const [standard, explicit] = [await openPlugin(), await openPlugin()];
  expect((await standard.check({ urn: ocean, olds: {}, news })).reasons).toEqual([]);
  const destination = { ...app, connection: reference };
  const { reasons } = await explicit.check({ urn, olds: {}, news: { source, destination } });
  expect(reasons.join()).toMatch(/^connection\.missing: .*"ocean".*--target.*the same provider.*ignoreChanges/);
});

test("a Connection that ignoreChanges keeps as it was is told so to a new sync", async () => {
  const { app, arguments: news } = await account();
  const { inputs } = await (await openPlugin()).check({ urn: ocean, olds: {}, news });
  const client = await openPlugin();
  await client.check({ urn: ocean, olds: inputs, news: inputs });
  const destination = { ...app, connection: reference };
  const { reasons } = await client.check({ urn, olds: {}, news: { source, destination } });
  expect(reasons.join()).toMatch(/^connection\.missing: .*ignoreChanges/);
});

test.each<[string, (given: object) => unknown]>([
  ["as a whole", () => unknownValue],
  ["in its app", (given) => ({ ...given, app: unknownValue })],
  ["in its credentials", (given) => ({ ...given, credentials: unknownValue })],
])("a connection that is not known yet %s fails no preview", async (_what, make) => {
  const { app, environment, arguments: given } = await account();
  const destination = { ...app, connection: make(given) };
  const client = await openPlugin(environment);
  expect((await client.check({ urn, olds: {}, news: { source, destination } })).reasons).toEqual([]);
});

test("a connection of another app is refused also where its credentials are not known yet", async () => {
  const { app, environment, arguments: given } = await account();
  const destination = { ...app, connection: { ...given, app: "netlify", credentials: unknownValue } };
  const client = await openPlugin(environment);
  const { reasons } = await client.check({ urn, olds: {}, news: { source, destination } });
  expect(reasons.join()).toContain("connection.wrong_app");
});
