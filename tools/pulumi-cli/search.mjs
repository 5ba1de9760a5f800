// Search: finds a complete CLI that is already on the machine. Changes nothing.
import { realpathSync } from "node:fs";
import path from "node:path";
import { runCommand } from "./command.mjs";
import { isExecutable, listPathFolders, programNames } from "./places.mjs";
import { isAtLeast, oldestAccepted, parseVersion, wantedVersion } from "./version.mjs";

/**
 * Asks a CLI for its version. One that does not answer counts as not there.
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 */
export async function askVersion(file, env) {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const answer = await runCommand(file, ["version"], { env: quiet, timeout: 20_000 });
  return answer.ok ? parseVersion(answer.stdout) : undefined;
}

/**
 * The `pulumi` that PATH leads to, unless it is too old or lacks one of the programs that must lie with it.
 * @param {import("./index.mjs").Machine} machine
 * @returns {Promise<import("./index.mjs").PulumiCli | undefined>}
 */
export async function findOnPath({ env, platform, log }) {
  const names = programNames(platform);
  const folders = listPathFolders(env);
  const bin = folders.find((folder) => isExecutable(path.join(folder, names.cli)));
  if (bin === undefined) return undefined;
  const file = path.join(bin, names.cli);
  // The CLI itself looks in the same places: the folder it really lies in, and PATH.
  const reachable = [path.dirname(realpathSync(file)), ...folders];
  const missing = [names.languageHost, names.providerScript].filter(
    (name) => !reachable.some((folder) => isExecutable(path.join(folder, name))),
  );
  if (missing.length > 0) {
    log(`passing over ${file}: ${missing.join(" and ")} not found beside it or on PATH`);
    return undefined;
  }
  const version = await askVersion(file, env);
  if (version === undefined || !isAtLeast(version, oldestAccepted)) {
    log(`passing over ${file}: version ${version ?? "unknown"}, ${oldestAccepted} or newer is needed`);
    return undefined;
  }
  return { root: path.dirname(bin), bin, version, origin: "path" };
}

/**
 * The copy that an earlier run downloaded or built.
 * @param {import("./index.mjs").Machine} machine
 * @param {string[]} homes
 * @returns {Promise<import("./index.mjs").PulumiCli | undefined>}
 */
export async function findInCache({ env, platform }, homes) {
  const names = programNames(platform);
  for (const home of homes) {
    const root = path.join(home, "versions", wantedVersion);
    const bin = path.join(root, "bin");
    if (!isExecutable(path.join(bin, names.languageHost))) continue;
    const version = await askVersion(path.join(bin, names.cli), env);
    if (version === wantedVersion) return { root, bin, version, origin: "cache" };
  }
  return undefined;
}
