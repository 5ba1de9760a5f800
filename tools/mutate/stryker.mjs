// Stryker: one run over one area, and what became of each mutant.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readReport } from "./report.mjs";

/** `text` is the whole line on which the mutant begins. */
/** @typedef {{ file: string, line: number, text: string, mutator: string, was: string, now: string, status: string }} Result */
/** @typedef {import("./areas.mjs").Way & { mutate: readonly string[], tests: readonly string[], concurrency: number }} Run */

/**
 * @param {string} root
 * @param {Run & { show: (text: string) => void }} options
 * @returns {Promise<Result[]>}
 */
export async function runStryker(root, { show, ...run }) {
  const folder = mkdtempSync(path.join(tmpdir(), "secret-sync-mutate-"));
  try {
    const report = path.join(folder, "report.json");
    const config = path.join(folder, "stryker.config.json");
    writeFileSync(config, JSON.stringify({ ...describeRun(run), jsonReporter: { fileName: report } }));
    const code = await play(root, { ...run, config, show });
    if (code !== 0) throw new Error(`stryker ended with ${code}`);
    return readReport(report, run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Run} run */
function describeRun({ mutate, concurrency, withStatic = false, ownProcess = false }) {
  return {
    mutate,
    concurrency,
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: {
      configFile: "tools/mutate/vitest.config.mts",
      related: false,
      pool: ownProcess ? "forks" : "threads",
    },
    coverageAnalysis: "perTest",
    ignoreStatic: !withStatic,
    reporters: ["json", "progress-append-only"],
    tempDirName: ".stryker",
    ignorePatterns: ["dist", ".quickstart", ".tools"],
    // A busy machine makes tests slow. A slow test is no kill; only an endless loop is.
    timeoutMS: 60_000,
    timeoutFactor: 5,
    dryRunTimeoutMinutes: 60,
    disableTypeChecks: false,
    checkers: [],
  };
}

/**
 * @param {string} root
 * @param {Pick<Run, "tests" | "mutate" | "isShared"> & { config: string, show: (text: string) => void }} options
 * @returns {Promise<number>}
 */
function play(root, { config, tests, mutate, isShared = false, show }) {
  const program = path.join(root, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  // Without the range of a mutant.
  const files = new Set(mutate.map((one) => one.replace(/:.*$/, "")));
  const env = {
    ...process.env,
    MUTATE_TESTS: tests.join(","),
    MUTATE_FILES: [...files].join(","),
    MUTATE_SHARED: isShared ? "1" : "",
    NO_COLOR: "1",
  };
  const run = spawn(process.execPath, [program, "run", config], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [run.stdout, run.stderr]) stream.setEncoding("utf8").on("data", show);
  return new Promise((resolve) => run.on("close", (code) => resolve(code ?? 1)));
}
