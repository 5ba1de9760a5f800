// A sync that moves while it is disabled: an enabling run fails after its write, and a destroy finds both resources in state, in the order
// that the engine chooses.

import { afterAll, beforeAll, expect, test } from "vitest";
import { valuesAt } from "./evidence.js";
import { openWorld, succeed, type World } from "./harness.js";

let world: World;
beforeAll(async () => {
  world = await openWorld({ program: "inline" });
});
afterAll(() => world.close());

test.each(["1", "8"])("a destroy with --parallel %s leaves nothing at either app", async (parallel) => {
  const [from, to] = ["shop", "new-shop"].map(
    (name) => world.cloud.createApp({ name: `${name}-${parallel}`, services: [{ name: "web" }] }).id,
  ) as [string, string];
  const value = world.secret("a");
  const declare = (appId: string, isEnabled: boolean) =>
    world.program(`
      new SecretSync("web", {
        isEnabled: ${isEnabled},
        source: { type: "inline", values: { A: ${JSON.stringify(value)} } },
        destination: { type: "digital-ocean-app-platform", appId: "${appId}" },
      });
    `);
  for (const [appId, isEnabled] of [
    [from, true],
    [from, false],
    [to, false],
  ] as const) {
    await declare(appId, isEnabled);
    await world.up();
  }
  await declare(to, true);
  world.cloud.failNextDeployment(to, { step: "deploy", reasonCode: "DeployContainerHealthChecksFailed" });
  expect((await world.pulumi("up", "--yes", "--skip-preview")).text).toContain("deployment.failed");
  expect([from, to].map((appId) => valuesAt(world, appId))).toEqual([{ A: value }, { A: value }]);
  succeed(await world.pulumi("destroy", "--yes", "--skip-preview", "--parallel", parallel));
  expect([from, to].map((appId) => valuesAt(world, appId))).toEqual([{}, {}]);
});
