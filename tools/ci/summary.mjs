// Summary: the slowest tests, the skipped ones with their reasons, and the one line that CI reads. What is missing counts as failed.
import { readFileSync } from "node:fs";
import path from "node:path";
import { findReason } from "./skips.mjs";

/** @typedef {{ status: string, title: string, ancestorTitles: string[], duration?: number }} Test */
/** @typedef {{ name: string, status: string, assertionResults: Test[] }} File */

const folder = process.argv[2] ?? ".";

/** @param {string} file */
function read(file) {
  try {
    return JSON.parse(readFileSync(path.join(folder, file), "utf8"));
  } catch {
    return undefined;
  }
}

/** The steps of the gate. */
function countGate() {
  const gate = read("gate.json");
  return gate ? { passed: gate.passed, failed: gate.failed, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** The tests of every project. A file that could not be loaded has no tests and is one failure. */
function countTests() {
  const tests = read("tests.json");
  if (!tests) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests: passed, numPendingTests: pending, numTodoTests: todo, numFailedTests } = tests;
  const broken = tests.testResults.filter(
    (/** @type {{ status: string, assertionResults: { status: string }[] }} */ file) =>
      file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = numFailedTests + broken;
  // An error outside of every test fails the run as well.
  return { passed, failed: failed === 0 && !tests.success ? 1 : failed, skipped: pending + (todo ?? 0) };
}

/** @returns {Array<Test & { file: string, fullTitle: string }>} */
function listTests() {
  /** @type {File[]} */
  const files = read("tests.json")?.testResults ?? [];
  return files.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({
      ...test,
      file: path.relative(process.cwd(), name),
      fullTitle: [...test.ancestorTitles, test.title].filter((title) => title !== "").join(" > "),
    })),
  );
}

function describeSlowest() {
  const slowest = listTests().toSorted((a, b) => (b.duration ?? 0) - (a.duration ?? 0));
  return slowest
    .slice(0, 10)
    .map(({ duration = 0, file, fullTitle }) => `${(duration / 1000).toFixed(1).padStart(7)} s  ${file}: ${fullTitle}`);
}

function describeSkipped() {
  const skipped = listTests().filter(({ status }) => status === "pending" || status === "skipped");
  return skipped.map(({ file, fullTitle, title, ancestorTitles }) => {
    const reason = findReason(readFileSync(file, "utf8"), [title, ...ancestorTitles]);
    return `  ${file}: ${fullTitle}\n    ${reason}`;
  });
}

const slowest = describeSlowest();
if (slowest.length > 0) console.log(`\nslowest tests\n${slowest.join("\n")}`);
const reasons = describeSkipped();
if (reasons.length > 0) console.log(`\nskipped tests\n${reasons.join("\n")}`);
const gate = countGate();
const tests = countTests();
const [passed, failed, skipped] = [
  gate.passed + tests.passed,
  gate.failed + tests.failed,
  gate.skipped + tests.skipped,
];
console.log(
  `\ngate: ${gate.passed} steps passed, ${gate.failed} failed; tests: ${tests.passed} passed, ${tests.failed} failed`,
);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
if (failed > 0) process.exitCode = 1;
