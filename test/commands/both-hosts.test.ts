// Status, map, watch and the policy pack know the resources of both hosts, and nothing else.

import { describe, expect, test } from "vitest";
import { describeUrn, isOurs, isOurType, isSync } from "../../provider/commands/pulumi/urn.js";
import { listTextErrors } from "../../provider/commands/pulumi/diagnostics.js";
import { readType, readTypeOfUrn, typeToken } from "../../provider/type-tokens.js";
import { resourceOf, syncsOf } from "./state.js";

const tokens = {
  dynamic: "pulumi-nodejs:dynamic/secret-sync:SecretSync",
  plugin: "secret-sync:index:SecretSync",
} as const;
const hosts = ["dynamic", "plugin"] as const;
const urnOf = (type: string, name = "web") => `urn:pulumi:prod::shop::${type}::${name}`;

describe.each(hosts)("of the %s host", (host) => {
  const type = tokens[host];
  const connection = type.replace("SecretSync", "Connection");

  test("the tokens are those that stacks hold", () => {
    expect([typeToken("SecretSync", host), typeToken("Connection", host)]).toEqual([type, connection]);
    expect(readType(type)).toEqual({ host, resource: "SecretSync" });
    expect(readType(connection)).toEqual({ host, resource: "Connection" });
  });

  test("a sync is told from a connection, also below a component", () => {
    for (const [one, isOne] of [
      [type, true],
      [`my:app:Part$${type}`, true],
      [connection, false],
    ] as const) {
      expect(isSync(urnOf(one))).toBe(isOne);
      expect(isOurs(urnOf(one))).toBe(true);
      expect(isOurType(one)).toBe(true);
    }
    expect(describeUrn(urnOf(connection, "ocean"))).toBe("ocean (Connection)");
  });

  test("state is read", () => {
    const urn = urnOf(type);
    const [sync] = syncsOf({ ...resourceOf("web"), urn, type });
    expect(sync).toMatchObject({ urn, resource: "web", unread: [], outputs: { managedKeys: ["A", "B"] } });
  });

  test("an error of an update is told as one of ours", () => {
    const text = `Diagnostics:\n  ${type} (web):\n    error: source.unreadable: secrets.env: there is no such file\n`;
    expect(listTextErrors(text)).toEqual([
      { resource: "web", isOurs: true, type, message: "source.unreadable: secrets.env: there is no such file" },
    ]);
  });
});

test.each([
  "pulumi:providers:secret-sync",
  "pulumi:pulumi:Stack",
  "secret-sync:index:Other",
  "other-secret-sync:index:SecretSync",
  "pulumi-nodejs:dynamic/secret-sync:SecretSyncs",
  "secret-sync:index:SecretSync$my:app:Part",
  "digitalocean:index/app:App",
  "",
])("another type is not ours: %j", (type) => {
  expect(readType(type)).toBeUndefined();
  expect(isOurs(urnOf(type))).toBe(false);
});

test("a name that looks like a type makes no sync", () => {
  expect(readTypeOfUrn(`urn:pulumi:prod::shop::my:app:Part::${tokens.plugin}::web`)).toBeUndefined();
  expect(isOurs(undefined)).toBe(false);
});
