// Which environment `{{environment}}` of a key schema means, where the program, the sources and the stack each may say one.

import { expect, onTestFinished, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { startInfisical } from "../emulators/infisical/index.js";
import { openStack, sync } from "./stack.js";

const inline = { type: "inline", values: { A: "a-value" } };
const from = (environment: string) => ({ type: "infisical", projectId: "p", environment });
const keySchema = "{{environment}}_{{secretKey}}";

test.each<[string, { source: Properties[]; environment?: string; key: string }]>([
  ["the program's own word", { source: [from("dev")], environment: "own", key: "own_A" }],
  ["the program's own word without a source that has one", { source: [inline], environment: "own", key: "own_A" }],
  ["the word that is empty, where the program wants none", { source: [from("dev")], environment: "", key: "_A" }],
  ["that of its source", { source: [from("dev")], key: "dev_A" }],
  ["that of the last source that has one", { source: [from("dev"), from("prod"), inline], key: "prod_A" }],
  ["the stack, where nothing else says one", { source: [inline], key: "test_A" }],
])("a key is named after %s", async (_what, { source, environment, key }) => {
  const stack = await openStack();
  const infisical = await startInfisical();
  onTestFinished(() => infisical.close());
  const folder = { "/": { secrets: { A: "a-value" } } };
  infisical.instance.projects.set("p", { dev: folder, prod: folder });
  infisical.instance.identities.push({ clientId: "id", clientSecret: "s" });
  stack.environment = {
    ...stack.environment,
    INFISICAL_API_URL: infisical.origin,
    INFISICAL_UNIVERSAL_AUTH_CLIENT_ID: "id",
    INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET: "s",
  };
  const { id: appId } = stack.cloud.createApp({ name: "shop" });
  const run = await stack.up([
    sync("web", undefined, { destination: { appId }, source, syncOptions: { keySchema, environment } }),
  ]);
  expect([run.problems, stack.outputs("web")["managedKeys"]]).toEqual(["", [key]]);
});
