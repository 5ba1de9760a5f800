// A plan that was saved by a preview is what the update carries out, whichever token made it; short values cannot be guessed from either.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { valuesAt } from "./evidence.js";
import { openWorld, succeed, type World } from "./harness.js";

let world: World;
afterEach(() => world.close());

const sync = (appId: string, pin: string) => `
  const ocean = new Connection("ocean", {
    app: "digital-ocean", method: "api-token", baseUrl: ${JSON.stringify(world.cloud.url)},
    credentials: { apiToken: process.env.MY_TOKEN },
  });
  new SecretSync("web", {
    source: { type: "inline", values: { PIN: "${pin}" } },
    destination: { type: "digital-ocean-app-platform", connection: ocean, appId: ${JSON.stringify(appId)} },
  });
`;

async function planAndUp(shows: RegExp): Promise<void> {
  const plan = await world.preview("--save-plan", "plan.json", "--diff");
  expect(plan.text).toMatch(shows);
  expect(await readFile(join(world.directory, "plan.json"), "utf8")).not.toContain("dop_v1_");
  await world.up("--plan", "plan.json");
}

test("a new sync, a changed value and a rotated token are carried out as they were saved", async () => {
  world = await openWorld({ program: "inline" });
  const { id: appId } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const scopes = ["app:read", "app:update"];
  for (const token of ["dop_v1_one", "dop_v1_two"]) world.cloud.tokens.set(token, { scopes });
  world.environment["MY_TOKEN"] = "dop_v1_one";
  await world.program(sync(appId, "111111"));
  await planAndUp(/ PIN\s*: 1\n/);
  expect(valuesAt(world, appId)).toEqual({ PIN: "111111" });
  await world.program(sync(appId, "222222"));
  await planAndUp(/~ PIN\s*: 1 => 2/);
  world.environment["MY_TOKEN"] = "dop_v1_two";
  await planAndUp(/~ credentials/);
  expect(valuesAt(world, appId)).toEqual({ PIN: "222222" });
  const rest = await world.preview("--diff");
  expect(rest.text).toMatch(/unchanged/);
  expect(rest.text).not.toMatch(/[~+-] \w+\s*:/);
});

test("a new sync is planned with one token and updated with another, as in a pull request and its merge", async () => {
  world = await openWorld({ program: "inline" });
  const { id: appId } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  world.cloud.tokens.set("dop_v1_plan", { scopes: ["app:read", "app:update"] });
  world.cloud.tokens.set("dop_v1_merge", { scopes: ["app:read", "app:update"] });
  await world.program(`
    new SecretSync("web", {
      source: { type: "inline", values: { PIN: "333333" } },
      destination: { type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)} },
    });
  `);
  world.environment["DIGITALOCEAN_TOKEN"] = "dop_v1_plan";
  succeed(await world.pulumi("preview", "--save-plan", "plan.json"));
  world.environment["DIGITALOCEAN_TOKEN"] = "dop_v1_merge";
  await world.up("--plan", "plan.json");
  expect(valuesAt(world, appId)).toEqual({ PIN: "333333" });
});
