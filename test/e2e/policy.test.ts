// The policy pack of examples/policy-pack, run by the real CLI beside a preview.

import { cp, symlink } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { openWorld, type Run, type World } from "./harness.js";
import { openPluginWorld } from "./plugin-world.js";
import { writeExecutable } from "../executable.js";

const repository = path.join(__dirname, "../..");

/** Runs the pack as the engine runs an analyzer that is a program: with its address as the only argument. */
const launcher = `#!/bin/sh
cd "$(dirname "$0")" && exec node node_modules/@pulumi/pulumi/cmd/run-policy-pack "$1" .
`;

async function placePack(world: World): Promise<void> {
  const folder = path.join(world.directory, "policy");
  await cp(path.join(repository, "examples/policy-pack"), folder, { recursive: true });
  await symlink(path.join(repository, "node_modules"), path.join(folder, "node_modules"), "dir");
  writeExecutable(path.join(folder, "launch"), launcher);
}

/** A language host that was built from Go modules cannot run policy packs; the engine then starts the same pack by itself. */
async function previewUnder(world: World, ...config: string[]): Promise<Run> {
  const run = await world.pulumi("preview", "--policy-pack", "policy", ...config);
  if (!/policy pack .* failed to start: .*not supported/.test(run.text)) return run;
  return world.pulumi("preview", "--policy-pack", "policy/launch", ...config);
}

interface Stack {
  readonly world: World;
  /** One sync with some more members of its destination. */
  declare(destination: object): Promise<void>;
}

const source = { type: "file", path: "secrets.json" };
const appPlatform = { type: "digital-ocean-app-platform", appName: "shop" };

/** A TypeScript program under the dynamic provider, and a YAML program under the plugin. */
const hosts: Readonly<Record<string, () => Promise<Stack>>> = {
  "the dynamic provider": async () => {
    const world = await openWorld({ program: "inline", stack: "production" });
    const sync = (destination: object) => JSON.stringify({ source, destination: { ...appPlatform, ...destination } });
    return { world, declare: (destination) => world.program(`new SecretSync("web", ${sync(destination)});`) };
  },
  "the plugin": async () => {
    const world = await openPluginWorld({ stack: "production" });
    const sync = (destination: object) => ({
      type: "secret-sync:SecretSync",
      properties: { source: [source], destination: { ...appPlatform, ...destination } },
    });
    return { world, declare: (destination) => world.declare({ web: sync(destination) }) };
  },
};

test.each(Object.entries(hosts))(
  "under %s a production stack may not have readable variables whose names look like secrets",
  async (_, open) => {
    const { world, ...stack } = await open();
    try {
      world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
      const secrets = { DATABASE_PASSWORD: world.secret("password"), LOG_LEVEL: "debug" };
      await world.write("secrets.json", JSON.stringify(secrets));
      await placePack(world);

      await stack.declare({ variables: { DATABASE_PASSWORD: { variableType: "GENERAL" } } });
      const refused = await previewUnder(world);
      expect(refused.code).not.toBe(0);
      expect(refused.text).toMatch(/\[mandatory\].*no-readable-secrets/);
      expect(refused.text).toContain("DATABASE_PASSWORD looks like a secret");
      expect(refused.text).not.toContain("LOG_LEVEL looks like a secret");

      await world.write("loose.json", JSON.stringify({ "no-readable-secrets": { stacks: "^live$" } }));
      expect(await previewUnder(world, "--policy-pack-config", "loose.json")).toMatchObject({ code: 0 });

      await stack.declare({ variables: { LOG_LEVEL: { variableType: "GENERAL" } } });
      const passed = await previewUnder(world);
      expect(passed).toMatchObject({ code: 0 });
      expect(passed.text).toMatch(/Policies:\s+✅ secret-sync/);
    } finally {
      await world.close();
    }
  },
);
