// Download: the vendor's own release archive, checked against the sums published beside it.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runCommand } from "./command.mjs";
import { programNames } from "./places.mjs";
import { wantedVersion } from "./version.mjs";

const releases = "https://get.pulumi.com/releases/sdk";
// A machine without a way out must not wait long before it builds instead.
const answerWithin = 8000;
const stallAfter = 20_000;

/**
 * Puts the programs into `bin`. Throws with one line that says why it could not.
 * @param {import("./index.mjs").Machine} machine
 * @param {string} bin
 */
export async function downloadCli({ env, platform, arch, fetch, log }, bin) {
  const archive = nameArchive(platform, arch);
  const sums = await request(fetch, `${releases}/pulumi-${wantedVersion}-checksums.txt`);
  const expected = findSum(sums.toString("utf8"), archive);
  log(`downloading ${releases}/${archive}`);
  const content = await request(fetch, `${releases}/${archive}`, log);
  const actual = createHash("sha256").update(content).digest("hex");
  if (actual !== expected)
    throw new Error(`checksum mismatch for ${archive}: published ${expected}, received ${actual}`);
  await unpack({ env, platform, content, archive }, bin);
}

/**
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 */
function nameArchive(platform, arch) {
  const system = platform === "win32" ? "windows" : platform;
  if (!["linux", "darwin", "windows"].includes(system) || !["x64", "arm64"].includes(arch)) {
    throw new Error(`no release is published for ${platform} on ${arch}`);
  }
  return `pulumi-v${wantedVersion}-${system}-${arch}.${system === "windows" ? "zip" : "tar.gz"}`;
}

/**
 * @param {string} sums
 * @param {string} archive
 */
function findSum(sums, archive) {
  for (const line of sums.split("\n")) {
    const [sum, file] = line.trim().split(/\s+/);
    if (file === archive && sum && /^[0-9a-f]{64}$/.test(sum)) return sum;
  }
  throw new Error(`the published checksums do not list ${archive}`);
}

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url
 * @param {(line: string) => void} [log]
 */
async function request(fetch, url, log) {
  const control = new AbortController();
  let timer = setTimeout(() => control.abort(), answerWithin);
  try {
    const response = await fetch(url, { signal: control.signal });
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
    const chunks = [];
    let size = 0;
    let told = Date.now();
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => control.abort(), stallAfter);
      chunks.push(chunk);
      size += chunk.length;
      if (log && Date.now() - told >= 10_000) {
        log(`downloading, ${Math.round(size / 1e6)} MB so far`);
        told = Date.now();
      }
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw new Error(explain(error, control.signal.aborted, url), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {unknown} error
 * @param {boolean} aborted
 * @param {string} url
 */
function explain(error, aborted, url) {
  if (aborted) return `${url} did not answer in time`;
  if (!(error instanceof Error)) return String(error);
  // fetch hides the reason ("getaddrinfo ENOTFOUND …") one level down.
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}

/**
 * @param {{ env: NodeJS.ProcessEnv, platform: NodeJS.Platform, content: Buffer, archive: string }} release
 * @param {string} bin
 */
async function unpack({ env, platform, content, archive }, bin) {
  const unpacked = `${bin}-unpacked`;
  mkdirSync(unpacked, { recursive: true });
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(unpacked, archive), content);
  // Windows ships a tar that reads zip files as well.
  const result = await runCommand("tar", ["-xf", archive], { cwd: unpacked, env });
  if (!result.ok) throw new Error(`tar could not unpack ${archive}: ${result.stderr}`);
  for (const name of Object.values(programNames(platform))) {
    // The other languages' hosts in the archive are of no use here and weigh several hundred megabytes.
    const places = [path.join(unpacked, "pulumi", name), path.join(unpacked, "pulumi", "bin", name)];
    const found = places.find((place) => existsSync(place));
    if (found === undefined) throw new Error(`${archive} does not contain ${name}`);
    copyFileSync(found, path.join(bin, name));
  }
}
