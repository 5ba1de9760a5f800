// Under which other URNs state may have a sync: what its program tells the provider, because the engine does not.

import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test } from "vitest";
import { SecretSync } from "../../provider/resources/secret-sync.js";

const told = new Map<string, unknown>();

beforeEach(async () => {
  told.clear();
  const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => {
    const { __program: text } = inputs as { readonly __program?: string };
    if (text !== undefined) told.set(name, (JSON.parse(text) as Record<string, unknown>)["__aliases"]);
    return { id: name, state: inputs as object };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) });
});

const plugin = "secret-sync:index:SecretSync";
const dynamic = "pulumi-nodejs:dynamic/secret-sync:SecretSync";
const prefix = "urn:pulumi:stack::project::";

async function declare(opts: pulumi.CustomResourceOptions): Promise<unknown> {
  const source = { type: "inline", values: { A: "value" } } as const;
  const destination = { type: "digital-ocean-app-platform", appId: "id" } as const;
  const { urn } = new SecretSync("web", { source, destination }, opts);
  await new Promise((resolve) => void urn.apply(resolve));
  return told.get("web");
}

class Part extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions = {}) {
    super("my:app:Part", name, {}, opts);
  }
}

test("a sync has had the type of the other host", async () => {
  expect(await declare({})).toEqual([`${prefix}${plugin}::web`]);
});

test("the program's own aliases count, by name and by URN, but not those that may not be known", async () => {
  const aliases = [{ name: "old" }, `${prefix}${dynamic}::older`, pulumi.output({ name: "later" })];
  expect(await declare({ aliases })).toEqual([
    `${prefix}${dynamic}::old`,
    `${prefix}${dynamic}::older`,
    `${prefix}${plugin}::old`,
    `${prefix}${plugin}::web`,
  ]);
});

test("another parent, or none, and an alias of the parent change the URN", async () => {
  const parent = new Part("new", { aliases: [{ name: "former" }] });
  const aliases = [{ parent: pulumi.rootStackResource }, { parent: new Part("other") }];
  const urns = (await declare({ parent, aliases })) as string[];
  expect(urns).toEqual(
    expect.arrayContaining([
      `${prefix}${dynamic}::web`,
      `${prefix}my:app:Part$${dynamic}::web`,
      `${prefix}my:app:Part$${plugin}::web`,
    ]),
  );
});
