// A YAML program as a newcomer writes it, from an empty folder, with the plugin as it is released.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { version } from "../../provider/http/version.js";
import { succeed } from "../e2e/harness.js";
import { type ForeignWorld, makePlugin, openForeignWorld, programOf } from "./foreign-world.js";

const host = inject("programs").languages.yaml;

// Skipped where the language host cannot be built from Go modules.
describe.skipIf(host === null)("a YAML program", () => {
  let world: ForeignWorld;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "secret-sync-yaml-"));
    const { archive } = await makePlugin(folder);
    world = await openForeignWorld({ project: programOf("yaml", "yaml"), path: [path.dirname(host ?? "")] });
    succeed(await world.pulumi("plugin", "install", "resource", "secret-sync", version, "--file", archive));
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const written = () => world.cloud.running(world.appId)["web"]?.["API_KEY"]?.value;

  test("previews the key that it will write, and writes nothing", async () => {
    const { text } = await world.preview("--diff");
    expect(text).toContain("+ web/API_KEY (SECRET RUN_TIME)");
    expect(text).toContain("secret-sync:index:SecretSync");
    expect(written()).toBeUndefined();
  });

  test("writes it, and the next run finds nothing to do", async () => {
    await world.up();
    expect(written()).toBe(world.value);
    const { text } = await world.up();
    expect(text).toMatch(/Resources:\n +3 unchanged/);
  });

  test("shows drift by the name of the key, and repairs it", async () => {
    world.cloud.editConsole(world.appId, ({ services: [web] = [] }) => {
      if (web !== undefined) web.envs = [];
    });
    const { text } = await world.preview("--diff");
    expect(text).toMatch(/~ keys: \{\s+\+ API_KEY: 1\b/);
    await world.up();
    expect(written()).toBe(world.value);
  });

  test("keeps no value in state", async () => {
    const { text } = await world.pulumi("stack", "export");
    expect(text).toContain("API_KEY");
    expect(text).not.toContain(world.value);
  });

  test("is destroyed without a trace", async () => {
    succeed(await world.pulumi("destroy", "--yes"));
    expect(written()).toBeUndefined();
  });
});
