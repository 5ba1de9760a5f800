// `pulumi package add` in an empty project, with the plugin as it is released: the package comes from the schema that the plugin serves.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { version } from "../../provider/http/version.js";
import { makePlugin } from "./foreign-world.js";
import { execute, generate, generatorEnvironment, type Language } from "./generated.js";

const { languages } = inject("programs");

let folder: string;
let archive: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "secret-sync-package-add-"));
  ({ archive } = await makePlugin(folder));
  env = { ...(await generatorEnvironment(languages, folder)), PULUMI_BACKEND_URL: `file://${folder}` };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What an empty project of the language holds. */
const manifests: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  python: { "requirements.txt": "pulumi>=3.0.0\n" },
  nodejs: { "package.json": '{ "name": "shop", "private": true }\n' },
  go: { "go.mod": "module shop\n\ngo 1.24\n" },
};

function list(place: string): string[] {
  return readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:py|ts|go)$/.test(file))
    .toSorted();
}

/** The generator that is built for tests can do everything but write the package into the project's manifest, which comes last. */
async function addPackage(place: string): Promise<string> {
  const run = promisify(execFile)("pulumi", ["package", "add", `secret-sync@${version}`], { cwd: place, env });
  const { stdout, stderr } = await run.catch((failed: { stdout: string; stderr: string }) => failed);
  const errors = stderr.split("\n").filter((line) => line.startsWith("error:"));
  expect(errors.filter((line) => !line.endsWith("linking package: method Link not implemented"))).toEqual([]);
  return stdout;
}

// Skipped where the generators cannot be built from Go modules.
describe.skipIf(languages.generator === null)("`pulumi package add` from an empty folder", () => {
  test.each(Object.keys(manifests) as Language[])(
    "generates for %s what the schema of the repository says",
    async (language) => {
      const place = path.join(folder, `project-${language}`);
      mkdirSync(place);
      const files = { "Pulumi.yaml": `name: shop\nruntime: ${language}\n`, ...manifests[language] };
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(place, name), text);
      const install = ["plugin", "install", "resource", "secret-sync", version, "--file", archive, "--reinstall"];
      await execute("pulumi", install, { cwd: place, env });
      expect(await addPackage(place)).toContain("Successfully generated an SDK for the secret-sync package");
      const added = path.join(place, "sdks/secret-sync");
      const generated = await generate(language, folder, env);
      expect(list(added).length).toBeGreaterThan(4);
      expect(list(added)).toEqual(list(generated));
      for (const file of list(added).filter((name) => /secret_?sync\.\w+$/i.test(name)))
        expect(readFileSync(path.join(added, file), "utf8")).toBe(readFileSync(path.join(generated, file), "utf8"));
    },
  );
});
