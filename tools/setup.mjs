// Setup: makes a bare clone ready for a command, and runs it. `node tools/setup.mjs [build] [emulator] [cli] [-- SCRIPT ARGUMENTS]`;
// needs Node 20 and npm, nothing else. The script runs under the project's own Node: a shell that has once found another one, before
// there were packages, stays with it behind an `&&`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { runCommand } from "./pulumi-cli/command.mjs";
import { buildOnce } from "./setup/build.mjs";
import { findOwnNode, installPackages, linkToItself, project } from "./setup/packages.mjs";

const log = (/** @type {string} */ line) => process.stderr.write(`setup: ${line}\n`);

/** @type {Record<string, () => Promise<unknown>>} */
const steps = {
  build: () =>
    buildOnce({ what: "the package", config: "tsconfig.json", sources: ["provider", "schema"], out: "dist", log }),
  emulator: () =>
    buildOnce({
      what: "the App Platform emulator",
      config: "tools/quickstart/tsconfig.json",
      sources: ["test/emulators/digitalocean", "test/emulators/faults.ts"],
      out: ".quickstart/emulator",
      log,
    }),
  cli: async () => {
    const { compiled, ensurePulumi } = await import("./pulumi-cli/index.mjs");
    // One entry stays for each program of each test, so it begins anew.
    rmSync(compiled, { recursive: true, force: true });
    await Promise.all([ensurePulumi({ log }), keepCompiled(compiled)]);
  },
};

/**
 * Without it everything runs as well, a third slower.
 * @param {string} folder
 */
async function keepCompiled(folder) {
  const env = { ...process.env, NODE_COMPILE_CACHE: folder };
  const { ok, stderr } = await runCommand(findOwnNode(), [path.join(project, "tools", "setup", "compile.mjs")], {
    env,
  });
  if (!ok) log(`compiling ahead failed\n${stderr}`);
}

async function main() {
  const given = process.argv.slice(2);
  const end = given.indexOf("--");
  const [wanted, script] = end < 0 ? [given, []] : [given.slice(0, end), given.slice(end + 1)];
  const unknown = wanted.filter((step) => !(step in steps));
  if (unknown.length > 0) throw new Error(`no step ${unknown.join(", ")}; there are ${Object.keys(steps).join(", ")}`);
  await installPackages(log);
  linkToItself();
  for (const step of wanted) await steps[step]?.();
  if (script.length > 0) await run(script);
}

/** @param {string[]} script */
async function run(script) {
  const child = spawn(findOwnNode(), script, { stdio: "inherit" });
  // The terminal sends the signal to both; the script ends in its own way.
  process.on("SIGINT", () => {});
  const [code] = await once(child, "close");
  process.exitCode = code ?? 1;
}

main().catch((error) => {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
