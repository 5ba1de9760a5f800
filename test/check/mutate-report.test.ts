// What the mutation run takes over from Stryker's report, and which of its mutants were not judged at all.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readReport } from "../../tools/mutate/report.mjs";

function write(mutants: readonly object[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), "mutate-report-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const report = path.join(folder, "report.json");
  writeFileSync(report, JSON.stringify({ files: { "a.ts": { source: "const a = /x/;\nif (a) run();\n", mutants } } }));
  return report;
}

const mutant = {
  location: { start: { line: 2, column: 5 }, end: { line: 2, column: 6 } },
  mutatorName: "ConditionalExpression",
  replacement: "true",
  status: "Survived",
};

test("a mutant is told with the text that it changes and the line on which it begins", () => {
  const told = { file: "a.ts", line: 2, text: "if (a) run();", was: "a", now: "true", status: "Survived" };
  expect(readReport(write([mutant]), {})).toEqual([{ ...told, mutator: "ConditionalExpression" }]);
});

test.each([
  [false, ["Ignored", "Ignored"]],
  [true, ["Survived", "Killed"]],
])("one of what a module does when it is loaded is judged where that is asked for: %s", (withStatic, statuses) => {
  const both = [mutant, { ...mutant, status: "Killed" }].map((one) => ({ ...one, static: true }));
  expect(readReport(write(both), { withStatic }).map(({ status }) => status)).toEqual(statuses);
});
