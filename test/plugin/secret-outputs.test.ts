// Outputs that repeat an argument: what is a secret there stays one, because the engine leaves that to a provider that takes secrets.

import { expect, onTestFinished, test } from "vitest";
import { type Properties, secret } from "../../provider/lifecycle/engine/wire.js";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { plain } from "../lifecycle/envelopes.js";
import { openPlugin } from "./process.js";

const urn = "urn:pulumi:test::world::secret-sync:index:Connection::ocean";

/** A connection whose origin and description are secrets, created. */
async function connected() {
  const cloud = await startDigitalOcean({});
  onTestFinished(() => cloud.close());
  const client = await openPlugin();
  const news: Properties = {
    app: "digital-ocean",
    method: "api-token",
    credentials: { apiToken: secret(cloud.token) },
    baseUrl: secret(cloud.url),
    description: secret("canary-description"),
  };
  const { inputs } = await client.check({ urn, olds: {}, news });
  return { cloud, client, news, inputs, made: await client.create({ urn, news: inputs }) };
}

/** What everybody sees of an answer. */
const shown = (outputs: Properties) =>
  JSON.stringify(outputs, (_key, value: unknown) => (isSecret(value) ? null : value));
const isSecret = (value: unknown) =>
  typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;

test("a new connection, its preview and its change show none of them, nor the fingerprint of its credentials", async () => {
  const { cloud, client, news, inputs, made } = await connected();
  const preview = await client.create({ urn, news: inputs, isPreview: true });
  const change = { urn, id: made.id, olds: plain(made.outputs), oldInputs: inputs };
  const next = await client.check({ urn, olds: inputs, news: { ...news, name: "renamed" } });
  const updated = await client.update({ ...change, news: next.inputs });
  for (const outputs of [made.outputs, preview.outputs, updated]) {
    expect(plain(outputs)).toMatchObject({ baseUrl: cloud.url, description: "canary-description" });
    expect(shown(outputs)).not.toMatch(/127\.0\.0\.1|canary/);
    expect(isSecret(outputs["credentialsHash"])).toBe(true);
  }
  expect(updated["name"]).toBe("renamed");
});

test("a refresh that finds nothing new changes nothing, in state of an earlier version either", async () => {
  const { client, inputs, made } = await connected();
  const refresh = async (olds: Properties) =>
    (await client.read({ urn, id: made.id, olds, oldInputs: inputs })).outputs;
  expect(await refresh(made.outputs)).toEqual(made.outputs);
  const earlier = { ...plain(made.outputs), mark: made.outputs["mark"] };
  expect(await refresh(earlier)).toEqual(earlier);
});
