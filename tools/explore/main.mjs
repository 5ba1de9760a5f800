// Explore: runs the property tests with other examples, over and over, for `--minutes` (10). The first seed that fails is printed and
// ends it with 1; `--seed N` plays one again.
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

const root = path.join(import.meta.dirname, "..", "..");
const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" }, seed: { type: "string" } } });
const until = performance.now() + Number(values.minutes) * 60_000;

const tests = readdirSync(path.join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && !/^(?:e2e|bench|browser|languages|real-sources)\//.test(file))
  .map((file) => path.posix.join("test", file))
  .filter((file) => readFileSync(path.join(root, file), "utf8").includes("fast-check"));

const projects = ["--project", "fast", "--project", "plugin"];

/**
 * @param {string} seed
 * @returns {Promise<{ code: number, text: string }>}
 */
function play(seed) {
  const args = [path.join(root, "node_modules", "vitest", "vitest.mjs"), "run", ...projects, ...tests];
  const env = { ...process.env, EXPLORE_SEED: seed, NO_COLOR: "1" };
  const run = spawn(process.execPath, [...args, "--reporter", "dot"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [run.stdout, run.stderr])
    stream.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => (text = (text + chunk).slice(-20_000)));
  return new Promise((resolve) => run.on("close", (code) => resolve({ code: code ?? 1, text })));
}

let rounds = 0;
do {
  const seed = values.seed ?? String(randomInt(1, 2 ** 30));
  const { code, text } = await play(seed);
  rounds += 1;
  if (code !== 0) {
    process.stdout.write(
      `${text}\nexplore: seed ${seed} fails; play it again with npm run explore -- --seed ${seed}\n`,
    );
    process.exitCode = 1;
    break;
  }
} while (values.seed === undefined && performance.now() < until);
process.stdout.write(`explore: ${rounds} ${rounds === 1 ? "round" : "rounds"} of ${tests.length} files\n`);
