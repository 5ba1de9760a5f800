// The stack of a world is opened by the key service alone, by the CLI's own client of Vault.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, succeed, type World } from "./harness.js";

let world: World;
let own: Record<string, string>;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  own = world.environment;
  succeed(await world.pulumi("config", "set", "--secret", "word", "plain"));
});
afterAll(() => world.close());

test("it gives back what the stack holds, which stands nowhere in its settings", async () => {
  world.environment = own;
  expect(succeed(await world.pulumi("config", "get", "word")).stdout).toBe("plain\n");
  const settings = await readFile(join(world.directory, "Pulumi.test.yaml"), "utf8");
  expect(settings).toContain("hashivault://stack");
  expect(settings).not.toMatch(/plain|cGxhaW4/);
});

test.each([
  ["another token", { VAULT_SERVER_TOKEN: "another" }],
  ["no service", { VAULT_SERVER_URL: "http://127.0.0.1:1", VAULT_MAX_RETRIES: "0" }],
  ["a passphrase instead", { VAULT_SERVER_TOKEN: "", PULUMI_CONFIG_PASSPHRASE: "passphrase" }],
])("with %s it stays closed", async (_, change) => {
  world.environment = { ...own, ...change };
  const run = await world.pulumi("config", "get", "word");
  expect(run.code).not.toBe(0);
  expect(run.stdout).not.toContain("plain");
});
