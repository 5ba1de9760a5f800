// Check: the gate. Runs every step, two at a time, and fails when one fails. `npm run check -- lint types` runs only those.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runCommand } from "../pulumi-cli/command.mjs";
import { project } from "../setup/packages.mjs";
import { checkPackage } from "./package.mjs";
import { findProgram } from "./programs.mjs";
import { checkWords } from "./words.mjs";

/** @typedef {{ ok: boolean, text: string }} Outcome `text` is shown when it fails */

/** @type {Record<string, () => Promise<Outcome>>} */
const steps = {
  format: () => run("oxfmt", ["--check"]),
  types: () => run("typescript-native", ["-p", "tsconfig.all.json"], "tsc"),
  lint: () => run("oxlint", ["--type-aware", "--deny-warnings"]),
  "types of tools": () => run("typescript-native", ["-p", "tools/tsconfig.json"], "tsc"),
  "types of examples": () => run("typescript-native", ["-p", "examples/tsconfig.json"], "tsc"),
  layers: () => run("dependency-cruiser", ["provider", "schema", "examples"], "depcruise"),
  "dead code": () => run("knip", ["--treat-config-hints-as-errors"]),
  "generated files": () => runFile("tools/schema-json.mjs", ["--check"]),
  "pulumi schema": () => runFile("tools/pulumi-schema/main.mjs", ["--check"]),
  "error codes": () => runFile("tools/errors.mjs", ["--check"]),
  reference: () => runFile("tools/reference.mjs", ["--check"]),
  package: () => checkPackage(),
  words: () => checkWords(),
};

const build = () => runFile("tools/setup.mjs", ["build"]);

/**
 * @param {string} name a package of node_modules
 * @param {string[]} args
 * @param {string} [program] when it is not called as its package
 */
function run(name, args, program = name) {
  return runFile(findProgram(name, program), args);
}

/**
 * @param {string} file
 * @param {string[]} args
 * @returns {Promise<Outcome>}
 */
async function runFile(file, args) {
  const env = { ...process.env, NO_COLOR: "1" };
  const { ok, stdout, stderr } = await runCommand(process.execPath, [file, ...args], { cwd: project, env });
  return {
    ok,
    text: [stdout, stderr]
      .map((text) => text.trim())
      .filter(Boolean)
      .join("\n"),
  };
}

/** @param {string} name */
async function runStep(name) {
  const began = performance.now();
  const step = name === "build" ? build : steps[name];
  const outcome = step
    ? await step()
    : { ok: false, text: `there is no step ${name}; there are ${Object.keys(steps).join(", ")}` };
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${outcome.ok ? "ok  " : "FAIL"}  ${name.padEnd(18)} ${seconds.padStart(5)} s`);
  return { name, ...outcome };
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "string" } } });
  const waiting = positionals.length > 0 ? positionals : Object.keys(steps);
  // Several steps look at the build, so it comes first; the others run even when it fails.
  const done = [await runStep("build")];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) done.push(await runStep(name));
  };
  await Promise.all([work(), work()]);
  const total = done.length;
  const failed = done.filter((step) => !step.ok);
  for (const { name, text } of failed) console.log(`\n--- ${name}\n${text}`);
  console.log(`\ncheck: ${total - failed.length} of ${total} steps passed`);
  if (values.json) writeFileSync(values.json, JSON.stringify({ passed: total - failed.length, failed: failed.length }));
  if (failed.length > 0) process.exitCode = 1;
}

await main();
