// The options of a sync, the sync as a whole, and connections: what they take, need and refuse.

import { describe, expect, test } from "vitest";
import { connection, secretSync, syncOptions } from "../../schema/index.js";
import { complaints, withoutEach } from "./shapes.js";

const options = {
  initialSyncBehavior: "merge",
  keySchema: "{{secretKey}}",
  disableSecretDeletion: true,
  adoptExisting: true,
  deletionLimit: 0,
  onDestroy: "restore",
  environment: "prod",
  emptyValues: "skip",
  autoSyncEnabled: false,
};

describe("the options of a sync", () => {
  test("are all optional, and no others", () => {
    for (const value of [options, {}, ...withoutEach(options).map(([, rest]) => rest)])
      expect(complaints(syncOptions, value)).toEqual([]);
    expect(complaints(syncOptions, { deletionLimits: 1 })).toEqual(['Unrecognized key: "deletionLimits"']);
    for (const name of Object.keys(options))
      expect([name, complaints(syncOptions, { [name]: Symbol("none") }).length > 0]).toEqual([name, true]);
  });

  test.each([
    [
      "initialSyncBehavior",
      ["merge", "overwrite-destination", "import-prioritize-source", "import-prioritize-destination"],
    ],
    ["onDestroy", ["delete", "retain", "restore"]],
    ["emptyValues", ["refuse", "skip", "write"]],
    ["adoptExisting", [true, false, [], ["A"]]],
    ["deletionLimit", [0, 7]],
    ["environment", ["", "x".repeat(64)]],
  ])("has %s of %j", (name, choices) => {
    for (const choice of choices) expect(complaints(syncOptions, { [name]: choice })).toEqual([]);
  });

  test.each([
    [{ initialSyncBehavior: "overwrite" }],
    [{ onDestroy: "keep" }],
    [{ emptyValues: "drop" }],
    [{ deletionLimit: -1 }],
    [{ deletionLimit: 1.5 }],
    [{ environment: "x".repeat(65) }],
  ])("may not be %j", (value) => {
    expect(complaints(syncOptions, value)).toHaveLength(1);
  });

  test("adopt everything, nothing, or keys by their names", () => {
    expect(complaints(syncOptions, { adoptExisting: "A" })).toEqual([
      "adoptExisting: must be true, false, or a list of destination keys",
    ]);
    expect(complaints(syncOptions, { adoptExisting: [""] })).toEqual(["adoptExisting.0: must not be empty"]);
  });
});

describe("a sync", () => {
  const needed = {
    source: { type: "inline", values: {} },
    destination: { type: "digital-ocean-app-platform", appId: "1" },
  };
  const whole = { name: "shop", description: "", syncOptions: {}, isEnabled: true, ...needed };

  test("needs a source and a destination, and takes a list of sources", () => {
    expect(complaints(secretSync, whole)).toEqual([]);
    const missed = withoutEach(whole).filter(([, rest]) => complaints(secretSync, rest).length > 0);
    expect(missed.map(([name]) => name)).toEqual(["source", "destination"]);
    expect(complaints(secretSync, { ...needed, source: [needed.source, needed.source] })).toEqual([]);
  });

  test.each([{ source: [] }, { enabled: true }, { isEnabled: "yes" }, { name: "No Slug" }])(
    "is refused with %j",
    (more) => {
      expect(complaints(secretSync, { ...needed, ...more })).toHaveLength(1);
    },
  );
});

interface Method {
  readonly app: string;
  readonly method: string;
  readonly needed: Readonly<Record<string, string>>;
  readonly optional?: Readonly<Record<string, string>>;
}

const methods: readonly Method[] = [
  { app: "digital-ocean", method: "api-token", needed: { apiToken: "x" } },
  { app: "netlify", method: "access-token", needed: { accessToken: "x" } },
  { app: "infisical", method: "universal-auth", needed: { clientId: "x", clientSecret: "x" } },
  { app: "infisical", method: "access-token", needed: { accessToken: "x" } },
  { app: "vault", method: "token", needed: { token: "x" }, optional: { namespace: "x" } },
  { app: "vault", method: "app-role", needed: { roleId: "x", secretId: "x" }, optional: { namespace: "x" } },
  { app: "doppler", method: "service-token", needed: { serviceToken: "x" } },
  {
    app: "aws",
    method: "access-key",
    needed: { accessKeyId: "x", secretAccessKey: "x" },
    optional: { sessionToken: "x" },
  },
];

describe.each(methods)("a connection to $app by $method", ({ app, method, needed, optional = {} }) => {
  const bare = { app, method, credentials: needed };

  test("needs its credentials, none of them empty, and no others", () => {
    expect(complaints(connection, bare)).toEqual([]);
    expect(complaints(connection, { ...bare, credentials: { ...needed, ...optional } })).toEqual([]);
    for (const [, rest] of withoutEach(needed))
      expect(complaints(connection, { ...bare, credentials: rest })).toHaveLength(1);
    for (const name of Object.keys({ ...needed, ...optional }))
      expect(complaints(connection, { ...bare, credentials: { ...needed, [name]: "" } })).toEqual([
        `credentials.${name}: must not be empty`,
      ]);
    expect(complaints(connection, { ...bare, credentials: { ...needed, user: "x" } })).toEqual([
      'credentials: Unrecognized key: "user"',
    ]);
  });

  test("has a name, a description and an address, and refuses what is not supported here", () => {
    const more = { name: "shop", description: "", baseUrl: "https://a.example", gatewayId: null, rotation: null };
    const off = { isPlatformManagedCredentials: false, isAutoRotationEnabled: false };
    expect(complaints(connection, { ...bare, ...more, ...off })).toEqual([]);
    for (const name of Object.keys(off))
      expect(complaints(connection, { ...bare, [name]: true })).toEqual([
        `${name}: is not supported for these connections: only false is accepted`,
      ]);
    for (const name of ["gatewayId", "rotation"])
      expect(complaints(connection, { ...bare, [name]: "x" })).toEqual([
        `${name}: is not supported for these connections: leave it out`,
      ]);
    expect(complaints(connection, { ...bare, name: "x".repeat(65) })).toEqual([
      "name: must have at most 64 characters",
    ]);
    expect(complaints(connection, { ...bare, baseUrl: "http://a.example" })).toHaveLength(1);
    expect(complaints(connection, { ...bare, token: "x" })).toEqual(['Unrecognized key: "token"']);
  });
});

test.each([{ app: "github" }, { app: "vault", method: "userpass" }, {}])("there is no connection %j", (value) => {
  expect(complaints(connection, value)).toHaveLength(1);
});
