// No test is skipped in silence: the line above says where and why, and the end of a run repeats it.

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { findReason } from "../../tools/ci/skips.mjs";

const root = resolve(__dirname, "..");
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && file !== "check/skips.test.ts")
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));

test("every skipped test says why in the line above", () => {
  const silent = files.flatMap(({ file, text }) =>
    [...text.matchAll(/(?:\/\/ ([^\n]*)\n\s*)?\w+\.(?:skip|skipIf|runIf|todo)\(/g)]
      .filter(([, comment = ""]) => !comment.startsWith("Skipped "))
      .map(([found]) => `${file}: ${found}`),
  );
  expect(silent).toEqual([]);
  expect(files.filter(({ text }) => text.includes(".skipIf(")).length).toBeGreaterThan(5);
});

describe("the reason for a skipped test", () => {
  const source = `
// Skipped where there is no A.
test.skipIf(a)("of A", () => {});
// Skipped where there is no B.
describe.skipIf(b)("group of B", () => {});
test.skipIf(c)("of C", () => {});
// Skipped where there is no D.
test.runIf(d)("of D", () => {});`;

  test.each([
    ["of the test itself", ["of A"], "Skipped where there is no A."],
    ["of the group that it is in", ["one of many", "group of B"], "Skipped where there is no B."],
    ["of a test that runs if something is there", ["of D"], "Skipped where there is no D."],
    ["that nobody has given", ["of C"], "no reason is given"],
    ["of a file without a skip", ["elsewhere"], "no reason is given"],
  ])("is that %s", (_what, titles, reason) => {
    expect(findReason(titles[0] === "elsewhere" ? "" : source, titles)).toBe(reason);
  });
});
