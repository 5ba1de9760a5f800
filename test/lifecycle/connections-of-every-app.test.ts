// Every app's connection through its life: proven once, renamed without a call, rotated with one, refused by field.

import { describe, expect, onTestFinished, test } from "vitest";
import type { ConnectionApp } from "../../schema/index.js";
import { startDoppler } from "../emulators/doppler/index.js";
import { startInfisical } from "../emulators/infisical/index.js";
import { type Received, startLoopback } from "../emulators/loopback.js";
import { MACHINE, startNetlify } from "../emulators/netlify/index.js";
import { type Declaration, openStack, said, type Stack } from "./stack.js";

/** A vendor that knows two secrets, and how a connection shows one of them. */
interface Vendor {
  readonly baseUrl: string;
  readonly method: string;
  readonly credentials: (secret: string) => Readonly<Record<string, string>>;
  /** Calls that reached it so far. */
  readonly calls: () => number;
  readonly account: string;
}

type Opening = (stack: Stack, secrets: readonly string[]) => Promise<Vendor>;

const vendors: { readonly [A in ConnectionApp]: Opening } = {
  "digital-ocean": async ({ cloud }, secrets) => {
    for (const secret of secrets) cloud.tokens.set(secret, { scopes: ["app:read", "app:update", "account:read"] });
    return {
      baseUrl: cloud.url,
      method: "api-token",
      credentials: (apiToken) => ({ apiToken }),
      calls: () => cloud.requests.length,
      account: "owner@example.com",
    };
  },
  netlify: async (_stack, secrets) => {
    const tokens = Object.fromEntries(secrets.map((secret) => [secret, { user: MACHINE }]));
    const netlify = await startNetlify({ tokens });
    onTestFinished(() => netlify.close());
    return {
      baseUrl: netlify.url,
      method: "access-token",
      credentials: (accessToken) => ({ accessToken }),
      calls: () => netlify.requests.length,
      account: "sync@example.com",
    };
  },
  infisical: async (_stack, secrets) => {
    const server = await startInfisical();
    onTestFinished(() => server.close());
    for (const clientSecret of secrets) server.instance.identities.push({ clientId: "id", clientSecret });
    return {
      baseUrl: server.origin,
      method: "universal-auth",
      credentials: (clientSecret) => ({ clientId: "id", clientSecret }),
      calls: () => server.received.length,
      account: "unknown",
    };
  },
  doppler: async (_stack, secrets) => {
    const server = await startDoppler();
    onTestFinished(() => server.close());
    for (const secret of secrets) server.tokens.set(secret, "all");
    return {
      baseUrl: server.origin,
      method: "service-token",
      credentials: (serviceToken) => ({ serviceToken }),
      calls: () => server.received.length,
      account: "Acme / deploy",
    };
  },
  vault: async (_stack, secrets) => {
    const server = await startLoopback(({ headers }: Received) =>
      secrets.includes(String(headers["x-vault-token"]))
        ? { status: 200, body: { data: { display_name: "token-ci" } } }
        : { status: 403, body: { errors: ["permission denied"] } },
    );
    onTestFinished(() => server.close());
    return {
      baseUrl: server.origin,
      method: "token",
      credentials: (token) => ({ token }),
      calls: () => server.received.length,
      account: "token-ci",
    };
  },
  aws: async (_stack, secrets) => {
    // The secret key signs and is never sent, so the id of the key shows which one it is.
    const server = await startLoopback(({ headers }: Received) =>
      secrets.some((_secret, at) => String(headers.authorization).includes(`AKIA${String(at)}`))
        ? { status: 200, body: { SecretList: [] } }
        : { status: 400, body: { __type: "UnrecognizedClientException", message: "The security token is invalid" } },
    );
    onTestFinished(() => server.close());
    return {
      baseUrl: server.origin,
      method: "access-key",
      credentials: (secretAccessKey) => ({
        accessKeyId: `AKIA${String(secrets.indexOf(secretAccessKey))}`,
        secretAccessKey,
      }),
      calls: () => server.received.length,
      account: "unknown",
    };
  },
};

async function open(app: ConnectionApp) {
  const stack = await openStack();
  const [one, two] = [stack.secret("one"), stack.secret("two")] as const;
  const vendor = await vendors[app](stack, [one, two]);
  const { baseUrl, method } = vendor;
  const connect = (secret: string, rest: object = {}): Declaration => ({
    kind: "connection",
    name: "it",
    args: { app, method, baseUrl, credentials: vendor.credentials(secret), ...rest },
  });
  return { stack, vendor, one, two, connect };
}

describe.each(Object.keys(vendors) as ConnectionApp[])("a %s connection", (app) => {
  test("is proven when it is made and when its credentials change, and by nothing else", async () => {
    const { stack, vendor, one, two, connect } = await open(app);
    const created = await stack.up([connect(one)]);
    expect(created.problems).toBe("");
    expect(stack.outputs("it")).toMatchObject({ app, version: 1, account: vendor.account });
    const proof = vendor.calls();
    expect(proof).toBeGreaterThan(0);

    expect((await stack.preview([connect(one, { name: "renamed", description: "new" })])).problems).toBe("");
    await stack.up([connect(one, { name: "renamed", description: "new" })]);
    expect(stack.outputs("it")).toMatchObject({ version: 2, name: "renamed", account: vendor.account });
    expect(vendor.calls()).toBe(proof);

    await stack.up([connect(two, { name: "renamed", description: "new" })]);
    expect(stack.outputs("it")).toMatchObject({ version: 3 });
    expect(vendor.calls()).toBe(2 * proof);
    await stack.destroy();
    expect(vendor.calls()).toBe(2 * proof);
  });

  test("that is refused is reported by the preview, and is not made", async () => {
    const { stack, connect } = await open(app);
    const refused = stack.secret("refused");
    for (const run of [await stack.preview([connect(refused)]), await stack.up([connect(refused)])])
      expect(run.problems).toMatch(/(?:http|source)\.(?:unauthorized|forbidden): /);
    expect(stack.state.size).toBe(0);
  });

  test.each<[string, object, RegExp]>([
    ["another method", { method: "oauth" }, /^argument\.invalid: method: must be "/],
    [
      "no credentials",
      { credentials: undefined },
      /^argument\.invalid: credentials: is missing; it must be an object$/,
    ],
    ["credentials of something else", { credentials: { pin: "1" } }, /credentials: unknown field "pin"; valid names: /],
    [
      "a gateway",
      { gatewayId: "g" },
      /^argument\.invalid: gatewayId: is not supported for these connections: leave it out$/,
    ],
    [
      "a rotation",
      { rotation: {} },
      /^argument\.invalid: rotation: is not supported for these connections: leave it out$/,
    ],
    [
      "automatic rotation",
      { isAutoRotationEnabled: true },
      /^argument\.invalid: isAutoRotationEnabled: is not supported for these connections: only false is accepted$/,
    ],
    [
      "credentials that the platform manages",
      { isPlatformManagedCredentials: true },
      /^argument\.invalid: isPlatformManagedCredentials: is not supported for these connections: only false is accepted$/,
    ],
    ["a name that is no slug", { name: "My Name" }, /^argument\.invalid: name: must be a slug/],
    ["a name that is too long", { name: "n".repeat(65) }, /^argument\.invalid: name: must have at most 64 characters$/],
    [
      "a description that is too long",
      { description: "d".repeat(257) },
      /^argument\.invalid: description: must have at most 256/,
    ],
  ])("with %s is refused by the field's name, without a call", async (_what, rest, says) => {
    const { stack, vendor, one, connect } = await open(app);
    const run = await stack.preview([connect(one, rest)]);
    expect(run.problems.trim()).toMatch(says);
    expect(vendor.calls()).toBe(0);
  });

  test("with what the reference allows for the fields that do not exist here is accepted", async () => {
    const { stack, one, connect } = await open(app);
    const allowed = {
      gatewayId: null,
      rotation: null,
      isAutoRotationEnabled: false,
      isPlatformManagedCredentials: false,
    };
    expect((await stack.preview([connect(one, allowed)])).problems).toBe("");
  });
});

test("a token that may not write is reported with its account, and does not fail by itself", async () => {
  const { stack, connect } = await open("digital-ocean");
  stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const reader = stack.secret("reader");
  stack.cloud.tokens.set(reader, { scopes: ["app:read", "account:read"], email: "reader@example.com" });
  const warning = "the token lacks app:update: a sync that uses this connection cannot write";
  expect(said(await stack.preview([connect(reader)]))).toBe(warning);
  expect(said(await stack.up([connect(reader)]))).toBe(warning);
  expect(stack.outputs("it")["account"]).toBe("reader@example.com, lacks app:update");
});
