// What a program hands to the constructors: a plain object is one, and nothing else is taken for an empty one.

import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Connection, type ConnectionArgs, SecretSync, type SecretSyncArgs } from "../../provider/index.js";

type Inputs = Record<string, unknown>;

const canary = "canary-wrong-kind";
/** Of the envelope of a secret. */
const signature = "4dabf18193072939515e22adb298388d";
const registered: Array<Inputs> = [];

beforeAll(() =>
  pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => {
        registered.push(inputs as Inputs);
        return { id: `${name}-id`, state: inputs as Record<string, unknown> };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "project",
    "stack",
    false,
  ),
);
beforeEach(() => {
  registered.length = 0;
});

class Values {
  readonly A = canary;
}

function readArguments(): unknown {
  // eslint-disable-next-line prefer-rest-params
  return arguments;
}

/** A constructor call as an untyped program writes it. */
function declare(args: unknown): SecretSync {
  return new SecretSync("web", args as SecretSyncArgs);
}

const destination = { type: "digital-ocean-app-platform", appId: "an-app" };
const inline = (values: unknown) => ({ source: { type: "inline", values }, destination });
const exec = (env: unknown) => ({ source: { type: "exec", command: ["true"], env }, destination });

async function registeredInputs(args: unknown): Promise<Inputs> {
  const sync = declare(args);
  await new Promise((resolve) => {
    sync.urn.apply(resolve);
  });
  const [inputs = {}] = registered;
  // The mocks keep secrets wrapped.
  return JSON.parse(JSON.stringify(inputs), (_key, value: unknown) =>
    typeof value === "object" && value !== null && signature in value && "value" in value ? value.value : value,
  ) as Inputs;
}

const wrong: Array<[string, unknown]> = [
  ["a JSON text", JSON.stringify({ A: canary })],
  ["an empty text", ""],
  ["a number", 42],
  ["zero", 0],
  ["NaN", Number.NaN],
  ["true", true],
  ["false", false],
  ["null", null],
  ["an empty list", []],
  ["a list of pairs", [["A", canary]]],
  ["an empty Map", new Map()],
  ["a Map", new Map([["A", canary]])],
  ["a WeakMap", new WeakMap()],
  ["a Set", new Set([canary])],
  ["a Date", new Date()],
  ["a pattern", /x/],
  ["an error", new Error(canary)],
  ["a buffer", Buffer.from(canary)],
  ["a boxed text", new String(canary)],
  ["URL parameters", new URLSearchParams({ A: canary })],
  ["headers", new Headers({ A: canary })],
  ["a function", () => ({ A: canary })],
  ["a class", Values],
  ["an instance of a class", new Values()],
  ["an object with inherited members", Object.create({ A: canary })],
  ["arguments", readArguments()],
  ["a symbol", Symbol("A")],
  ["a big number", 1n],
  ["an iterator", new Map([["A", canary]]).entries()],
  ["an asset", new pulumi.asset.StringAsset(canary)],
];

describe("only a plain object is a map of texts:", () => {
  test.each(wrong)("%s is refused as inline `values`", (_, value) => {
    expect(() => declare(inline(value))).toThrow(
      /^argument\.invalid: SecretSync "web": source\.values must be a plain object/,
    );
    expect(registered).toEqual([]);
  });

  test.each(wrong)("%s is refused as the `env` of a command", (_, value) => {
    expect(() => declare(exec(value))).toThrow(
      /^argument\.invalid: SecretSync "web": source\.env must be a plain object/,
    );
  });

  test.each(wrong)("the message about %s does not quote it", (_, value) => {
    expect(() => declare(inline(value))).not.toThrow(canary);
  });

  test("a missing map is refused for values, and means no own environment for a command", async () => {
    expect(() => declare(inline(undefined))).toThrow(/source\.values must be a plain object .* but is missing/);
    expect((await registeredInputs(exec(undefined)))["__values"]).toEqual({ 0: {} });
  });

  test("the source is named by its place in a list", () => {
    const source = [inline({ A: "a" }).source, inline("text").source];
    expect(() => declare({ source, destination })).toThrow(/source\[1\]\.values/);
  });

  test.each([
    ["a plain object", { A: "a" }, '{"A":"a"}'],
    ["an object without prototype", Object.assign(Object.create(null), { A: "a" }), '{"A":"a"}'],
    ["an empty object", {}, "{}"],
    ["an object with an output in it", { A: pulumi.output("a"), B: "b" }, { A: "a", B: "b" }],
    ["an output of an object", pulumi.output({ A: "a" }), { A: "a" }],
    ["an output with an output in it", pulumi.output(1).apply(() => ({ A: pulumi.output("a") })), { A: "a" }],
    ["a promise of an object", Promise.resolve({ A: "a" }), { A: "a" }],
    ["a promise of an empty object", Promise.resolve({}), {}],
    ["an undefined member", { A: undefined, B: "b" }, { A: null, B: "b" }],
  ])("%s is one", async (_, value, sent) => {
    expect((await registeredInputs(inline(value)))["__values"]).toEqual({ 0: sent });
  });

  const later = wrong.filter(([name]) => !["an object with inherited members", "an asset"].includes(name));
  test.each([
    // Pulumi itself makes plain objects of these, with their members.
    ...later.filter(([name]) => !["an instance of a class", "a buffer", "a boxed text", "arguments"].includes(name)),
    ["an empty object", {}],
    ["nothing", undefined],
  ])("an output of %s reaches the provider as null, which it refuses", async (_, value) => {
    expect((await registeredInputs(inline(pulumi.output(value))))["__values"]).toEqual({ 0: null });
  });

  test.each([...later, ["nothing", undefined]])("a promise of %s reaches it as null", async (_, value) => {
    expect((await registeredInputs(inline(Promise.resolve(value))))["__values"]).toEqual({ 0: null });
  });

  test("what an output computes late is looked at before Pulumi takes it apart", async () => {
    const values = pulumi.output(1).apply(() => new Map([["A", canary]]));
    expect((await registeredInputs(inline(values)))["__values"]).toEqual({ 0: null });
  });
});

describe("what would lose its content on the way is refused in every other argument:", () => {
  const sync = (more: Record<string, unknown>) => ({ ...inline({ A: "a" }), ...more });
  test.each<[string, unknown, RegExp]>([
    ["options in a Map", sync({ syncOptions: new Map([["disableSecretDeletion", true]]) }), /: syncOptions must/],
    ["options as a text", sync({ syncOptions: "{}" }), /: syncOptions must/],
    ["options in a list", sync({ syncOptions: [] }), /: syncOptions must/],
    ["no options (null)", sync({ syncOptions: null }), /: syncOptions must .* is null/],
    ["a set of keys", sync({ syncOptions: { adoptExisting: new Set(["A"]) } }), /syncOptions\.adoptExisting must/],
    [
      "globs in a Set",
      { source: { type: "file", path: "a.env", include: new Set(["A"]) }, destination },
      /source\.include/,
    ],
    [
      "a filter in a Map",
      { source: { type: "infisical", metadata: new Map([["a", "b"]]) }, destination },
      /source\.metadata/,
    ],
    [
      "overrides in a Map",
      sync({ destination: { ...destination, variables: new Map() } }),
      /destination\.variables must/,
    ],
    ["a function as a path", { source: { type: "file", path: () => "a.env" }, destination }, /source\.path must/],
    ["a date as a name", sync({ name: new Date() }), /: name must/],
    ["a source in a Map", { source: new Map([["type", "inline"]]), destination }, /: source must/],
    ["a source of a class", { source: new Values(), destination }, /: source must/],
    ["a source as text", { source: "inline", destination }, /: source must/],
    ["no source", { destination }, /: source is missing; it must be a plain object/],
    ["an empty list of sources", { source: [], destination }, /source must hold at least one source/],
    ["a destination in a list", sync({ destination: [destination] }), /: destination must/],
    [
      "a connection as text",
      sync({ destination: { ...destination, connection: "a-token" } }),
      /destination\.connection must/,
    ],
    [
      "a connection that is null",
      sync({ destination: { ...destination, connection: null } }),
      /destination\.connection must/,
    ],
    [
      "a connection in a promise",
      sync({ destination: { ...destination, connection: Promise.resolve({}) } }),
      /destination\.connection must/,
    ],
    [
      "credentials in a Map",
      sync({
        destination: {
          ...destination,
          connection: { app: "digital-ocean", method: "api-token", credentials: new Map([["apiToken", canary]]) },
        },
      }),
      /destination\.connection\.credentials must/,
    ],
    ["arguments as a text", "{}", /: the second argument must/],
    ["no arguments", undefined, /: the second argument must .* is missing/],
  ])("%s", (_, args, message) => {
    expect(() => declare(args)).toThrow(message);
    expect(() => declare(args)).toThrow(/^argument\.invalid: SecretSync "web": /);
    expect(() => declare(args)).not.toThrow(canary);
  });

  test("an output of options that is no object reaches the provider as null", async () => {
    const later = pulumi.output(1).apply(() => new Map([["disableSecretDeletion", true]]));
    expect((await registeredInputs(sync({ syncOptions: later })))["syncOptions"]).toBeNull();
  });

  test.each([
    ["a JSON text", JSON.stringify({ apiToken: canary })],
    ["a Map", new Map([["apiToken", canary]])],
    ["a list", [canary]],
    ["null", null],
    ["nothing", undefined],
  ])("%s as the credentials of a connection", (_, credentials) => {
    const args = { app: "digital-ocean", method: "api-token", credentials } as unknown as ConnectionArgs;
    expect(() => new Connection("ocean", args)).toThrow(
      /^argument\.invalid: Connection "ocean": credentials (?:must be|is missing; it must be) (a )?plain/,
    );
    expect(() => new Connection("ocean", args)).not.toThrow(canary);
  });
});

test("a connection within a sync reaches the provider with every field, so that it can refuse a misspelt one", async () => {
  const connection = { app: "doppler", method: "service-token", credentials: { serviceToken: canary }, baseURL: "x" };
  const inputs = await registeredInputs({
    source: { type: "doppler", connection },
    destination: { ...destination, connection: { ...connection, app: "digital-ocean" } },
  });
  expect(inputs["__authority"]).toEqual({ ...connection, app: "digital-ocean" });
  expect(inputs["__authorities"]).toEqual({ 0: connection });
});
