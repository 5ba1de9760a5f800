// The report of mutations: what counts as killed, and how a survivor is named.

import { expect, test } from "vitest";
import { countResults, describeScores, describeSurvivors, type Result } from "../../tools/mutate/report.mjs";

const result = (status: string, more: Partial<Result> = {}): Result => ({
  file: "provider/core/plan.ts",
  line: 7,
  text: "  if (a === b) return;",
  mutator: "ConditionalExpression",
  was: "a  ===\n b",
  now: "true",
  status,
  ...more,
});

test("a mutant counts as killed when a test fails or hangs, and as alive when none does or none runs it", () => {
  const results = ["Killed", "Timeout", "Survived", "NoCoverage"].map((status) => result(status));
  expect(countResults(results)).toMatchObject({ total: 4, killed: 2, percent: 50 });
});

test("a mutant that does not compile or was left out counts for nothing", () => {
  const results = ["Killed", "CompileError", "RuntimeError", "Ignored"].map((status) => result(status));
  expect(countResults(results)).toMatchObject({ total: 1, killed: 1, percent: 100 });
});

test("survivors are named by file and line, in their order", () => {
  const later = result("NoCoverage", { line: 40, now: "x".repeat(100) });
  expect(describeSurvivors([later, result("Killed"), result("Survived")])).toEqual([
    "provider/core/plan.ts:7 ConditionalExpression: a === b -> true",
    `provider/core/plan.ts:40 ConditionalExpression: a === b -> ${"x".repeat(69)}… (no test runs it)`,
  ]);
});

test("an area without a mutant has no score", () => {
  const scores = describeScores([
    { name: "core", goal: 95, results: [result("Killed")] },
    { name: "http", goal: 85, results: [] },
  ]);
  expect(scores.split("\n").slice(2)).toEqual([
    "| core | 1 | 1 | 0 | 100 % | 95 % |",
    "| http | 0 | 0 | 0 | – | 85 % |",
  ]);
});
