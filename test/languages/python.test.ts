// A Python program as a newcomer writes it: the generated package, the plugin as it is released, from an empty folder.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { version } from "../../provider/http/version.js";
import { succeed } from "../e2e/harness.js";
import { type ForeignWorld, makePlugin, openForeignWorld, programOf } from "./foreign-world.js";
import { generate, generatorEnvironment, installPython } from "./generated.js";

const { languages } = inject("programs");
const { python, pythonSdk, generator } = languages;

// Skipped where the language host or the SDK cannot be had.
describe.skipIf(python === null || pythonSdk === null || generator === null)("a Python program", () => {
  let world: ForeignWorld;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "secret-sync-python-"));
    const { archive } = await makePlugin(folder);
    const env = await generatorEnvironment(languages, folder);
    const packages = await installPython(
      path.join(pythonSdk ?? "", "python"),
      await generate("python", folder, env),
      env,
    );
    world = await openForeignWorld({
      project: "name: shop\nruntime: python\n",
      files: { "__main__.py": programOf("python", "python") },
      path: [path.dirname(python ?? ""), pythonSdk ?? ""],
    });
    world.environment["PYTHONPATH"] = packages;
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
