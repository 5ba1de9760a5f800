// Places: where the cache lies, what the programs are called, and which of them a folder holds.
import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import path from "node:path";

/** @param {NodeJS.Platform} platform */
export function programNames(platform) {
  const ending = platform === "win32" ? ".exe" : "";
  return {
    cli: `pulumi${ending}`,
    languageHost: `pulumi-language-nodejs${ending}`,
    providerScript: `pulumi-resource-pulumi-nodejs${platform === "win32" ? ".cmd" : ""}`,
  };
}

/**
 * The folders a copy may lie in, best first. Outside the clone where possible, so that a second clone need not build again.
 * @param {{ env: NodeJS.ProcessEnv, platform: NodeJS.Platform, repository: string }} machine
 */
export function listHomes({ env, platform, repository }) {
  if (env["PULUMI_SECRET_SYNC_CLI_HOME"]) return [path.resolve(env["PULUMI_SECRET_SYNC_CLI_HOME"])];
  return [path.join(cacheFolder(env, platform), "pulumi-secret-sync"), path.join(repository, ".tools")];
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 */
function cacheFolder(env, platform) {
  const home = env["HOME"] || homedir();
  if (env["XDG_CACHE_HOME"]) return env["XDG_CACHE_HOME"];
  if (platform === "win32") return env["LOCALAPPDATA"] || path.join(home, "AppData", "Local");
  return platform === "darwin" ? path.join(home, "Library", "Caches") : path.join(home, ".cache");
}

/**
 * The first home that can be written, created if need be.
 * @param {string[]} homes
 */
export function chooseHome(homes) {
  for (const home of homes) {
    try {
      mkdirSync(path.join(home, "versions"), { recursive: true });
      accessSync(path.join(home, "versions"), constants.W_OK);
      return home;
    } catch {
      // Read-only or not ours: the next one.
    }
  }
  throw new Error(`none of ${homes.join(", ")} can be written: set PULUMI_SECRET_SYNC_CLI_HOME to a folder that can`);
}

/**
 * The folders named by PATH. Windows spells the variable in any case.
 * @param {NodeJS.ProcessEnv} env
 */
export function listPathFolders(env) {
  const value = env[pathVariable(env)] ?? "";
  return value.split(path.delimiter).filter((folder) => folder !== "");
}

/** @param {NodeJS.ProcessEnv} env */
export function pathVariable(env) {
  return Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
}

/**
 * @param {string} file
 * @returns {boolean}
 */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    const found = statSync(file);
    return found.isFile() && found.size > 0;
  } catch {
    return false;
  }
}

/**
 * The npm package that ships the dynamic-provider script, or nothing before `npm ci`.
 * @param {string} repository
 */
export function findSdkFolder(repository) {
  try {
    return path.dirname(createRequire(path.join(repository, "package.json")).resolve("@pulumi/pulumi/package.json"));
  } catch {
    return undefined;
  }
}
