// What a program has marked as a secret stays one under every name, and a token is in no input.

import { expect, test } from "vitest";
import { host } from "../lifecycle/host.js";
import { openStack, type Run, type Stack, sync, urnOf } from "../lifecycle/stack.js";

const scopes = ["app:read", "app:update"];

/** The answers of the provider without the arguments that it repeats under their own names: the engine keeps those secret. */
function listDerived(runs: readonly Run[]): string {
  const repeated = new Set(["name", "description", "syncOptions", "source", "destination"]);
  return JSON.stringify(
    runs.map(({ shown }) => shown),
    (key, value: unknown) => (repeated.has(key) ? undefined : value),
  );
}

async function connected(): Promise<{ stack: Stack; runs: Run[]; token: string }> {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const token = "dop_v1_of_the_connection";
  stack.environment = {};
  stack.cloud.tokens.set(token, { scopes });
  const connection = {
    app: "digital-ocean",
    method: "api-token",
    credentials: { apiToken: token },
    baseUrl: stack.cloud.url,
  };
  const program = [
    sync(
      "web",
      { A: stack.secret("a") },
      {
        name: "hidden-name",
        destination: { appId, connection },
        syncOptions: { keySchema: "{{secretKey}}", environment: "hidden-environment" },
      },
    ),
  ];
  return { stack, runs: [await stack.preview(program), await stack.up(program), await stack.up(program)], token };
}

test("a secret argument is plain nowhere, not even under another name", async () => {
  const { stack, runs } = await connected();
  expect(runs.map(({ problems }) => problems).join("")).toBe("");
  const derived = listDerived(runs);
  expect(derived).toContain("managedKeys");
  for (const text of ["hidden-name", "hidden-environment", "{{secretKey}}", stack.cloud.url])
    expect(derived).not.toContain(text);
});

test("the token of a connection is kept once, where destroy finds it", async () => {
  const { stack, runs, token } = await connected();
  const { inputs, outputs } = stack.state.get(urnOf("secret-sync", "web")) ?? {};
  const [kept, other] = host.name === "plugin" ? [inputs, outputs] : [outputs, inputs];
  expect(JSON.stringify(other)).not.toContain(token);
  expect(JSON.stringify(kept)).toContain(token);
  expect(JSON.stringify(runs.map(({ shown }) => shown))).not.toContain(token);
  const record = JSON.parse(String(stack.resource("web").outputs["record"])) as Record<string, unknown>;
  expect(record).toMatchObject({ authority: { credentials: { apiToken: token } } });
});

test("a disabled sync keeps no token", async () => {
  const { stack, token } = await connected();
  const { inputs } = stack.resource("web");
  const destination = {
    ...(inputs["destination"] as object),
    connection: {
      app: "digital-ocean",
      method: "api-token",
      credentials: { apiToken: token },
      baseUrl: stack.cloud.url,
    },
  };
  const run = await stack.up([sync("web", { A: "a" }, { destination, isEnabled: false })]);
  expect(run.problems).toBe("");
  expect(JSON.stringify([...stack.state])).not.toContain(token);
});
