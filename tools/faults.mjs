// Fault grid: runs every case and prints what became of it, one table per operation. Ends with 1 when a case fails.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** @typedef {{ operation: string, request: string, fault: string, lasting: boolean, verdict: string, complaints: string[], firstRun: string, secondRun: string }} Row */

const root = path.join(import.meta.dirname, "..");
const folder = mkdtempSync(path.join(tmpdir(), "secret-sync-faults-"));
const file = path.join(folder, "rows.json");
const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const begun = Date.now();
const run = spawnSync(process.execPath, [vitest, "run", "--project", "fast", "--reporter", "dot", "test/faults"], {
  cwd: root,
  encoding: "utf8",
  env: { ...process.env, FAULTS_FILE: file, NO_COLOR: "1" },
});
if (existsSync(file)) printAll(/** @type {Row[]} */ (JSON.parse(readFileSync(file, "utf8"))));
rmSync(folder, { recursive: true, force: true });
// The table names the cases; what is left to show is why there may be none.
if (run.status !== 0) process.stderr.write(`${run.stderr.slice(0, 4000)}\n${run.stdout.slice(-2000)}\n`);
process.exitCode = run.status ?? 1;

/** @param {Row[]} rows */
function printAll(rows) {
  const titleOf = (/** @type {Row} */ { operation, lasting }) =>
    lasting ? `${operation}, from this request to the end of the run` : operation;
  for (const title of [...new Set(rows.map(titleOf))].sort())
    printTable(
      title,
      rows.filter((row) => titleOf(row) === title),
    );
  for (const { operation, request, fault, firstRun, secondRun, complaints } of rows.filter(
    ({ verdict }) => verdict === "FAIL",
  )) {
    console.log(
      `FAIL ${operation} | ${request} | ${fault} | ${firstRun} | ${secondRun}\n     ${complaints.join("\n     ")}`,
    );
  }
  const count = (/** @type {string} */ verdict) => rows.filter((row) => row.verdict === verdict).length;
  console.log(`ok1: the run itself went through. ok2: it failed or was killed, and one more up converged.`);
  console.log(`adopt: a create was killed after its write; one more up named the keys and how to adopt them.\n`);
  const seconds = Math.round((Date.now() - begun) / 1000);
  const sums = ["ok1", "ok2", "adopt", "FAIL"].map((verdict) => `${count(verdict)} ${verdict}`);
  console.log(`${rows.length} cases: ${sums.join(", ")}; ${seconds} s`);
}

/** Requests down, faults across. @param {string} title @param {Row[]} rows */
function printTable(title, rows) {
  const requests = [...new Set(rows.map(({ request }) => request))].sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
  const columns = [...new Set(rows.map(({ fault }) => fault))].sort();
  const cells = requests.map((request) => [
    request,
    ...columns.map((fault) => rows.find((row) => row.request === request && row.fault === fault)?.verdict ?? ""),
  ]);
  const lines = [["", ...columns], ...cells];
  const widths = ["", ...columns].map((_, at) => Math.max(...lines.map((line) => (line[at] ?? "").length)));
  console.log(title);
  for (const line of lines)
    console.log(
      `  ${line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd()}`,
    );
  console.log("");
}
