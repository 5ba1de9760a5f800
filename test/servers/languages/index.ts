// Test side: what `pulumi` needs to run programs of other languages and to generate packages for them, built from Go modules.

import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { chmod, copyFile, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { goBuild, pythonPrograms } from "../cache.js";

const run = promisify(execFile);

/** Programs by what they are for; `null` where one cannot be had here. */
export interface LanguageHosts {
  /** Run programs. Old ones: newer versions are no Go modules that a proxy has, and these serve the CLI as well. */
  readonly go: string | null;
  readonly python: string | null;
  readonly yaml: string | null;
  /** Generate packages, and do nothing else. The first is three in one, by the name it is started under. */
  readonly generator: string | null;
  readonly dotnetGenerator: string | null;
  /** The folder of a Python that has the SDK and what generated packages import. */
  readonly pythonSdk: string | null;
}

/** The SDK, what generated packages import, and what installs them. */
const pythonPackages = ["pulumi==3.270.0", "parver==0.5", "semver==3.0.4", "setuptools==80.9.0"];

export async function buildLanguageHosts(): Promise<LanguageHosts> {
  const nodeHost = path.join(__dirname, "../../../tools/pulumi-cli/language-host");
  const host = (name: string, folder: string, program: string) =>
    build(name, path.join(__dirname, folder), { program });
  return {
    go: await host("pulumi-language-go", "go", "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go"),
    python: await build("pulumi-language-python", nodeHost, {
      program: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
      beside: "python/cmd/pulumi-language-python-exec",
    }),
    yaml: await host("pulumi-language-yaml", "yaml", "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"),
    generator: await host("pulumi-language-generator", "generators", "."),
    dotnetGenerator: await host("pulumi-language-dotnet", "yaml", "./dotnet"),
    pythonSdk: (await pythonPrograms("pulumi-python-3.270.0-sdk", pythonPackages)) ?? null,
  };
}

interface Build {
  readonly program: string;
  /** A script of the same module that the host starts. */
  readonly beside?: string;
}

async function build(name: string, source: string, { program, beside }: Build): Promise<string | null> {
  const version = await digest([source, path.join(__dirname, "host")]);
  const finish = async (folder: string) => {
    if (beside === undefined) return;
    const list = ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"];
    const { stdout } = await run("go", list, {
      cwd: source,
      env: { ...process.env, GOTOOLCHAIN: "local", GOWORK: "off" },
    });
    const script = path.join(folder, path.basename(beside));
    await copyFile(path.join(stdout.trim(), beside), script);
    await chmod(script, 0o755);
  };
  return (await goBuild(source, { name, version, program, finish })) ?? null;
}

/** Of every file that the build reads, so that a change is built again. */
async function digest(folders: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of folders)
    for (const file of (await readdir(folder, { recursive: true })).toSorted())
      if (/\.(?:go|mod|sum)$/.test(file)) hash.update(await readFile(path.join(folder, file)));
  return hash.digest("hex").slice(0, 12);
}
