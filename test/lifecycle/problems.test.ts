// Everything that is wrong is told at once, by name and with the remedy, before anything is written.

import { describe, expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { host } from "./host.js";
import { openStack, puts, type Run, type Stack, sync } from "./stack.js";

async function shop(): Promise<{ stack: Stack; appId: string }> {
  const stack = await openStack();
  const { id } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  return { stack, appId: id };
}

/** The failure of both a preview and an update, which must be told in the same words; nothing may be written. */
async function failureOf(stack: Stack, args: Properties, values: unknown = { A: stack.secret("a") }): Promise<string> {
  const { destination, ...rest } = args;
  const program = [sync("web", values, { destination: destination as Properties, ...rest })];
  const preview = await stack.preview(program);
  expectNothing(preview);
  expectNothing(await stack.up(program));
  expect(stack.state.size).toBe(0);
  expect(preview.failures).toHaveLength(1);
  return preview.problems;
}

function expectNothing(run: Run): void {
  expect(puts(run)).toBe(0);
  expect(run.failures).not.toEqual([]);
}

describe("one argument is wrong", () => {
  const cases: Array<{ name: string; args: (appId: string) => Properties; says: RegExp }> = [
    {
      name: "a name that is no slug",
      args: (appId) => ({ name: "Not A Slug", destination: { appId } }),
      says: /^argument\.invalid: name: must be a slug/,
    },
    {
      name: "a name that is too long",
      args: (appId) => ({ name: "a".repeat(257), destination: { appId } }),
      says: /name: must have at most 256/,
    },
    {
      name: "a description that is too long",
      args: (appId) => ({ description: "d".repeat(257), destination: { appId } }),
      says: /description: must have at most 256/,
    },
    {
      name: "an unknown option",
      args: (appId) => ({ syncOptions: { adoptExistin: true }, destination: { appId } }),
      says: /syncOptions.*adoptExistin/,
    },
    {
      name: "an unknown destination field",
      args: (appId) => ({ destination: { appId, component: "web" } }),
      says: /destination.*component/,
    },
    {
      name: "a wrong scope",
      args: (appId) => ({ destination: { appId, scope: "RUNTIME" } }),
      says: /destination\.scope/,
    },
    {
      name: "an unknown destination type",
      args: (appId) => ({ destination: { appId, type: "heroku" } }),
      says: /destination/,
    },
    {
      name: "neither appId nor appName",
      args: () => ({ destination: {} }),
      says: /`appId` or `appName` must be given/,
    },
    {
      name: "a key schema without the key",
      args: (appId) => ({ syncOptions: { keySchema: "APP" }, destination: { appId } }),
      says: /keySchema: must contain \{\{secretKey\}\}/,
    },
    {
      name: "a switch that is a text",
      args: (appId) => ({ isEnabled: "no", destination: { appId } }),
      says: /isEnabled: must be true or false/,
    },
    {
      name: "an app that does not exist",
      args: () => ({ destination: { appId: "11111111-2222-4333-8444-555555555555" } }),
      says: /destination\.not_found: there is no app with id .*app:read/,
    },
    {
      name: "an app name that does not exist",
      args: () => ({ destination: { appName: "shpo" } }),
      says: /destination\.not_found: there is no app named "shpo"/,
    },
    {
      name: "a component that does not exist",
      args: (appId) => ({ destination: { appId, components: ["wbe"] } }),
      says: /destination\.unknown_component: .*"wbe"; it has web/,
    },
    {
      name: "plain http to another host",
      args: (appId) => ({
        destination: {
          appId,
          connection: {
            app: "digital-ocean",
            method: "api-token",
            credentials: { apiToken: "t" },
            baseUrl: "http://example.com",
          },
        },
      }),
      says: /plain http is only allowed to loopback/,
    },
  ];
  test.each(cases)("$name", async ({ args, says }) => {
    const { stack, appId } = await shop();
    const said = await failureOf(stack, args(appId));
    expect(said).toMatch(says);
    expect(said).not.toMatch(/internal\.unexpected/);
  });
});

describe("one value cannot be held by the platform", () => {
  const cases = [
    { name: "an empty SECRET", value: "", says: /value\.empty: A is empty.*GENERAL/ },
    {
      name: "ciphertext of the platform",
      value: "EV[1:canary-ciphertext:x]",
      says: /value\.encrypted: A begins with "EV\["/,
    },
    { name: "a bindable variable", value: "canary-${db.DATABASE_URL}", says: /value\.bindable: A .*allowBindables/ },
    { name: "a number", value: 4711_4711, says: /value\.not_text: source\.values\.A is a number/ },
  ];
  test.each(cases)("$name", async ({ value, says }) => {
    const { stack, appId } = await shop();
    if (String(value).length > 3) stack.canaries.add(String(value));
    expect(await failureOf(stack, { destination: { appId } }, { A: value })).toMatch(says);
  });
  test.each(["1A", "A-B", "A.B", "", "Ä", "A B"])("the key %j", async (key) => {
    const { stack, appId } = await shop();
    const said = await failureOf(stack, { destination: { appId } }, { [key]: stack.secret("v") });
    expect(said).toContain(`key.invalid: ${JSON.stringify(key)} is not a valid key`);
  });
});

describe("the token", () => {
  test("is refused", async () => {
    const { stack, appId } = await shop();
    stack.environment["DIGITALOCEAN_TOKEN"] = stack.secret("token");
    expect(await failureOf(stack, { destination: { appId } })).toMatch(/http\.unauthorized: .*create a new one/);
  });

  test("is missing", async () => {
    const { stack, appId } = await shop();
    delete stack.environment["DIGITALOCEAN_TOKEN"];
    const said = await failureOf(stack, { destination: { appId } });
    expect(said).toMatch(/connection\.missing: .*DIGITALOCEAN_TOKEN/);
    expect(said).toContain(`config set --secret ${host.nameConfig("digitalocean:token")}"`);
  });

  test("may only read, which the preview finds before anything is written", async () => {
    const { stack, appId } = await shop();
    const reader = stack.secret("reader");
    stack.cloud.tokens.set(reader, { scopes: ["app:read"] });
    stack.environment["DIGITALOCEAN_TOKEN"] = reader;
    const program = [sync("web", { A: stack.secret("a") }, { destination: { appId } })];
    expect((await stack.preview(program)).problems).toMatch(/connection\.read_only: .*app:update/);
    expect((await stack.up(program)).problems).toMatch(/connection\.forbidden: .*app:update/);
    expect(stack.state.size).toBe(0);
  });

  test("belongs to another vendor", async () => {
    const { stack, appId } = await shop();
    const connection = { app: "netlify", method: "access-token", credentials: { accessToken: stack.secret("t") } };
    expect(await failureOf(stack, { destination: { appId, connection } })).toMatch(/connection\.wrong_app/);
  });
});

test("all problems are told in one pass, each as a failure of its own", async () => {
  const { stack, appId } = await shop();
  stack.cloud.editConsole(appId, (spec) => (spec.envs = [{ key: "TAKEN", value: "theirs" }]));
  stack.cloud.settle(appId);
  const values = {
    TAKEN: stack.secret("t"),
    EMPTY: "",
    "BAD-KEY": stack.secret("b"),
    BOUND: `${stack.secret("c")}\${x}`,
  };
  const said = await failureOf(
    stack,
    { name: "Bad Name", destination: { appId, components: ["app", "nowhere"].slice(1) } },
    values,
  );
  const codes = ["argument.invalid", "destination.unknown_component", "key.invalid", "value.bindable", "value.empty"];
  expect(said.match(/^[a-z]+\.[a-z_]+(?=: )/gm)?.toSorted()).toEqual(codes);
});

test("a conflict stands beside the problems of the values", async () => {
  const { stack, appId } = await shop();
  stack.cloud.editConsole(appId, (spec) => (spec.envs = [{ key: "TAKEN", value: "theirs" }]));
  stack.cloud.settle(appId);
  const program = [sync("web", { TAKEN: stack.secret("t"), EMPTY: "" }, { destination: { appId } })];
  const { problems } = await stack.preview(program);
  expect(problems).toMatch(/conflict\.exists: app\/TAKEN .*adoptExisting/);
  expect(problems).toMatch(/value\.empty: EMPTY/);
  expect(problems).not.toContain("theirs");
});

describe("a source that cannot be read", () => {
  test("fails with every other source and the app", async () => {
    const { stack } = await shop();
    const source = [
      { type: "file", path: "not-there.env" },
      { type: "environment", variables: ["NOT_SET_ANYWHERE"] },
      { type: "exec", command: ["no-such-command-anywhere"] },
    ];
    const { problems } = await stack.preview([
      {
        kind: "secret-sync",
        name: "web",
        args: { source, destination: { type: "digital-ocean-app-platform", appName: "shpo" } },
      },
    ]);
    for (const code of [
      "source.unreadable",
      "source.missing_variable",
      "source.command_not_found",
      "destination.not_found",
    ])
      expect(problems).toContain(code);
  });

  test("removes nothing of what was written before", async () => {
    const { stack, appId } = await shop();
    const good = [sync("web", { A: stack.secret("a") }, { destination: { appId } })];
    await stack.up(good);
    const destination = { type: "digital-ocean-app-platform", appId };
    const args = {
      source: [
        { type: "inline", values: {} },
        { type: "file", path: "not-there.env" },
      ],
      destination,
    };
    const run = await stack.up([{ kind: "secret-sync", name: "web", args }]);
    expect(run.problems).toMatch(/source\.unreadable/);
    expect(puts(run)).toBe(0);
    expect(stack.outputs("web")["managedKeys"]).toEqual(["A"]);
  });
});

test("the brake stops a source that lost its keys, and its remedy works", async () => {
  const { stack, appId } = await shop();
  const values = Object.fromEntries(["A", "B", "C", "D"].map((key) => [key, stack.secret(key)]));
  await stack.up([sync("web", values, { destination: { appId } })]);
  const emptied = (syncOptions?: Properties) => [sync("web", {}, { destination: { appId }, syncOptions })];
  expect((await stack.preview(emptied())).problems).toMatch(
    /deletion\.limit: 4 of 4 keys.*A, B, C, D.*deletionLimit to 4/,
  );
  expect((await stack.preview(emptied({ deletionLimit: 3 }))).problems).toMatch(/deletion\.limit/);
  const run = await stack.up(emptied({ deletionLimit: 4 }));
  expect(run.problems).toBe("");
  expect(stack.cloud.app(appId).spec.envs ?? []).toEqual([]);
});

test("a pinned app is told with the way out, and only where something is to be written", async () => {
  const { stack, appId } = await shop();
  const program = [sync("web", { A: stack.secret("a") }, { destination: { appId } })];
  stack.cloud.pin(appId);
  stack.cloud.settle(appId);
  expect((await stack.preview(program)).problems).toMatch(/destination\.pinned: .*revert/);
  expect((await stack.up(program)).problems).toMatch(/destination\.pinned/);
});
