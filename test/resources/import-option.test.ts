// A dynamic provider cannot read by id, so the option is refused before anything is registered, in words that name the way that works.

import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { Connection } from "../../provider/resources/connection.js";
import { SecretSync } from "../../provider/resources/secret-sync.js";

const registered: string[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => {
      registered.push(name);
      return { id: name, state: inputs as object };
    },
    call: () => ({}),
  });
});

const make: Array<[string, (opts: pulumi.CustomResourceOptions) => unknown, RegExp]> = [
  [
    "SecretSync",
    (opts) =>
      new SecretSync(
        "web",
        {
          source: { type: "inline", values: { A: "canary-value" } },
          destination: { type: "digital-ocean-app-platform", appId: "id" },
        },
        opts,
      ),
    /adoptExisting/,
  ],
  [
    "Connection",
    (opts) =>
      new Connection("cloud", { app: "digital-ocean", method: "api-token", credentials: { apiToken: "t" } }, opts),
    /declare it without/,
  ],
];

describe.each(make)("%s", (_, construct, remedy) => {
  test.each(["import", "id"] as const)("the option %s is refused with its remedy", (option) => {
    const attempt = () => construct({ [option]: "some-id" });
    expect(attempt).toThrow(pulumi.RunError);
    expect(attempt).toThrow(/^import\.unsupported: /);
    expect(attempt).toThrow(remedy);
    expect(attempt).not.toThrow(/canary/);
    expect(registered).toEqual([]);
  });
});
