// Engine: the Pulumi CLI on examples/quickstart, with a backend and a home of its own.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { cliEnvironment, ensurePulumi } from "../pulumi-cli/index.mjs";
import { project } from "../setup/packages.mjs";
import { showCommand } from "./narration.mjs";

export const example = path.join(project, "examples", "quickstart");

/** @type {import("node:child_process").ChildProcess | undefined} */
let running;
let interrupted = false;

// The CLI ends an update in order when it is asked once; asked twice, it leaves it half done. A terminal asks both at once.
process.on("SIGINT", () => interrupt(false)).on("SIGTERM", () => interrupt(true));

/** @param {boolean} forward */
function interrupt(forward) {
  interrupted = true;
  if (!running) process.exit(130);
  if (forward) running.kill("SIGINT");
}

/**
 * @typedef {object} Engine
 * @property {(args: string[], input?: string) => Promise<void>} run runs the CLI, shows what it prints, throws when it fails
 * @property {(name: string) => string} configFile where the CLI keeps a stack's configuration
 */

/**
 * @param {{ folder: string, passphrase: string, settings: Record<string, string | undefined> }} options
 * @returns {Promise<Engine>}
 */
export async function openEngine({ folder, passphrase, settings }) {
  const cli = await ensurePulumi({ log: (line) => console.log(`pulumi-cli: ${line}`) });
  console.log(`Pulumi ${cli.version} from ${cli.bin}`);
  const backend = path.join(folder, "state");
  mkdirSync(backend, { recursive: true });
  const env = {
    ...cliEnvironment(cli, { ...process.env, ...settings }),
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  // Settings of the surrounding shell would reach past this folder.
  for (const name of ["PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_STACK", "PULUMI_ACCESS_TOKEN"])
    Reflect.deleteProperty(env, name);
  return { run: (args, input) => runCli(env, args, input), configFile };
}

/** @param {string} stack */
function configFile(stack) {
  return path.join(example, `Pulumi.${stack}.yaml`);
}

/**
 * @param {Record<string, string>} env
 * @param {string[]} args
 * @param {string} [input] given on standard input, so that no value stands in a command line
 * @returns {Promise<void>}
 */
function runCli(env, args, input) {
  showCommand(args, input !== undefined);
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", [...args, "--non-interactive"], {
      cwd: example,
      // The sample values are in this repository on purpose: no warning of a file that git tracks.
      env: { ...env, GIT_CEILING_DIRECTORIES: path.dirname(example) },
      stdio: ["pipe", "inherit", "inherit"],
    });
    running = child;
    child.stdin.on("error", () => {}).end(input ?? "");
    child.on("error", reject);
    child.on("close", (code, signal) => {
      running = undefined;
      if (interrupted) reject(new Error("interrupted"));
      else if (code === 0) resolve();
      else reject(new Error(`pulumi ${args.join(" ")} ended with ${signal ?? `code ${code}`}`));
    });
  });
}

/**
 * Removes what a run has left in the clone.
 * @param {string[]} places
 */
export function removeTraces(places) {
  for (const place of places) rmSync(place, { recursive: true, force: true });
}
