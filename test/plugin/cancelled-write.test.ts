// A run that is cancelled while nobody knows what became of a write: the keys stay ours, because they may be there.

import { expect, test } from "vitest";
import { secret } from "../../provider/lifecycle/engine/wire.js";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { startNetlify } from "../emulators/netlify/index.js";
import { readUnfinished, type Refusal } from "../lifecycle/plugin-client.js";
import { onEnd } from "../running.js";
import { openPlugin } from "./process.js";

const urn = "urn:pulumi:test::world::secret-sync:index:SecretSync::web";

/** Creates a sync of one key. @returns the keys that state keeps of it, and why it failed */
async function create(environment: Record<string, string>, destination: object, arrange: (cancel: () => void) => void) {
  const client = await openPlugin(environment);
  const news = { source: [{ type: "inline", values: { A: secret("one") } }], destination };
  const { inputs } = await client.check({ urn, olds: {}, news });
  arrange(() => void client.cancel());
  const error = await client.create({ urn, news: inputs }).then(
    () => expect.fail("was created"),
    (reason: Refusal) => reason,
  );
  return { keys: readUnfinished(error)?.outputs["managedKeys"], told: error.details };
}

test("a spec of App Platform", async () => {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 } });
  onEnd(() => cloud.close());
  const { id: appId } = cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const environment = { DIGITALOCEAN_API_URL: cloud.url, DIGITALOCEAN_TOKEN: cloud.token };
  const { keys, told } = await create(environment, { type: "digital-ocean-app-platform", appId }, (cancel) => {
    cloud.onRequest({ method: "PUT" }, cancel);
    cloud.faults.add({ match: { method: "PUT" }, status: 524 });
  });
  expect(keys).toEqual(["A"]);
  expect(told).toMatch(/write\.unconfirmed/);
});

test("new variables of Netlify", async () => {
  const netlify = await startNetlify();
  onEnd(() => netlify.close());
  const site = netlify.addSite();
  const environment = { NETLIFY_API_URL: netlify.url, NETLIFY_AUTH_TOKEN: netlify.token };
  const destination = { type: "netlify", siteId: site.id, contexts: ["production"] };
  const { keys } = await create(environment, destination, (cancel) => {
    netlify.onRequest({ method: "POST", path: /\/env$/ }, cancel);
    netlify.faults.add({ match: { method: "POST", path: /\/env$/ }, status: 504 });
  });
  expect(keys).toEqual(["A"]);
});
