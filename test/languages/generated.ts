// Packages for other languages, as `pulumi package gen-sdk` generates them from schema/pulumi.json.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { cliEnvironment, ensurePulumi } from "../../tools/pulumi-cli/index.mjs";
import type { LanguageHosts } from "../servers/languages/index.js";

export const repository = path.join(__dirname, "../..");
const run = promisify(execFile);

export type Language = "python" | "go" | "nodejs" | "dotnet";

/** A program that fails is told with all that it has printed. */
export async function execute(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  const ran = await run(program, args, { ...options, maxBuffer: 1e8 }).catch(
    (error: { stdout?: string; stderr?: string }) => {
      throw new Error(`${program} ${args.join(" ")} failed\n${error.stdout}\n${error.stderr}`);
    },
  );
  return ran.stdout;
}

/** The environment of a CLI that finds the generators under the names of the language hosts. */
export async function generatorEnvironment(hosts: LanguageHosts, folder: string): Promise<Record<string, string>> {
  const bin = path.join(folder, "generators");
  await mkdir(bin, { recursive: true });
  for (const [name, host] of [
    ["go", hosts.generator],
    ["nodejs", hosts.generator],
    ["python", hosts.generator],
    ["dotnet", hosts.dotnetGenerator],
  ] as const)
    if (host !== null && !existsSync(path.join(bin, `pulumi-language-${name}`)))
      await symlink(host, path.join(bin, `pulumi-language-${name}`));
  const env = cliEnvironment(await ensurePulumi({ log: () => undefined }));
  return { ...env, PATH: `${bin}${path.delimiter}${env["PATH"]}`, PULUMI_HOME: path.join(folder, ".home") };
}

/** @returns the folder of the generated package */
export async function generate(language: Language, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const schema = path.join(repository, "schema/pulumi.json");
  await execute("pulumi", ["package", "gen-sdk", schema, "--language", language, "--out", folder], {
    cwd: folder,
    env,
  });
  return path.join(folder, language);
}

/** A module around generated or written Go, with pinned versions of all that it imports. */
export async function writeGoModule(folder: string, module: string): Promise<void> {
  const pinned = path.join(repository, "test/servers/languages/sdk");
  await copyFile(path.join(pinned, "go.sum"), path.join(folder, "go.sum"));
  const text = await readFile(path.join(pinned, "go.mod"), "utf8");
  await writeFile(path.join(folder, "go.mod"), text.replace(/^module .*$/m, `module ${module}`));
}

/** No toolchain downloads, no surrounding workspace, no C compiler. */
export const goSettings = { GOTOOLCHAIN: "local", GOWORK: "off", GOFLAGS: "-mod=readonly", CGO_ENABLED: "0" };

/** Installs a generated package as `pulumi package add` does. @returns a folder for PYTHONPATH */
export async function installPython(python: string, sdk: string, env: NodeJS.ProcessEnv): Promise<string> {
  const target = path.join(path.dirname(sdk), "python-packages");
  const options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--target", target];
  await execute(python, ["-m", "pip", "install", ...options, sdk], { cwd: sdk, env });
  return target;
}
