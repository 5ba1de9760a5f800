// A Go program as a newcomer writes it: the generated package, the plugin as it is released, from an empty folder.

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { version } from "../../provider/http/version.js";
import { succeed } from "../e2e/harness.js";
import { type ForeignWorld, makePlugin, openForeignWorld, programOf } from "./foreign-world.js";
import { generate, generatorEnvironment, goSettings, writeGoModule } from "./generated.js";

const { languages } = inject("programs");
const { go, generator } = languages;

// Skipped where the language host cannot be built from Go modules.
describe.skipIf(go === null || generator === null)("a Go program", { timeout: 600_000 }, () => {
  let world: ForeignWorld;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "secret-sync-go-"));
    const { archive } = await makePlugin(folder);
    const sdk = await generate("go", folder, await generatorEnvironment(languages, folder));
    world = await openForeignWorld({
      project: "name: shop\nruntime: go\n",
      files: { "main.go": programOf("go", "go") },
      path: [path.dirname(go ?? "")],
    });
    Object.assign(world.environment, goSettings);
    // One module for the program and the package, so that nothing is fetched.
    cpSync(sdk, world.directory, { recursive: true });
    await writeGoModule(world.directory, "example.com/pulumi-secret-sync/sdk/go");
    succeed(await world.pulumi("plugin", "install", "resource", "secret-sync", version, "--file", archive));
  });
  afterAll(async () => {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const written = () => world.cloud.running(world.appId)["web"]?.["API_KEY"]?.value;

  test("previews, writes, finds nothing more to do, and is destroyed", async () => {
    const { text } = await world.preview();
    expect(text).toContain("+ web/API_KEY (SECRET RUN_TIME)");
    await world.up();
    expect(written()).toBe(world.value);
    expect((await world.up()).text).toMatch(/Resources:\n +3 unchanged/);
    succeed(await world.pulumi("destroy", "--yes"));
    expect(written()).toBeUndefined();
  });
});
