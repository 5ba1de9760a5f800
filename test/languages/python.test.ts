// A Python program as a newcomer writes it: the generated package, the plugin as it is released, from an empty folder.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { version } from "../../provider/http/version.js";
import { succeed } from "../e2e/harness.js";
import { type ForeignWorld, makePlugin, openForeignWorld, playWholeLife, programOf } from "./foreign-world.js";
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

  test("previews, writes, finds nothing more to do, and is destroyed", async () => {
    const { previewed, value, again, left } = await playWholeLife(world);
    expect(previewed).toContain("+ web/API_KEY (SECRET RUN_TIME)");
    expect(value).toBe(world.value);
    expect(again).toMatch(/Resources:\n +3 unchanged/);
    expect(left).toBeUndefined();
  });
});
