// A connection proves its credentials when they change, and keeps none of them.

import { describe, expect, test } from "vitest";
import { diffConnection } from "../../provider/lifecycle/connection.js";
import { readConnectionInputs, readConnectionState } from "../../provider/lifecycle/state/connection-state.js";
import { type Properties, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { type Declaration, openStack, puts, type Run, type Stack, sync, urnOf, valuesAt } from "./stack.js";

function connect(stack: Stack, token: string, rest: Properties = {}): Declaration {
  const credentials = { apiToken: token };
  const args = { app: "digital-ocean", method: "api-token", credentials, baseUrl: stack.cloud.url, ...rest };
  return { kind: "connection", name: "ocean", args };
}

function proofs(run: Run): number {
  return run.calls["GET /v2/apps"] ?? 0;
}

/** A token that must never be seen, with the rights that a sync needs. */
function newToken(stack: Stack, name: string): string {
  const token = stack.secret(name);
  stack.cloud.tokens.set(token, { scopes: ["app:read", "app:update", "account:read"], email: `${name}@example.com` });
  return token;
}

test("creating proves once, renaming never, rotating once", async () => {
  const stack = await openStack();
  const [one, two] = [newToken(stack, "one"), newToken(stack, "two")];
  const created = await stack.up([connect(stack, one)]);
  expect(created.problems).toBe("");
  expect(proofs(created)).toBe(1);
  expect(stack.outputs("ocean")).toMatchObject({ account: "one@example.com", version: 1 });
  const hash = stack.outputs("ocean")["credentialsHash"];

  expect((await stack.up([connect(stack, one)])).calls).toEqual({});
  expect((await stack.up([connect(stack, one, { name: "renamed", description: "new" })])).calls).toEqual({});
  expect(stack.outputs("ocean")).toMatchObject({ account: "one@example.com", version: 2, name: "renamed" });

  const rotated = await stack.up([connect(stack, two)]);
  expect(proofs(rotated)).toBe(1);
  expect(stack.outputs("ocean")).toMatchObject({ account: "two@example.com", version: 3 });
  expect(stack.outputs("ocean")["credentialsHash"]).not.toBe(hash);
  expect((await stack.destroy()).calls).toEqual({});
});

test("a process that was never given the credentials proves nothing, and says so", async () => {
  const stack = await openStack();
  await stack.up([connect(stack, newToken(stack, "one"))]);
  const asked = stack.cloud.requests.length;
  const provider = await stack.open();
  const urn = urnOf("connection", "ocean");
  const { inputs } = stack.state.get(urn)!;
  await expect(provider.create(urn, inputs)).rejects.toThrow(/^values\.lost: .*credentials; run up again/);
  expect(stack.cloud.requests).toHaveLength(asked);
});

test.each([
  ["the environment", "DIGITALOCEAN_API_URL"],
  ["stack configuration", "digitalocean:apiEndpoint"],
])("without baseUrl the token is proven at the endpoint of %s, in preview and update", async (_where, place) => {
  const stack = await openStack();
  const token = newToken(stack, "one");
  delete stack.environment["DIGITALOCEAN_API_URL"];
  if (place.includes(":")) stack.config[place] = stack.cloud.url;
  else stack.environment[place] = stack.cloud.url;
  const program = [connect(stack, token, { baseUrl: undefined })];
  for (const run of [await stack.preview(program), await stack.up(program)]) {
    expect(run.problems).toBe("");
    expect(proofs(run)).toBe(1);
  }
});

test("a token that may not say whose it is still proves itself", async () => {
  const stack = await openStack();
  const token = stack.secret("narrow");
  stack.cloud.tokens.set(token, { scopes: ["app:read", "app:update"] });
  expect((await stack.up([connect(stack, token)])).problems).toBe("");
  expect(stack.outputs("ocean")["account"]).toBe("unknown");
});

test("a refused token is told by the preview and by up, and nothing behind it happens", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const token = stack.secret("refused");
  const program = [connect(stack, token), sync("web", { A: stack.secret("a") }, { destination: { appId } })];
  const preview = await stack.preview([connect(stack, token)]);
  expect(preview.problems).toMatch(/http\.unauthorized/);
  const up = await stack.up(program);
  expect(up.failures.map(({ urn }) => urn)).toEqual([urnOf("connection", "ocean")]);
  expect(puts(up)).toBe(0);
  expect(stack.state.size).toBe(0);
});

describe("arguments", () => {
  test.each<[string, Properties, RegExp]>([
    ["an unknown method", { method: "oauth" }, /method/],
    ["an unknown app", { app: "heroku" }, /app/],
    ["a name that is no slug", { name: "My Ocean" }, /name: must be a slug/],
    ["a description that is too long", { description: "d".repeat(257) }, /description/],
    ["plain http to another host", { baseUrl: "http://example.com" }, /plain http is only allowed to loopback/],
    ["credentials of another method", { credentials: { accessToken: "canary-x" } }, /credentials/],
    ["an empty token", { credentials: { apiToken: "" } }, /apiToken: must not be empty/],
    ["a gateway", { gatewayId: "g" }, /gatewayId: /],
    ["a rotation", { rotation: {} }, /rotation: /],
    ["platform-managed credentials", { isPlatformManagedCredentials: true }, /only false is accepted/],
  ])("%s is refused", async (_name, rest, says) => {
    const stack = await openStack();
    stack.canaries.add("canary-x");
    const token = newToken(stack, "token");
    const run = await stack.up([connect(stack, token, rest)]);
    expect(run.problems).toMatch(says);
    expect(run.calls).toEqual({});
  });

  test("credentials that are not known yet wait", async () => {
    const stack = await openStack();
    const run = await stack.preview([connect(stack, unknownValue)]);
    expect(run.problems).toBe("");
    expect(run.calls).toEqual({});
  });
});

test.each(["app", "method"])("another %s replaces", (field) => {
  const olds = { app: "digital-ocean", method: "api-token", mark: "x" };
  const diff = (value: string) =>
    diffConnection(readConnectionState(olds), readConnectionInputs({ ...olds, [field]: value }));
  expect(diff("other")).toEqual({ changes: undefined, replaces: [field] });
  expect(diff(unknownValue).replaces).toBeUndefined();
});

describe("a sync with an explicit connection", () => {
  async function synced() {
    const stack = await openStack();
    const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    stack.environment = {};
    const values = { A: stack.secret("a") };
    const program = (apiToken: string, at = appId) => {
      const connection = {
        app: "digital-ocean",
        method: "api-token",
        credentials: { apiToken },
        baseUrl: stack.cloud.url,
      };
      return [sync("web", values, { destination: { appId: at, connection } })];
    };
    // State holds this token on purpose, so it is no canary.
    const grant = (token: string) => {
      stack.cloud.tokens.set(token, { scopes: ["app:read", "app:update"] });
      return token;
    };
    const run = await stack.up(program(grant("token-one")));
    expect(run.problems).toBe("");
    return { stack, appId, values, program, grant };
  }

  test("keeps its token in one secret place, and nowhere else", async () => {
    const { stack } = await synced();
    const kept = stack.resource("web");
    const record = JSON.parse(String(kept.outputs["record"])) as Properties;
    const without = {
      inputs: { ...kept.inputs, __credentials: undefined },
      outputs: { ...kept.outputs, record: { ...record, authority: undefined } },
    };
    expect(JSON.stringify(kept)).toContain("token-one");
    expect(JSON.stringify(without)).not.toContain("token-one");
  });

  test("writes nothing when the token is rotated, and destroys with the new one", async () => {
    const { stack, appId, program, grant } = await synced();
    const rotated = program(grant("token-two"));
    expect((await stack.preview(rotated)).steps).toMatchObject([{ op: "update" }]);
    const up = await stack.up(rotated);
    expect(up.problems).toBe("");
    expect(puts(up)).toBe(0);
    stack.cloud.tokens.delete("token-one");
    expect(JSON.stringify([...stack.state])).not.toContain("token-one");
    const destroyed = await stack.destroy();
    expect(destroyed.problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({});
  });

  describe("that moves to another app, with its token replaced and the old one revoked", () => {
    async function moving() {
      const { stack, appId, values, program, grant } = await synced();
      const { id: other } = stack.cloud.createApp({ name: "other", services: [{ name: "web" }] });
      const next = program(grant("token-two"), other);
      stack.cloud.tokens.delete("token-one");
      return { stack, appId, values, other, next };
    }

    test("leaves nothing at the first one", async () => {
      const { stack, appId, values, other, next } = await moving();
      expect((await stack.up(next)).problems).toBe("");
      expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual([{}, values]);
    });

    test("keeps its keys there if the new token leads to another account", async () => {
      const { stack, appId, values, next } = await moving();
      const path = new RegExp(`/apps/${appId}$`);
      const body = { id: "not_found", message: "The resource you were accessing could not be found." };
      stack.cloud.faults.add({ match: { method: "GET", path, nth: 2, times: Infinity }, status: 404, body });
      expect((await stack.up(next)).problems).toMatch(/^http\.unauthorized: .* the token from the stack's state/);
      expect(valuesAt(stack, appId)).toEqual(values);
    });
  });
});

test("stack config is preferred to the environment, and its token is in no state", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  stack.environment["DIGITALOCEAN_TOKEN"] = stack.secret("wrong");
  stack.config["digitalocean:token"] = newToken(stack, "configured");
  const run = await stack.up([sync("web", { A: stack.secret("a") }, { destination: { appId } })]);
  expect(run.problems).toBe("");
  expect((await stack.destroy()).problems).toBe("");
});
