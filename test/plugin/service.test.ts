// The plugin's protocol over a real connection: what the engine learns before and beside the resources.

import { expect, onTestFinished, test } from "vitest";
import { connectionArguments, syncArguments } from "../../provider/argument-names.js";
import { systemClock } from "../../provider/clock.js";
import { checkConfiguration, readConfiguration } from "../../provider/plugin/configuration.js";
import { createCancellation } from "../../provider/plugin/cancellation.js";
import { type Properties, secret, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { refuseUnknown } from "../../provider/resources/known-arguments.js";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { type Refusal } from "../lifecycle/plugin-client.js";
import { openPlugin } from "./process.js";

test("the handshake takes secrets and references of resources", async () => {
  const client = await openPlugin();
  const answer = await client.handshake("127.0.0.1:1");
  expect([answer.getAcceptSecrets(), answer.getAcceptResources(), answer.getAcceptOutputs()]).toEqual([
    true,
    true,
    false,
  ]);
});

test("an error has a status, every problem in its text, and no stack", async () => {
  const client = await openPlugin();
  const urn = "urn:pulumi:test::world::secret-sync:index:Other::web";
  const refusal = (await client.check({ urn, olds: {}, news: {} }).catch((error: unknown) => error)) as Refusal;
  expect(refusal).toMatchObject({
    code: 3,
    details: expect.stringMatching(/^argument\.invalid: .*SecretSync and Connection/),
  });
  expect(refusal.details).not.toMatch(/\n\s+at /);
});

test.each([
  ["SecretSync", "sauce", 'did you mean "source"?'],
  ["SecretSync", "is_enabled", 'did you mean "isEnabled"?'],
  ["SecretSync", "adoptExisting", "it belongs in syncOptions"],
  ["SecretSync", "appName", "it belongs in destination"],
  ["SecretSync", "zone", "valid names: name, description, source, destination, syncOptions, isEnabled"],
  ["Connection", "credential", 'did you mean "credentials"?'],
  ["Connection", "apiToken", "it belongs in credentials"],
])(
  "a %s with the argument %s is refused with the right form, once, in the words of a TypeScript program",
  async (type, name, said) => {
    const client = await openPlugin();
    const urn = `urn:pulumi:test::world::secret-sync:index:${type}::web`;
    const { reasons } = await client.check({ urn, olds: {}, news: { [name]: "x", source: [], destination: {} } });
    const sentence = `there is no argument ${JSON.stringify(name)}; ${said}`;
    expect(
      reasons
        .join()
        .split("\n")
        .filter((line) => line.includes(JSON.stringify(name))),
    ).toEqual([expect.stringContaining(`argument.invalid: ${sentence}`)]);
    const names = type === "SecretSync" ? syncArguments : connectionArguments;
    expect(() => refuseUnknown({ [name]: "x" }, names)).toThrow(`argument.invalid: ${sentence}`);
  },
);

test("tokens of the provider's settings are secrets, and an unknown setting is reported", () => {
  const { inputs, problems } = checkConfiguration({
    digitaloceanToken: "canary",
    netlifyApiUrl: "http://x",
    version: "1.0.0",
  });
  expect(JSON.stringify(inputs["digitaloceanToken"])).toMatch(/^\{"4dabf18193072939515e22adb298388d".*canary/);
  expect(inputs["netlifyApiUrl"]).toBe("http://x");
  expect(problems).toEqual([]);
  expect(checkConfiguration({ digitalOceanToken: "x" }).problems).toMatchObject([
    {
      code: "argument.invalid",
      message: expect.stringMatching(/"digitalOceanToken"; did you mean "digitaloceanToken"\?/),
    },
  ]);
  expect(checkConfiguration({ vaultAddress: "x" }).problems).toMatchObject([
    { message: expect.stringMatching(/"vaultAddress"; valid names: digitaloceanToken, /) },
  ]);
});

test("a setting that is no text is reported by name and kind: nothing else takes its place", () => {
  const { problems } = checkConfiguration({
    digitaloceanToken: 5_551_234,
    digitaloceanApiUrl: null,
    netlifyToken: ["canary"],
    netlifyApiUrl: unknownValue,
    constructor: "x",
  });
  expect(problems.map(({ message }) => message)).toEqual([
    'the provider\'s setting "digitaloceanToken" must be a string, not a number',
    'the provider\'s setting "netlifyToken" must be a string, not a list',
    expect.stringMatching(/^the provider has no setting "constructor"; valid names: /),
  ]);
});

test("another setting is a difference that replaces nothing: the engine goes on with the recorded ones otherwise", async () => {
  const client = await openPlugin();
  const diff = (oldInputs: Properties, news: Properties) => client.diffConfig({ olds: oldInputs, oldInputs, news });
  const token = (value: string) => ({ digitaloceanToken: secret(value), version: "1.0.0" });
  expect(await diff(token("a"), token("a"))).toEqual({ acts: false, replaces: [], paths: [] });
  expect(await diff(token("a"), token("b"))).toEqual({ acts: true, replaces: [], paths: ["digitaloceanToken"] });
  expect(await diff({}, token("b"))).toMatchObject({ acts: true, replaces: [] });
  expect(await diff(token("a"), { ...token("a"), netlifyApiUrl: "http://127.0.0.1:1" })).toEqual({
    acts: true,
    replaces: [],
    paths: ["netlifyApiUrl"],
  });
});

test("settings stand for the keys of the stack's configuration", () => {
  const read = readConfiguration({ digitaloceanToken: "t", netlifyToken: null, netlifyApiUrl: "u" });
  expect(["digitalocean:token", "netlify:token", "netlify:apiEndpoint"].map(read)).toEqual(["t", undefined, "u"]);
});

test("an empty token is no reason to take another one, and an empty endpoint is none", async () => {
  const cloud = await startDigitalOcean({});
  onTestFinished(() => cloud.close());
  const client = await openPlugin({ DIGITALOCEAN_TOKEN: cloud.token, DIGITALOCEAN_API_URL: cloud.url });
  cloud.createApp({ name: "shop" });
  await client.configure({ digitaloceanToken: "", digitaloceanApiUrl: "" });
  const urn = "urn:pulumi:test::world::secret-sync:index:SecretSync::web";
  const source = [{ type: "inline", values: { A: "1" } }];
  const news = { source, destination: { type: "digital-ocean-app-platform", appName: "shop" } };
  expect((await client.check({ urn, olds: {}, news })).reasons).toEqual([
    expect.stringMatching(/^connection\.missing: no credentials found for digital-ocean-app-platform/),
  ]);
});

test("a cancel ends the wait that is under way, and every later one", async () => {
  const cancellation = createCancellation();
  const clock = cancellation.attend(systemClock);
  const waiting = clock.sleep(60_000);
  cancellation.cancel();
  await waiting;
  await clock.sleep(60_000);
  expect(cancellation.isCancelled()).toBe(true);
});
