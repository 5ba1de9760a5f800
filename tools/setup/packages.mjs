// Packages: installs what package-lock.json names, the project's own Node among it. Runs before anything is installed.
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../pulumi-cli/command.mjs";
import { isExecutable } from "../pulumi-cli/places.mjs";

export const project = fileURLToPath(new URL("../..", import.meta.url));
const modules = path.join(project, "node_modules");
const nodePackage = path.join(modules, "node");

/**
 * Runs the npm that runs this script, under its own Node: the one in node_modules may be about to be removed.
 * @param {string[]} args
 */
export function runNpm(args) {
  const npm = process.env["npm_execpath"];
  if (!npm) return runCommand("npm", args, { cwd: project, env: process.env });
  const node = process.env["npm_node_execpath"] ?? process.execPath;
  return runCommand(node, [npm, ...args], { cwd: project, env: process.env });
}

/**
 * Installs the packages unless they are there already.
 * @param {(line: string) => void} log
 */
export async function installPackages(log) {
  if (!isInstalled()) {
    log("installing the packages of package-lock.json (about half a minute)");
    const run = await runNpm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    // Warnings about engines and deprecations are npm's small talk; a failure is shown whole.
    if (!run.ok) throw new Error(`npm ci failed\n${run.stdout}\n${run.stderr}`.trimEnd());
  }
  if (!ownNodeWorks()) await fetchNode(log);
}

/**
 * Makes `pulumi-secret-sync` resolvable by its name from every program in this clone. The engine loads the provider in a
 * process of its own, from the program's directory, by the name a user's node_modules would have it under; that it is this
 * very folder does not count there.
 */
export function linkToItself() {
  const link = path.join(modules, "pulumi-secret-sync");
  const found = lstatSync(link, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && existsSync(link)) return;
  rmSync(link, { recursive: true, force: true });
  if (process.platform === "win32") symlinkSync(project, link, "junction");
  else symlinkSync("..", link);
}

/** What npm has recorded as installed is what the lock file asks for; packages for other platforms may be absent. */
function isInstalled() {
  const installed = readPackages(path.join(modules, ".package-lock.json"));
  const wanted = readPackages(path.join(project, "package-lock.json"));
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(([place, { version, optional, link }]) => {
    if (place === "" || link) return true;
    const found = installed[place];
    return found === undefined ? optional === true : found.version === version;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** @returns {string} the project's own Node, or the one that runs this where that could not be had */
export function findOwnNode() {
  const own = path.join(nodePackage, "bin", process.platform === "win32" ? "node.exe" : "node");
  return isExecutable(own) ? own : process.execPath;
}

/** What npm scripts find first on PATH. */
function ownNodeWorks() {
  return isExecutable(path.join(modules, ".bin", process.platform === "win32" ? "node.cmd" : "node"));
}

/**
 * The package `node` fetches the binary in an install script. Where such scripts are blocked, the script is run here.
 * @param {(line: string) => void} log
 */
async function fetchNode(log) {
  log("fetching the project's own Node, because npm has not run its install script");
  const script = await runCommand(process.execPath, ["installArchSpecificPackage.js"], {
    cwd: nodePackage,
    env: process.env,
  });
  // Now that there is a binary, npm can put it on the scripts' PATH.
  const rebuild = await runNpm(["rebuild", "node", "--ignore-scripts", "--loglevel=error"]);
  if (ownNodeWorks()) return;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return log(`going on with Node ${process.versions.node}`);
  throw new Error(
    `${nodePackage} holds no Node: allow install scripts (npm config set ignore-scripts false) and run npm rebuild node, ` +
      `or put Node 22.19 or newer on PATH\n${script.stdout}\n${script.stderr}\n${rebuild.stderr}`.trimEnd(),
  );
}
