// Test side: programs and servers that tests run for real, kept in the user's cache so that a machine builds each of them once.

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const buildTimeoutMs = 15 * 60_000;

/** Beside the Pulumi CLI: `$XDG_CACHE_HOME` or `~/.cache`. */
function cacheFolder(): string {
  const base = process.env["XDG_CACHE_HOME"] || path.join(process.env["HOME"] || homedir(), ".cache");
  return path.join(base, "pulumi-secret-sync", "servers");
}

/**
 * A folder that is filled once. What is made under a temporary name and moved is never found half made.
 *
 * @returns undefined where it cannot be made; said in one line, and a failure where servers are required
 */
async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string | undefined> {
  const folder = path.join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  try {
    mkdirSync(making, { recursive: true });
    await make(making);
    if (!existsSync(folder)) renameSync(making, folder);
    return folder;
  } catch (error) {
    // A mistake of our own is no reason to skip.
    if (/\.go:\d+:\d+: /.test((error as { stderr?: string }).stderr ?? "")) throw error;
    return skipOrFail(`${name} cannot be made here: ${reasonOf(error)}`);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** One visible line; with CI_REQUIRE_SERVERS=1 a missing server is a failure. */
function skipOrFail(reason: string): undefined {
  if (process.env["CI_REQUIRE_SERVERS"] === "1") throw new Error(reason);
  console.warn(`skipped: ${reason}`);
}

function reasonOf(error: unknown): string {
  const { code, stderr, message } = error as { code?: unknown; stderr?: string; message?: string };
  if (code === "ENOENT") return "the compiler or interpreter that it needs is not installed";
  return (stderr?.trim() || message || String(error)).split("\n").slice(-1).join("").slice(0, 300);
}

/** A Go program at an exact version, from the module proxy. */
export async function goProgram(
  module: string,
  { name, version }: { name: string; version: string },
): Promise<string | undefined> {
  const folder = await cached(`${name}-${version}`, async (target) => {
    await run("go", ["install", "-trimpath", "-ldflags=-s -w", `${module}@${version}`], {
      env: goEnvironment({ GOBIN: target }),
      timeout: buildTimeoutMs,
    });
  });
  return folder && path.join(folder, path.basename(module));
}

export interface GoBuild {
  readonly name: string;
  readonly version: string;
  /** A package of a module that the source only names. */
  readonly program?: string;
  /** What has to lie beside the program. */
  readonly finish?: (folder: string) => Promise<void>;
}

/** A Go program of this repository, or one that a module of it names; go.sum pins what it needs. */
export async function goBuild(
  source: string,
  { name, version, program = ".", finish }: GoBuild,
): Promise<string | undefined> {
  const folder = await cached(`${name}-${version}`, async (target) => {
    const args = [
      "build",
      "-mod=readonly",
      "-buildvcs=false",
      "-trimpath",
      "-ldflags=-s -w",
      "-o",
      path.join(target, name),
      program,
    ];
    await run("go", args, { cwd: source, env: goEnvironment({}), timeout: buildTimeoutMs });
    await finish?.(target);
  });
  return folder && path.join(folder, name);
}

/** No toolchain downloads and no C compiler: the same build on every machine. */
function goEnvironment(own: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, GOTOOLCHAIN: "local", GOWORK: "off", GOFLAGS: "", CGO_ENABLED: "0", ...own };
}

/** A Python environment with exact packages. @returns its folder of programs */
export async function pythonPrograms(name: string, packages: readonly string[]): Promise<string | undefined> {
  // A virtual environment holds its own path, so it is made in its place; the marker says that it is whole.
  const home = path.join(cacheFolder(), `${name}-venv`);
  const marker = await cached(name, async () => {
    rmSync(home, { recursive: true, force: true });
    await run("python3", ["-m", "venv", home], { timeout: buildTimeoutMs });
    await run(path.join(home, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", ...packages], {
      timeout: buildTimeoutMs,
    });
  });
  return marker && path.join(home, "bin");
}
