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

  /** The same program without a class, and with one more source that wins. */
  const dictionaries = (member: string) => `import pulumi
import pulumi_secret_sync as secrets

config = pulumi.Config()
secrets.SecretSync("web",
    source=[
        {"type": "inline", "values": {"API_KEY": "earlier"}},
        {"type": "inline", "values": {"API_KEY": config.require_secret("apiKey")}},
    ],
    destination={"type": "digital-ocean-app-platform", "${member}": "shop", "components": ["web"],
        "connection": {"app": "digital-ocean", "method": "api-token", "credentials": {"apiToken": config.require_secret("token")}}},
    sync_options={"adoptExisting": ["API_KEY"]})
`;

  test("of plain dictionaries does the same", async () => {
    await world.write("__main__.py", dictionaries("appName"));
    const { previewed, value, again, left } = await playWholeLife(world);
    expect(previewed).toContain("+ web/API_KEY (SECRET RUN_TIME)");
    expect(value).toBe(world.value);
    expect(again).toMatch(/Resources:\n +2 unchanged/);
    expect(left).toBeUndefined();
  });

  test("of plain dictionaries with a misspelt name is told what was meant, once", async () => {
    await world.write("__main__.py", dictionaries("appname"));
    const { text } = await world.pulumi("preview");
    const told = text.slice(text.indexOf("Diagnostics:")).match(/argument\.invalid: .*/g);
    expect(told).toEqual(['argument.invalid: destination: unknown field "appname"; did you mean "appName"?']);
  });
});
