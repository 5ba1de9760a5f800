// A program that groups the resources under a parent: each of them is registered, whatever else the parent holds.

import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import { Connection } from "../../provider/resources/connection.js";
import { SecretSync } from "../../provider/resources/secret-sync.js";

/** The URNs that the registered resources pass to their provider. */
let registered: unknown[] = [];

beforeEach(async () => {
  registered = [];
  const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => {
    if ("__urn" in inputs) registered.push(inputs["__urn"]);
    return { id: name, state: inputs as object };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) });
});

/** A component with a connection and two syncs that use it. */
class Shop extends pulumi.ComponentResource {
  constructor(opts: pulumi.ComponentResourceOptions = {}) {
    super("my:app:Shop", "shop", {}, opts);
    declareUnder(this);
  }
}

function declareUnder(parent: pulumi.Resource): void {
  const credentials = { apiToken: "token" };
  const connection = new Connection("ocean", { app: "digital-ocean", method: "api-token", credentials }, { parent });
  for (const name of ["web", "worker"]) {
    const source = { type: "inline", values: { A: "value" } } as const;
    const destination = { type: "digital-ocean-app-platform", appId: "id", connection } as const;
    void new SecretSync(name, { source, destination: { ...destination, components: [name] } }, { parent });
  }
}

function listUnder(parents: string): string[] {
  const prefix = `urn:pulumi:stack::project::${parents}pulumi-nodejs:dynamic/secret-sync`;
  return [`${prefix}:Connection::ocean`, `${prefix}:SecretSync::web`, `${prefix}:SecretSync::worker`];
}

// A registration that waits for another one for ever never ends, so the time is short.
const patience = 10_000;

test("a component may hold a connection and several syncs that use it", { timeout: patience }, async () => {
  void new Shop();
  await pulumi.runtime.disconnect();
  expect(registered).toEqual(listUnder("my:app:Shop$"));
});

test("so may a component inside of another one", { timeout: patience }, async () => {
  void new Shop({ parent: new (class extends pulumi.ComponentResource {})("my:app:Site", "site") });
  await pulumi.runtime.disconnect();
  expect(registered).toEqual(listUnder("my:app:Site$my:app:Shop$"));
});
