// Documents: each row of the table of Pulumi's features names a test that exists.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { read, repository } from "./markdown.js";

interface Row {
  readonly feature: string;
  readonly file: string;
  readonly words: string;
}

/** Rows of three cells, the last of which is a file below `test/` and words of a title in it. */
function listRows(text: string): Row[] {
  return [...text.matchAll(/^\| (.+?) +\| .+? +\| (`[^`]+`): (.+?) +\|$/gm)].map(
    ([, feature = "", file = "", words = ""]) => ({
      feature,
      file: `test/${file.slice(1, -1)}.test.ts`,
      words,
    }),
  );
}

function findMissing({ file, words }: Row): string[] {
  if (!existsSync(join(repository, file))) return [`there is no ${file}`];
  return read(file).includes(words) ? [] : [`${file} has no test ${JSON.stringify(words)}`];
}

const page = "docs/pulumi-features.md";

it("every test that the table names is there", () => {
  const rows = listRows(read(page));
  expect(rows.length).toBeGreaterThan(70);
  expect(rows.flatMap(findMissing)).toEqual([]);
});

it("every row of the first tables names one", () => {
  const [tables = ""] = read(page).split("\n## Tried by hand\n");
  const lines = tables.match(/^\| (?!feature|---).*$/gm) ?? [];
  expect(lines.length).toBe(listRows(tables).length);
});

it("a test that is not there would be told", () => {
  const row = "| `up` | writes | `e2e/lifecycle`: no such title |\n| `x` | y | `e2e/nothing`: z |\n";
  expect(listRows(row).flatMap(findMissing)).toEqual([
    'test/e2e/lifecycle.test.ts has no test "no such title"',
    "there is no test/e2e/nothing.test.ts",
  ]);
});
