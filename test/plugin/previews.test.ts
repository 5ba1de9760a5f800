// Previews over the plugin's protocol: the engine says with the step, not with the check, that it is one. All that a preview does comes then.

import { expect, onTestFinished, test } from "vitest";
import { type Properties, secret } from "../../provider/lifecycle/engine/wire.js";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { openPlugin } from "./process.js";

const urnOf = (type: string, name: string) => `urn:pulumi:test::world::secret-sync:index:${type}::${name}`;
const web = urnOf("SecretSync", "web");

async function openShop(envs: readonly { key: string; value: string }[] = []) {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 } });
  onTestFinished(() => cloud.close());
  cloud.createApp({ name: "shop", envs: [...envs] });
  const client = await openPlugin({ DIGITALOCEAN_API_URL: cloud.url, DIGITALOCEAN_TOKEN: cloud.token });
  const calls = (what: string) =>
    cloud.requests.filter(({ method, template }) => `${method} ${template}` === what).length;
  return { cloud, client, asked: () => calls("POST /v2/apps/propose"), written: () => calls("PUT /v2/apps/{id}") };
}

const program = (values: Record<string, string>) => ({
  source: {
    type: "inline",
    values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, secret(value)])),
  },
  destination: { type: "digital-ocean-app-platform", appName: "shop" },
});

const told = (step: Promise<unknown>) =>
  step.then(
    () => "nothing is refused",
    ({ details }: { details: string }) => details,
  );

test("the preview of a new sync names its keys, asks the platform about the write, and writes nothing", async () => {
  const { client, asked, written } = await openShop();
  const { inputs, reasons } = await client.check({ urn: web, olds: {}, news: program({ API_KEY: "ours" }) });
  expect([reasons, client.said, asked()]).toEqual([[], [], 0]);
  await client.create({ urn: web, news: inputs, isPreview: true });
  expect(client.said.join("\n")).toContain("+ app/API_KEY");
  expect([asked(), written()]).toEqual([1, 0]);
});

test("the update of a new sync asks nobody before its write", async () => {
  const { client, asked, written } = await openShop();
  const { inputs } = await client.check({ urn: web, olds: {}, news: program({ API_KEY: "ours" }) });
  await client.create({ urn: web, news: inputs });
  expect([asked(), written()]).toEqual([0, 1]);
});

test("the preview of a new sync refuses a key of somebody else", async () => {
  const { client, asked } = await openShop([{ key: "API_KEY", value: "theirs" }]);
  const { inputs } = await client.check({ urn: web, olds: {}, news: program({ API_KEY: "ours" }) });
  const refusal = await told(client.create({ urn: web, news: inputs, isPreview: true }));
  expect(refusal).toMatch(/^conflict\.exists: .*API_KEY/);
  expect(asked()).toBe(0);
});

test("the preview of a change asks the platform about the write", async () => {
  const { client, asked, written } = await openShop();
  const first = await client.check({ urn: web, olds: {}, news: program({ API_KEY: "ours" }) });
  const { id, outputs } = await client.create({ urn: web, news: first.inputs });
  const { inputs } = await client.check({ urn: web, olds: first.inputs, news: program({ API_KEY: "newer" }) });
  const change = { urn: web, id, olds: outputs, oldInputs: first.inputs, news: inputs };
  await client.diff(change);
  expect(asked()).toBe(0);
  await client.update({ ...change, isPreview: true });
  expect([asked(), written()]).toEqual([1, 1]);
});

test("the preview of a connection proves its credentials", async () => {
  const { cloud, client } = await openShop();
  const urn = urnOf("Connection", "ocean");
  const news: Properties = {
    app: "digital-ocean",
    method: "api-token",
    credentials: { apiToken: secret("dop_v1_revoked") },
    baseUrl: cloud.url,
  };
  const { inputs, reasons } = await client.check({ urn, olds: {}, news });
  expect(reasons).toEqual([]);
  expect(await told(client.create({ urn, news: inputs, isPreview: true }))).toMatch(
    /^http\.unauthorized: DigitalOcean does not accept the token/,
  );
});
