// A program exports its resources as they are: nothing of a connection's credentials or of a sync's values gets into the stack's outputs.

import { afterEach, expect, test } from "vitest";
import { openWorld, succeed, type World } from "./harness.js";

let world: World;
afterEach(() => world.close());

test("an exported Connection and an exported SecretSync hold no token and no value", async () => {
  world = await openWorld({ program: "inline" });
  const { id: appId } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const [token, value] = ["dop_v1_exported_token", world.secret("value")];
  world.cloud.tokens.set(token, { scopes: ["app:read", "app:update"] });
  await world.program(`
    const ocean = new Connection("ocean", {
      app: "digital-ocean", method: "api-token", baseUrl: ${JSON.stringify(world.cloud.url)},
      credentials: { apiToken: ${JSON.stringify(token)} },
    });
    const web = new SecretSync("web", {
      source: { type: "inline", values: { A: pulumi.output(${JSON.stringify(value)}) } },
      destination: { type: "digital-ocean-app-platform", connection: ocean, appId: ${JSON.stringify(appId)} },
    });
    exports.ocean = ocean;
    exports.both = { list: [ocean, web], text: pulumi.jsonStringify(pulumi.output(ocean)) };
  `);
  await world.preview();
  await world.up();
  const shown = await world.pulumi("stack", "output", "--json", "--show-secrets");
  expect(succeed(shown).stdout).toMatch(/"account": "[^"]+"/);
  expect(shown.stdout).not.toContain(token);
  const { stdout } = succeed(await world.pulumi("stack", "export", "--show-secrets"));
  const { deployment } = JSON.parse(stdout) as { deployment: { resources: Array<{ type: string }> } };
  const others = deployment.resources.filter(({ type }) => !type.endsWith(":SecretSync"));
  expect(JSON.stringify(others)).not.toContain(token);
});
