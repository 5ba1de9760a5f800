// All seven readers of dotenv, asked for real: the table that the fast tests judge by is what they answer.
// With RECORD_READERS=1 their answers become the table.

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, inject, test } from "vitest";
import { cases } from "../readers/cases.js";
import { checkLaw, checkWritten, laws, randomTexts, writeTexts } from "../readers/laws.js";
import { type Answer, askGo, askNode, askPackage, askPython, type Reader, readers } from "../readers/readers.js";

const table = path.join(__dirname, "../readers/answers.json");
const { pythonDotenv, dotenvGo } = inject("programs");
const isComplete = pythonDotenv !== null && dotenvGo !== null && askNode("20") !== undefined;

if (!isComplete) console.warn("skipped: all readers of dotenv at once, because one of them cannot be had here");

function askAll(texts: readonly string[]): Partial<Record<Reader, readonly Answer[]>> {
  const asked = [askPackage, askNode("20"), askNode("24"), askPython(pythonDotenv ?? ""), askGo(dotenvGo ?? "")];
  return Object.assign({}, ...asked.map((ask) => ask?.(texts)));
}

// Skipped where the Go or the Python readers cannot be had.
test.skipIf(!isComplete)("the table of the readers of dotenv is what they answer", () => {
  const entries = Object.entries(cases);
  const given = askAll(entries.map(([, { text }]) => text));
  const answers = Object.fromEntries(
    entries.map(([name, { text }], index) => [
      name,
      { text, answers: Object.fromEntries(readers.map((reader) => [reader, given[reader]?.[index]])) },
    ]),
  );
  if (process.env["RECORD_READERS"] === "1") writeFileSync(table, `${JSON.stringify(answers, null, 2)}\n`);
  expect(answers).toEqual(JSON.parse(readFileSync(table, "utf8")));
});

// Skipped where the Go or the Python readers cannot be had.
test.skipIf(!isComplete).each(Object.entries(laws))(
  "any text, %s, is read as its readers read it, or refused",
  (_, law) => {
    const texts = randomTexts(law, 20_000);
    expect(checkLaw(law, texts, askAll(texts))).toBeGreaterThan(texts.length / 10);
  },
);

// Skipped where the Go or the Python readers cannot be had.
test.skipIf(!isComplete).each(Object.entries(laws))("what is written %s is read by its readers", (_, law) => {
  const written = writeTexts(law, 10_000);
  expect(written.length).toBeGreaterThan(2500);
  checkWritten(law, written, askAll(written.map(({ text }) => text)));
});
