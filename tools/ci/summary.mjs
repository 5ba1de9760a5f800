// Summary: adds up what the gate and vitest wrote and prints the one line that CI reads. Whatever is missing counts as failed.
import { readFileSync } from "node:fs";
import path from "node:path";

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
