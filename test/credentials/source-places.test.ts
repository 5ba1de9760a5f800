// The names under which each source looks for its credentials, its address and its namespace, in their order.

import { describe, expect, test } from "vitest";
import type { CredentialSettings } from "../../provider/credentials/credentials.js";
import { findSourceCredentials } from "../../provider/credentials/source-lookup.js";
import type { ConnectionApp, RemoteSourceType } from "../../schema/index.js";

/** Each of these places holds its own name. */
function holding(places: readonly string[]): CredentialSettings {
  const held = (name: string) => (places.includes(name) ? name : undefined);
  return { config: held, environment: Object.fromEntries(places.map((name) => [name, held(name)])) };
}

const token: Readonly<
  Record<
    Exclude<RemoteSourceType, "aws-secrets-manager">,
    readonly [field: string, config: string, ...environment: string[]]
  >
> = {
  infisical: ["accessToken", "infisical:token", "INFISICAL_TOKEN"],
  vault: ["token", "vault:token", "VAULT_TOKEN", "BAO_TOKEN"],
  doppler: ["serviceToken", "doppler:token", "DOPPLER_TOKEN"],
};
const addresses: Readonly<Record<RemoteSourceType, readonly string[]>> = {
  infisical: ["infisical:host", "INFISICAL_DOMAIN", "INFISICAL_API_URL"],
  vault: ["vault:address", "VAULT_ADDR", "BAO_ADDR"],
  doppler: ["doppler:apiHost", "DOPPLER_API_HOST"],
  "aws-secrets-manager": ["aws:secretsManagerEndpoint", "AWS_ENDPOINT_URL_SECRETS_MANAGER"],
};
const apps: Readonly<Record<RemoteSourceType, ConnectionApp>> = {
  infisical: "infisical",
  vault: "vault",
  doppler: "doppler",
  "aws-secrets-manager": "aws",
};
const types = Object.keys(apps) as RemoteSourceType[];

/** From all places to the last one alone. */
const fewerAndFewer = (places: readonly string[]) => places.map((_, at) => places.slice(at));

describe.each(Object.keys(token) as Array<keyof typeof token>)("the token of a source of the type %s", (type) => {
  const [field, ...places] = token[type];

  test(`is found in ${places.join(", else in ")}`, () => {
    for (const left of fewerAndFewer(places)) {
      const { app, fields, foundIn } = findSourceCredentials(type, undefined, holding(left));
      expect([app, fields.size, fields.get(field)?.reveal()]).toEqual([apps[type], 1, left[0]]);
      expect(foundIn).toBe(
        left.length === places.length ? `stack configuration ${left[0]}` : `the environment variable ${left[0]}`,
      );
    }
  });
});

test("the identity of Infisical is found in the stack's configuration, else in the environment", () => {
  const places = [
    ["infisical:clientId", "infisical:clientSecret"],
    ["INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"],
  ];
  for (const left of [places, places.slice(1)]) {
    const { fields } = findSourceCredentials("infisical", undefined, holding(left.flat()));
    expect([...fields].map(([name, value]) => [name, value.reveal()])).toEqual([
      ["clientId", left[0]?.[0]],
      ["clientSecret", left[0]?.[1]],
    ]);
  }
});

test.each(types)(
  "the address of a source of the type %s is found in its places, also for a connection without one",
  (type) => {
    const given = { app: apps[type], fields: new Map(), baseUrl: undefined };
    expect(findSourceCredentials(type, given, holding([])).foundIn).toBe("the argument source.connection");
    for (const left of fewerAndFewer(addresses[type])) {
      expect(findSourceCredentials(type, given, holding(left)).baseUrl).toBe(left[0]);
      expect(findSourceCredentials(type, { ...given, baseUrl: "own" }, holding(left)).baseUrl).toBe("own");
    }
  },
);

test("only Vault has a namespace, for a connection as well", () => {
  const places = ["vault:namespace", "VAULT_NAMESPACE", "BAO_NAMESPACE"];
  for (const left of fewerAndFewer(places))
    for (const type of types) {
      const given = { app: apps[type], fields: new Map(), baseUrl: undefined };
      expect(findSourceCredentials(type, given, holding(left)).namespace).toBe(type === "vault" ? left[0] : undefined);
    }
  const { namespace } = findSourceCredentials("vault", undefined, holding(["VAULT_TOKEN", ...places]));
  expect(namespace).toBe("vault:namespace");
});

test.each<[type: RemoteSourceType, told: string]>([
  [
    "infisical",
    "set INFISICAL_TOKEN or INFISICAL_UNIVERSAL_AUTH_CLIENT_ID with INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET, or the stack config infisical:token or infisical:clientId with infisical:clientSecret",
  ],
  ["vault", "set VAULT_TOKEN, or the stack config vault:token"],
  ["doppler", "set DOPPLER_TOKEN, or the stack config doppler:token"],
])("a source of the type %s that finds nothing says where it has looked", (type, told) => {
  const find = (settings: Partial<CredentialSettings> = {}) =>
    findSourceCredentials(type, undefined, { ...holding([]), ...settings });
  expect(find).toThrow(`connection.missing: the ${type} source has no credentials; give source.connection, or ${told}`);
  const variables = told.split(", or the stack")[0] ?? "";
  expect(() => find({ isBare: true })).toThrow(new RegExp(`no credentials; ${variables}$`));
  expect(() => find({ nameConfig: () => undefined })).toThrow(new RegExp(`give source.connection, or ${variables}$`));
});

test("AWS finds its credentials itself", () => {
  const { fields, app, foundIn } = findSourceCredentials("aws-secrets-manager", undefined, holding([]));
  expect([fields.size, app, foundIn]).toEqual([0, "aws", undefined]);
});

test.each(types)("a connection of another app is refused by a source of the type %s", (type) => {
  const other = type === "vault" ? "doppler" : "vault";
  expect(() => findSourceCredentials(type, { app: other, fields: new Map(), baseUrl: "x" }, holding([]))).toThrow(
    `connection.wrong_app: the connection of the ${type} source has app "${other}"; give one with app "${apps[type]}"`,
  );
});
