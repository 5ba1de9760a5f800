// Fault grid: plays every case, on the platform as it is believed to be and on every other one, and prints what became of it.
// Ends with 1 when a case fails. With a platform in words, as a failing line names it, plays the whole grid on that one.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { describeFailures, describeGrid, describeMatrix, describeSums } from "./tables.mjs";

/** @typedef {import("./tables.mjs").Row} Row */

const root = path.join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(path.join(tmpdir(), "secret-sync-faults-"));
const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const begun = Date.now();
const platform = process.argv.slice(2).join(" ");
const parts = platform === "" ? availableParallelism() : 1;

/**
 * @param {string} tests
 * @param {Record<string, string>} [environment]
 * @returns {Promise<number>} its exit code
 */
function play(tests, environment = {}) {
  const args = [vitest, "run", "--project", "fast", "--reporter", "dot", tests];
  const env = { ...process.env, ...environment, FAULTS_FOLDER: folder, NO_COLOR: "1" };
  const run = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [run.stdout, run.stderr])
    stream.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => (text = (text + chunk).slice(-20_000)));
  return new Promise((resolve) => {
    run.on("close", (code) => {
      // The tables name the cases; what is left to show is why there may be none.
      if (code !== 0) process.stderr.write(`${text.slice(-2000)}\n`);
      resolve(code ?? 1);
    });
  });
}

/** @param {string} prefix @returns {Row[]} */
function read(prefix) {
  const files = readdirSync(folder).filter((name) => name.startsWith(prefix));
  return files.flatMap((name) => /** @type {Row[]} */ (JSON.parse(readFileSync(path.join(folder, name), "utf8"))));
}

/** @param {string} extent */
async function playVariants(extent) {
  const shares = Array.from({ length: parts }, (_, index) => `${index + 1}/${parts}`);
  return Promise.all(
    shares.map((share) => play("test/faults/variants", { FAULTS_VARIANTS: extent, FAULTS_PART: share })),
  );
}

const codes =
  platform === "" ? [await play("test/faults/grid"), ...(await playVariants("all"))] : await playVariants(platform);
const grid = read("grid");
const variants = read("variants");
rmSync(folder, { recursive: true, force: true });
const lines = [
  ...describeGrid(platform === "" ? grid : variants),
  ...(platform === "" ? describeMatrix(variants) : []),
  ...describeFailures([...grid, ...variants]),
  ...describeSums([...grid, ...variants]),
  `${Math.round((Date.now() - begun) / 1000)} s`,
];
process.stdout.write(`${lines.join("\n")}\n`);
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
