// While a slow deployment runs, the resource's row tells how far it is.

import { expect, test } from "vitest";
import { openWorld } from "./harness.js";

test("the deployment's phases appear while it runs", async () => {
  const world = await openWorld({ program: "inline", deployment: { phaseMs: 700 } });
  try {
    const { id } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    await world.program(`
      new SecretSync("web", {
        source: { type: "inline", values: { A: ${JSON.stringify(world.secret("a"))} } },
        destination: { type: "digital-ocean-app-platform", appId: "${id}" },
      });
    `);
    const run = await world.up();
    const [deployment] = world.cloud.deployments(id).slice(-1);
    expect(run.text).toContain(`deployment ${deployment?.id} PENDING_BUILD`);
    expect(run.text).toMatch(/deployment \S+ (BUILDING|PENDING_DEPLOY|DEPLOYING) \d+\/\d+/);
  } finally {
    await world.close();
  }
});
