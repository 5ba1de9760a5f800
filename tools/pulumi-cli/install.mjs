// Install: fills a temporary folder, proves that what lies in it runs, and only then gives it its final name.
import { copyFileSync, existsSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { buildCli } from "./build.mjs";
import { downloadCli } from "./download.mjs";
import { holdLock, isAlive } from "./lock.mjs";
import { chooseHome, findSdkFolder, programNames } from "./places.mjs";
import { askVersion, findInCache } from "./search.mjs";
import { cliModule, oldestAccepted, wantedVersion } from "./version.mjs";

/**
 * @param {import("./index.mjs").Machine} machine
 * @param {string[]} homes
 * @returns {Promise<import("./index.mjs").PulumiCli>}
 */
export async function installCli(machine, homes) {
  const versions = path.join(chooseHome(homes), "versions");
  const lock = { folder: path.join(versions, `${wantedVersion}.lock`), log: machine.log };
  return holdLock(lock, async () => {
    // Whoever held the lock before has probably done the work.
    const installed = await findInCache(machine, homes);
    if (installed) return installed;
    removeAbandoned(versions);
    const temporary = path.join(versions, `${wantedVersion}.tmp-${process.pid}`);
    const root = path.join(versions, wantedVersion);
    try {
      const origin = await fill(machine, temporary);
      // Something incomplete may lie there; nothing complete does, or the search would have found it.
      rmSync(root, { recursive: true, force: true });
      renameSync(temporary, root);
      return { root, bin: path.join(root, "bin"), version: wantedVersion, origin };
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
}

/**
 * Tries the download, then the build.
 * @param {import("./index.mjs").Machine} machine
 * @param {string} temporary
 * @returns {Promise<"download" | "built">}
 */
async function fill(machine, temporary) {
  const ways = /** @type {const} */ ([
    ["download", downloadCli],
    ["built", buildCli],
  ]);
  const failures = [];
  for (const [origin, bring] of ways) {
    try {
      const bin = path.join(temporary, "bin");
      await bring(machine, bin);
      await prove(machine, bin);
      rmSync(`${bin}-unpacked`, { recursive: true, force: true });
      return origin;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(reason);
      machine.log(origin === "download" ? `no download: ${reason}` : `no build: ${reason}`);
      rmSync(temporary, { recursive: true, force: true });
    }
  }
  throw new Error(
    `no usable pulumi cli (download: ${failures[0]}; build: ${failures[1]}). Install pulumi ${oldestAccepted} or newer ` +
      `(https://www.pulumi.com/docs/install/) or go ${cliModule.go} or newer (https://go.dev/dl/), then run this again`,
  );
}

/**
 * @param {import("./index.mjs").Machine} machine
 * @param {string} bin
 */
async function prove({ env, platform }, bin) {
  const version = await askVersion(path.join(bin, programNames(platform).cli), env);
  if (version !== wantedVersion)
    throw new Error(`the new pulumi says version ${version ?? "nothing"}, not ${wantedVersion}`);
}

/**
 * Temporary folders of processes that died while installing.
 * @param {string} versions
 */
function removeAbandoned(versions) {
  for (const name of readdirSync(versions)) {
    const pid = /\.tmp-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(path.join(versions, name), { recursive: true, force: true });
  }
}

/**
 * Dynamic resources are served by a script of the npm SDK that the CLI looks for beside itself. A build does not contain it.
 * @param {import("./index.mjs").Machine} machine
 * @param {string} bin
 */
export function placeProviderScript({ platform, repository, log }, bin) {
  const { providerScript } = programNames(platform);
  const target = path.join(bin, providerScript);
  const sdk = findSdkFolder(repository);
  if (existsSync(target) && (!sdk || isSame(path.join(sdk, providerScript), target))) return;
  if (!sdk) {
    log(`${providerScript} comes with @pulumi/pulumi: run npm ci, then this again`);
    return;
  }
  const temporary = `${target}.tmp-${process.pid}`;
  copyFileSync(path.join(sdk, providerScript), temporary);
  renameSync(temporary, target);
}

/**
 * @param {string} one
 * @param {string} other
 */
function isSame(one, other) {
  return readFileSync(one).equals(readFileSync(other));
}
