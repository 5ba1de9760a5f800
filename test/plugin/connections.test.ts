// The plugin: what a check makes of a connection that it does not know, or not yet.

import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../provider/clock.js";
import { composeLifecycle } from "../../provider/composition.js";
import { secret, unknownValue } from "../../provider/lifecycle/wire.js";
import { openSession } from "../../provider/plugin/session.js";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { connect } from "../lifecycle/plugin-client.js";

const urnOf = (type: string, name: string) => `urn:pulumi:test::world::secret-sync:index:${type}::${name}`;
const urn = urnOf("SecretSync", "web");
const source = [{ type: "inline", values: { A: secret("one") } }];
async function start(environment: Record<string, string> = {}) {
  const client = await connect(
    openSession({
      clock: systemClock,
      random: Math.random,
      findRecorded: undefined,
      environment,
      directory: ".",
      timeoutMs: undefined,
      compose: async (host) => composeLifecycle(host),
      reach: () => ({
        reporter: { say: async () => undefined, show: async () => undefined },
        isEngineThere: async () => true,
      }),
    }),
  );
  onTestFinished(() => client.close());
  return client;
}

async function account() {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 } });
  onTestFinished(() => cloud.close());
  const { id: appId } = cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const environment = { DIGITALOCEAN_API_URL: cloud.url, DIGITALOCEAN_TOKEN: cloud.token };
  const credentials = { apiToken: secret(cloud.token) };
  const arguments_ = { app: "digital-ocean", method: "api-token", credentials, baseUrl: cloud.url };
  return { environment, arguments: arguments_, app: { type: "digital-ocean-app-platform", appId } };
}

test.each<[string, (given: object) => unknown]>([
  ["as a whole", () => unknownValue],
  ["in its app", (given) => ({ ...given, app: unknownValue })],
  ["in its credentials", (given) => ({ ...given, credentials: unknownValue })],
])("a connection that is not known yet %s fails no preview", async (_what, make) => {
  const { app, environment, arguments: given } = await account();
  const destination = { ...app, connection: make(given) };
  const client = await start(environment);
  expect((await client.check({ urn, olds: {}, news: { source, destination } })).reasons).toEqual([]);
});

test("a connection of another app is refused also where its credentials are not known yet", async () => {
  const { app, environment, arguments: given } = await account();
  const destination = { ...app, connection: { ...given, app: "netlify", credentials: unknownValue } };
  const client = await start(environment);
  const { reasons } = await client.check({ urn, olds: {}, news: { source, destination } });
  expect(reasons.join()).toContain("connection.wrong_app");
});
