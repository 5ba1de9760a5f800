// Unit tests of programs: with mocks the outputs have the types that they are declared with.

import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { Connection, mockOutputs, SecretSync } from "../../provider/index.js";

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: (args) => ({ id: `${args.name}-id`, state: { ...args.inputs, ...mockOutputs(args) } }),
    call: ({ inputs }) => inputs,
  }),
);

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

test("a sync under mocks has the outputs of a first run that succeeded", async () => {
  const connection = new Connection("netlify", {
    app: "netlify",
    method: "access-token",
    credentials: { accessToken: "token" },
  });
  const sync = new SecretSync("site", {
    source: { type: "inline", values: { A: "canary-mocked" } },
    destination: { type: "netlify", connection, siteId: "a-site" },
  });
  expect(await valueOf(pulumi.all([sync.syncStatus, sync.version, sync.targetId]))).toEqual(["succeeded", 1, "a-site"]);
  expect(await valueOf(pulumi.all([sync.managedKeys, sync.drift]))).toEqual([[], []]);
  const times = await valueOf(pulumi.all([sync.lastSyncedAt, sync.lastSyncMessage]));
  expect(times).toEqual(["2000-01-01T00:00:00.000Z", "mocked"]);
  expect(await valueOf(pulumi.all([connection.version, connection.account]))).toEqual([1, "unknown"]);
  expect(JSON.stringify(await valueOf(pulumi.output(sync)))).not.toContain("canary-mocked");
});

test("a target that is only named has no id before it is looked up", () => {
  const type = "pulumi-nodejs:dynamic/secret-sync:SecretSync";
  expect(mockOutputs({ type, inputs: { destination: { appName: "shop" } } })["targetId"]).toBe("mocked");
  expect(mockOutputs({ type, inputs: {} })["targetId"]).toBe("mocked");
});

test("resources of other packages are left alone", () => {
  expect(mockOutputs({ type: "digitalocean:index/app:App", inputs: {} })).toEqual({});
});
