// The Pulumi CLI for this project: finds one, else downloads it, else builds it. Plain JavaScript, so that it runs on a bare clone.
import { realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installCli, placeProviderScript } from "./install.mjs";
import { isExecutable, listHomes, listPathFolders, pathVariable } from "./places.mjs";
import { findInCache, findOnPath } from "./search.mjs";

const project = fileURLToPath(new URL("../..", import.meta.url));

/** @type {typeof import("./index.mjs").ensurePulumi} */
export async function ensurePulumi(options = {}) {
  /** @type {import("./index.mjs").Machine} */
  const machine = {
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    repository: project,
    fetch: globalThis.fetch,
    log: () => {},
    ...options,
  };
  const onPath = await findOnPath(machine);
  if (onPath) return onPath;
  const homes = listHomes(machine);
  const cli = (await findInCache(machine, homes)) ?? (await installCli(machine, homes));
  placeProviderScript(machine, cli.bin);
  return cli;
}

/**
 * Each run loads the SDK once or twice, and what V8 made of it is kept: 1.2 s become 0.9 s.
 * https://nodejs.org/api/module.html#module-compile-cache
 */
export const compiled = path.join(project, "node_modules", ".cache", "compiled");

const quietAndOffline = {
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
  PULUMI_SUPPRESS_NEO_LINK: "true",
};

/** @type {typeof import("./index.mjs").cliEnvironment} */
export function cliEnvironment(cli, base = process.env) {
  // The language host runs the first `node` on PATH, which may be older than the SDK allows; the project brings its own.
  const nodeFolder = path.join(project, "node_modules", "node", "bin");
  const ownNode = isExecutable(path.join(nodeFolder, "node")) ? [nodeFolder] : [];
  /** @type {Record<string, string>} */
  const env = { ...quietAndOffline, NODE_COMPILE_CACHE: compiled };
  for (const [name, value] of Object.entries(base)) if (value !== undefined) env[name] = value;
  env[pathVariable(base)] = [cli.bin, ...ownNode, ...listPathFolders(base)].join(path.delimiter);
  return env;
}

async function main() {
  try {
    const cli = await ensurePulumi({ log: (line) => process.stderr.write(`pulumi-cli: ${line}\n`) });
    process.stdout.write(`${process.argv.includes("--json") ? JSON.stringify(cli) : cli.bin}\n`);
  } catch (error) {
    process.stderr.write(`pulumi-cli: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) await main();
