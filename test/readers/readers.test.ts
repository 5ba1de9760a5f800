// What seven readers make of neutral dotenv texts, recorded in answers.json, against what is made of them here.
// `RECORD_READERS=1 npm test -- test/real-sources/dotenv-readers` asks all seven and writes the table anew.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isSecretSyncError } from "../../provider/errors.js";
import { takeFrom } from "../../provider/sources/documents/content.js";
import { type DotenvOptions, parseDotenv } from "../../provider/sources/documents/dotenv.js";
import { type Fault, faults } from "../../provider/sources/documents/dotenv-faults.js";
import { type Case, cases } from "./cases.js";
import { checkLaw, checkWritten, laws, randomTexts, writeTexts } from "./laws.js";
import { type Answer, askNode, askPackage, type Reader, readers } from "./readers.js";

const recorded = JSON.parse(readFileSync(join(__dirname, "answers.json"), "utf8")) as Record<
  string,
  { text: string; answers: Record<Reader, Answer> }
>;
const all: ReadonlyArray<readonly [string, Case]> = Object.entries(cases);
const texts = all.map(([, { text }]) => text);

/** Values, or the messages of the refusal. */
function read(text: string, options: DotenvOptions = {}): Answer | readonly string[] {
  try {
    return Object.fromEntries(takeFrom(parseDotenv(text, { ...options, origin: "a text" })));
  } catch (error) {
    if (isSecretSyncError(error)) return error.problems.map(({ message }) => message);
    throw error;
  }
}

function isRefused(answer: ReturnType<typeof read>): answer is readonly string[] {
  return Array.isArray(answer);
}

const answersTo = (name: string): Partial<Record<Reader, Answer>> => recorded[name]?.answers ?? {};

test("the table holds every case with the answer of every reader", () => {
  expect(Object.entries(recorded).map(([name, { text }]) => [name, text])).toEqual(
    all.map(([name, { text }]) => [name, text]),
  );
  for (const { answers } of Object.values(recorded)) expect(Object.keys(answers)).toEqual([...readers]);
});

const literalReaders = ["dotenv", "Node 24", "python-dotenv"] as const;
const asked = [askPackage, askNode("24"), askNode("20")];
if (asked.includes(undefined)) console.log("skipped: one reader of dotenv, because the PATH has no Node 20 or 24");

test("the readers that are here answer as it is recorded", () => {
  for (const ask of asked) {
    for (const [reader, answers] of Object.entries(ask?.(texts) ?? {})) {
      const known = all.map(([name]) => answersTo(name)[reader as Reader]);
      expect({ [reader]: answers }).toEqual({ [reader]: known });
    }
  }
});

describe.each(all)("%s", (name, { text, common, apart }) => {
  test("is read as every reader reads it, or refused with its line", () => {
    const got = read(text);
    if (typeof common === "string") {
      expect(got).toEqual([expect.stringContaining(faults[common satisfies Fault])]);
      expect(got).toEqual([expect.stringMatching(/ line \d+ \(\w+\): /)]);
      return;
    }
    expect(got).toEqual(common);
    const differing = readers.filter((reader) => {
      const answer = answersTo(name)[reader];
      return answer !== undefined && answer !== null && JSON.stringify(sort(answer)) !== JSON.stringify(sort(common));
    });
    expect(differing).toEqual(readers.filter((reader) => apart?.readers.includes(reader)));
  });

  test("is read as the dotenv package reads it, in its dialect, or refused", () => {
    const got = read(text, { dialect: "dotenv", expand: false });
    expect(isRefused(got) ? answersTo(name)["dotenv"] : got).toEqual(answersTo(name)["dotenv"]);
  });

  test("is read as Docker Compose reads it, in its dialect, or refused", () => {
    const got = read(text, { dialect: "compose", expand: true });
    expect(isRefused(got) ? answersTo(name)["Compose"] : got).toEqual(answersTo(name)["Compose"]);
  });

  test("has its references as text with `expand: false`, as readers that replace none", () => {
    const got = read(text, { expand: false });
    const compared = typeof common === "string" && !isRefused(got) ? literalReaders : [];
    expect(compared.map((reader) => answersTo(name)[reader])).toEqual(compared.map(() => got));
  });
});

function sort(answer: NonNullable<Answer>): [string, string][] {
  return Object.entries(answer).sort(([a], [b]) => (a < b ? -1 : 1));
}

describe.each(Object.entries(laws))("any text, %s,", (_, law) => {
  test("is read as the readers that are here read it, or refused", () => {
    const given = randomTexts(law, 3000);
    const answers = Object.assign({}, ...asked.map((ask) => ask?.(given))) as Partial<Record<Reader, Answer[]>>;
    expect(checkLaw(law, given, answers)).toBeGreaterThan(given.length / 10);
  });

  test("is written so that the readers that are here read it", () => {
    const written = writeTexts(law, 2000);
    expect(written.length).toBeGreaterThan(500);
    const given = written.map(({ text }) => text);
    checkWritten(law, written, Object.assign({}, ...asked.map((ask) => ask?.(given))));
  });
});
