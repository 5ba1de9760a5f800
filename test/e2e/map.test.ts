// `map` of a stack that the real Pulumi CLI has written.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "./command-line.js";
import { openWorld } from "./harness.js";

test("map draws names and places of what an update left, holds no value, and replaces no file unasked", async () => {
  const world = await openWorld({ program: "inline" });
  try {
    const page = () => readFile(path.join(world.directory, "secret-sync-map.html"), "utf8");
    expect(await runCommand(world, "map")).toMatchObject({
      code: 0,
      stdout: "secret-sync-map.html: 0 syncs of test\n",
    });
    expect(await page()).toContain("The stack has no SecretSync.");

    world.cloud.createApp({ name: "shop", services: [{ name: "web" }, { name: "worker" }] });
    await world.write("secrets.env", `DATABASE_URL=${world.secret("url")}\nQUEUE_TOKEN=${world.secret("token")}\n`);
    await world.program(`
      new SecretSync("shop", {
        source: [{ type: "inline", values: { PAYMENT_KEY: ${JSON.stringify(world.secret("key"))} } }, { type: "file", path: "secrets.env" }],
        destination: {
          type: "digital-ocean-app-platform", appName: "shop", components: ["web"],
          variables: { QUEUE_TOKEN: { components: ["worker"] } },
        },
      });
    `);
    await world.up();
    world.cloud.resetCounts();
    const refused = await runCommand(world, "map");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^error: file\.exists: secret-sync-map\.html already exists/);
    expect(await page()).toContain("The stack has no SecretSync.");

    expect(await runCommand(world, "map", "--force")).toMatchObject({ code: 0, stderr: "" });
    const drawn = await page();
    for (const name of ["DATABASE_URL", "PAYMENT_KEY", "QUEUE_TOKEN", "secrets.env", "values of the program"])
      expect(drawn).toContain(name);
    // State tells which source gave which key.
    expect(drawn).toMatch(/1 key to component web.*DATABASE_URL/);
    expect(drawn).toMatch(/1 key to component web.*PAYMENT_KEY/);
    expect(drawn).toMatch(/1 key to component worker.*QUEUE_TOKEN/);
    for (const canary of world.canaries) expect(drawn).not.toContain(canary);
    expect(world.cloud.counts()).toEqual({});
  } finally {
    await world.close();
  }
});
