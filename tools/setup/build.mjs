// Build: compiles with plain tsc when a source has changed since, and leaves no output behind that no source stands for.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runCommand } from "../pulumi-cli/command.mjs";
import { project } from "./packages.mjs";

/**
 * @param {{ what: string, config: string, sources: string[], out: string, log: (line: string) => void }} build
 */
export async function buildOnce({ what, config, sources, out, log }) {
  const folder = path.join(project, out);
  const stamp = path.join(project, "node_modules", ".cache", "pulumi-secret-sync", out.replaceAll("/", "-"));
  const wanted = digest([config, "tsconfig.json", "package-lock.json", ...sources]);
  if (existsSync(folder) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  log(`building ${what}`);
  const began = Date.now();
  // TypeScript 7 compiles in a fifth of the time; the packages that call a compiler's functions need the one before it.
  const compiler = path.join(project, "node_modules", "typescript-native", "bin", "tsc");
  const run = await runCommand(process.execPath, [compiler, "-p", config], { cwd: project });
  if (!run.ok) throw new Error(`building ${what} failed\n${run.stdout}${run.stderr}`.trimEnd());
  removeOlder(folder, began);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/**
 * @param {string[]} places files and folders within the project
 */
function digest(places) {
  const hash = createHash("sha256");
  for (const file of places.flatMap((place) => listFiles(path.join(project, place))).sort()) {
    if (/\.(?:ts|json)$/.test(file))
      hash
        .update(`${path.relative(project, file)}\0`)
        .update(readFileSync(file))
        .update("\0");
  }
  return hash.digest("hex");
}

/**
 * @param {string} place
 * @returns {string[]}
 */
function listFiles(place) {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place).flatMap((name) => listFiles(path.join(place, name)));
}

/**
 * tsc rewrites every output; what is older belonged to a source that is gone.
 * @param {string} folder
 * @param {number} time
 */
function removeOlder(folder, time) {
  // File systems keep times in steps of up to two seconds.
  for (const file of listFiles(folder)) if (statSync(file).mtimeMs < time - 2000) rmSync(file);
}
