// Typical mistakes of a program: each is answered with what was probably meant, and never with what was given.

import { describe, expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { host } from "./host.js";
import { openStack, said, type Stack, sync } from "./stack.js";

async function shop(): Promise<{ stack: Stack; appId: string }> {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({
    name: "shop",
    services: [{ name: "web" }],
    workers: [{ name: "worker" }],
  });
  stack.cloud.createApp({ name: "shop-staging", services: [{ name: "web" }] });
  return { stack, appId };
}

/** What a preview says of a sync with these arguments. */
async function problemsOf(stack: Stack, { destination, values, ...rest }: Properties): Promise<string> {
  const run = await stack.preview([
    sync("web", values ?? { A: stack.secret("a") }, { destination: destination as Properties, ...rest }),
  ]);
  expect(said(run)).not.toMatch(/to add/);
  return run.problems.trim();
}

const file = { type: "file", path: "x.env" };

describe("an unknown field", () => {
  test.each<[string, Properties, string]>([
    [
      "of the options",
      { syncOptions: { adoptExistng: true } },
      'argument.invalid: syncOptions: unknown field "adoptExistng"; did you mean "adoptExisting"?',
    ],
    [
      "of a destination",
      { destination: { component: ["web"] } },
      'argument.invalid: destination: unknown field "component"; did you mean "components"?',
    ],
    [
      "of an object in a destination",
      { destination: { deployment: { timeout: 5 } } },
      'argument.invalid: destination.deployment: unknown field "timeout"; did you mean "timeoutSeconds"?',
    ],
    [
      "of one key's settings",
      { destination: { variables: { A: { type: "GENERAL" } } } },
      'argument.invalid: destination.variables.A: unknown field "type"; did you mean "variableType"?',
    ],
    [
      "of a source",
      { source: { ...file, fromat: "json" } },
      'argument.invalid: source: unknown field "fromat"; did you mean "format"?',
    ],
    [
      "of another part",
      { syncOptions: { scope: "RUN_TIME" } },
      'argument.invalid: syncOptions: unknown field "scope"; it belongs in destination',
    ],
    [
      "of an object of another part",
      { syncOptions: { onFailure: "report" } },
      'argument.invalid: syncOptions: unknown field "onFailure"; it belongs in destination.deployment',
    ],
    [
      "of the sync itself",
      { destination: { isEnabled: false } },
      'argument.invalid: destination: unknown field "isEnabled"; it belongs in the arguments of the sync',
    ],
    [
      "that is like none",
      { destination: { variables: { A: { region: "eu" } } } },
      'argument.invalid: destination.variables.A: unknown field "region"; valid names: variableType, scope, components',
    ],
  ])("%s", async (_, args, message) => {
    const { stack, appId } = await shop();
    const destination = { appId, ...(args["destination"] as Properties | undefined) };
    expect(await problemsOf(stack, { ...args, destination })).toBe(message);
  });
});

describe("a fault is one problem", () => {
  const type = "digital-ocean-app-platform";
  test.each<[string, Properties, string]>([
    [
      "the address misspelt",
      { destination: { type, appname: "shop" } },
      'destination: unknown field "appname"; did you mean "appName"?',
    ],
    [
      "the address as another language writes it",
      { destination: { type, app_id: "x" } },
      'destination: unknown field "app_id"; did you mean "appId"?',
    ],
    [
      "the address among the options",
      { destination: { type }, syncOptions: { appName: "shop" } },
      'syncOptions: unknown field "appName"; it belongs in destination',
    ],
    [
      "the site misspelt",
      { destination: { type: "netlify", siteID: "s" } },
      'destination: unknown field "siteID"; did you mean "siteId"?',
    ],
    [
      "the level misspelt",
      { destination: { type: "netlify", levle: "team", accountId: "a" } },
      'destination: unknown field "levle"; did you mean "level"?',
    ],
    [
      "the branch of a context misspelt",
      { destination: { type: "netlify", siteId: "s", context: "branch", brnach: "b" } },
      'destination: unknown field "brnach"; did you mean "branch"?',
    ],
    [
      "the branch of one of several contexts misspelt",
      { destination: { type: "netlify", siteId: "s", contexts: ["production", { context: "branch", brnach: "b" }] } },
      'destination.contexts.1: unknown field "brnach"; did you mean "branch"?',
    ],
    [
      "the path of a file misspelt",
      { source: { type: "file", paht: "x.env" } },
      'source: unknown field "paht"; did you mean "path"?',
    ],
    [
      "the same in one of two sources",
      {
        source: [
          { type: "file", paht: "x.env" },
          { type: "inline", values: {} },
        ],
      },
      'source[0]: unknown field "paht"; did you mean "path"?',
    ],
    [
      "a rule that the misspelt field satisfies",
      { source: { type: "environment", prefx: "X_" } },
      'source: unknown field "prefx"; did you mean "prefix"?',
    ],
  ])("%s", async (_, { destination = { type, appName: "shop" }, ...rest }, message) => {
    const { stack } = await shop();
    expect(await problemsOf(stack, { destination, ...rest })).toBe(`argument.invalid: ${message}`);
  });

  test("two faults are two, also where one of them is misspelt", async () => {
    const { stack } = await shop();
    const destination = { type, appname: "shop", scope: "RUNTIME" };
    const lines = (await problemsOf(stack, { destination })).split("\n");
    expect(lines).toHaveLength(2);
    expect(lines.join()).toMatch(/scope: must be .*"RUN_TIME"\?/);
    expect(lines.join()).toContain('unknown field "appname"; did you mean "appName"?');
  });

  test("a wrong value under a misspelt name is reported when the name is right", async () => {
    const { stack } = await shop();
    expect(await problemsOf(stack, { destination: { type, appname: 5 } })).toMatch(/^[^\n]*"appname"[^\n]*$/);
    expect(await problemsOf(stack, { destination: { type, appName: 5 } })).toMatch(/appName: must be a string/);
  });

  test.each([
    [{ apitoken: "canary" }, 'credentials: unknown field "apitoken"; did you mean "apiToken"?'],
    [{ token: "canary" }, 'credentials: unknown field "token"; did you mean "apiToken"?'],
  ])("of a connection %#", async (credentials, message) => {
    const { stack } = await shop();
    const args = { app: "digital-ocean", method: "api-token", credentials };
    const run = await stack.preview([{ kind: "connection", name: "ocean", args }]);
    expect(run.problems.trim()).toBe(`argument.invalid: ${message}`);
  });
});

describe("a word that is not among the choices", () => {
  test.each<[string, Properties, RegExp]>([
    [
      "a scope",
      { destination: { scope: "RUNTIME" } },
      /scope: must be .* or "RUN_AND_BUILD_TIME"; did you mean "RUN_TIME"\?$/,
    ],
    [
      "the type of a destination",
      { destination: { type: "digital-ocean" } },
      /did you mean "digital-ocean-app-platform"\?$/,
    ],
    [
      "the type of a source",
      { source: { type: "env", path: ".env" } },
      /source\.type: .*; did you mean "environment"\?$/,
    ],
    [
      "a source that is like none",
      { source: { type: "keychain" } },
      /source\.type: must be "inline", .*"aws-secrets-manager"$/,
    ],
    [
      "an option",
      { syncOptions: { onDestroy: "keep" } },
      /syncOptions\.onDestroy: must be "delete", "retain" or "restore"$/,
    ],
    [
      "a Netlify context",
      { destination: { type: "netlify", siteId: "s", contexts: ["prod"] } },
      /destination\.contexts\.0: must be "all", .*; did you mean "production"\?/,
    ],
    [
      "a Netlify branch without its name",
      { destination: { type: "netlify", siteId: "s", contexts: ["branch"] } },
      /destination\.contexts\.0: needs the name of the branch: write \{ context: "branch", branch: "…" \}$/,
    ],
    [
      "one component without brackets",
      { destination: { components: "web" } },
      /components: must be a list; put a single one in brackets/,
    ],
    ["a limit as a text", { syncOptions: { deletionLimit: "5" } }, /deletionLimit: must be a number, not a string$/],
    [
      "keys to adopt without brackets",
      { syncOptions: { adoptExisting: "A" } },
      /must be true, false, or a list of destination keys$/,
    ],
    [
      "a command in one string",
      { source: { type: "exec", command: "sops decrypt canary-file.json" } },
      /source\.command: must be a list: the program, then each argument by itself, .* there is no shell/,
    ],
  ])("%s", async (_, args, message) => {
    const { stack, appId } = await shop();
    const given = args["destination"] as Properties | undefined;
    const destination = given?.["type"] === "netlify" ? given : { appId, ...given };
    const problems = await problemsOf(stack, { ...args, destination });
    expect(problems).toMatch(message);
    expect(problems).not.toContain("canary-file");
  });
});

test("values that are not strings are reported by name and kind, without a plan", async () => {
  const { stack, appId } = await shop();
  stack.canaries.add("47114711");
  const values = { PORT: 47114711, DEBUG: true, LIST: ["a"], MAP: { a: 1 }, NONE: null, GOOD: stack.secret("good") };
  const lines = (await problemsOf(stack, { destination: { appId }, values })).split("\n");
  // The engine hands maps to a plugin in the order of their keys.
  expect(lines.map((line) => line.split("; ")[0]).toSorted()).toEqual([
    "value.not_text: source.values.DEBUG is a boolean, and values are strings",
    "value.not_text: source.values.LIST is a list, and values are strings",
    "value.not_text: source.values.MAP is an object, and values are strings",
    "value.not_text: source.values.NONE has no value (null or undefined)",
    "value.not_text: source.values.PORT is a number, and values are strings",
  ]);
});

describe("an address that leads nowhere", () => {
  test.each<[string, Properties, string]>([
    ["a component", { appName: "shop", components: ["wbe"] }, 'it has web, worker; did you mean "web"?'],
    ["an app's name", { appName: "shpo" }, 'its app:read scope; did you mean "shop"?'],
    ["a name in place of an id", { appId: "shop" }, 'one has that name: write appName: "shop" instead of appId'],
    ["a misspelt name in place of an id", { appId: "shop-stagng" }, 'did you mean "shop-staging"?'],
  ])("%s", async (_, destination, message) => {
    const { stack } = await shop();
    expect(await problemsOf(stack, { destination })).toContain(message);
  });

  test("an id that the platform finds malformed is one that leads nowhere", async () => {
    const { stack } = await shop();
    const match = { method: "GET", path: /apps\/[\w-]+$/, times: Infinity };
    stack.cloud.faults.add({
      match,
      status: 400,
      body: JSON.stringify({ id: "bad_request", message: "invalid uuid" }),
    });
    expect(await problemsOf(stack, { destination: { appId: "shop" } })).toContain('write appName: "shop"');
    const appId = "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf";
    expect(await problemsOf(stack, { destination: { appId } })).toMatch(/^http\.rejected/);
  });

  test("names of apps that are not like it stay untold", async () => {
    const { stack } = await shop();
    const problems = await problemsOf(stack, { destination: { appName: "payments" } });
    expect(problems).toMatch(/^destination\.not_found/);
    expect(problems).not.toMatch(/shop/);
  });
});

describe("a refused token is reported with its origin", () => {
  const connection = (apiToken: string) => ({ app: "digital-ocean", method: "api-token", credentials: { apiToken } });

  test("the environment", async () => {
    const { stack, appId } = await shop();
    stack.environment["DIGITALOCEAN_TOKEN"] = stack.secret("token");
    expect(await problemsOf(stack, { destination: { appId } })).toContain(
      "the token from the environment variable DIGITALOCEAN_TOKEN is invalid",
    );
  });

  test("stack configuration, which is asked first", async () => {
    const { stack, appId } = await shop();
    stack.config["digitalocean:token"] = stack.secret("token");
    expect(await problemsOf(stack, { destination: { appId } })).toContain(
      `the token from stack configuration ${host.nameConfig("digitalocean:token")} is invalid`,
    );
  });

  test("the program", async () => {
    const { stack, appId } = await shop();
    const destination = { appId, connection: connection(stack.secret("token")) };
    expect(await problemsOf(stack, { destination })).toContain(
      "the token from the argument destination.connection is invalid",
    );
    const run = await stack.preview([{ kind: "connection", name: "ocean", args: connection(stack.secret("token")) }]);
    expect(run.problems).toContain("the token from the credentials of this Connection is invalid");
  });
});

test("a wrong app of a connection is reported while its token is not known yet", async () => {
  const { stack } = await shop();
  const credentials = { apiToken: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
  const args = { app: "digitalocean", method: "api-token", credentials };
  const run = await stack.preview([{ kind: "connection", name: "ocean", args }]);
  expect(run.problems).toContain('; did you mean "digital-ocean"?');
});
