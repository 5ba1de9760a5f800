// A Go program as a newcomer writes it: the generated package, the plugin as it is released, from an empty folder.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { version } from "../../provider/http/version.js";
import { succeed } from "../e2e/harness.js";
import { type ForeignWorld, makePlugin, openForeignWorld, playWholeLife, programOf } from "./foreign-world.js";
import { execute, generate, generatorEnvironment, goSettings, writeGoModule } from "./generated.js";

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

  test("compiles with the generated package, and go vet finds nothing in it", async () => {
    const programs = path.join(folder, "programs");
    mkdirSync(programs);
    const options = { cwd: world.directory, env: world.environment };
    await execute("go", ["build", "-o", programs, "./..."], options);
    expect(readdirSync(programs)).toHaveLength(1);
    await execute("go", ["vet", "."], options);
  });

  test("previews, writes, finds nothing more to do, and is destroyed", async () => {
    const { previewed, value, again, left } = await playWholeLife(world);
    expect(previewed).toContain("+ web/API_KEY (SECRET RUN_TIME)");
    expect(value).toBe(world.value);
    expect(again).toMatch(/Resources:\n +3 unchanged/);
    expect(left).toBeUndefined();
  });
});
