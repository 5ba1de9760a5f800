// The options `dialect` and `expand` of the two sources that read a text: parsed, read, filtered and written back as a run does.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { source as sourceSchema } from "../../schema/index.js";
import { redact } from "../../provider/redacted.js";
import { writeFileSource } from "../../provider/sources/local/file.js";
import { canary, failureOf, reveal, sourceOptions } from "./canary.js";
import { readSource } from "./reading.js";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "dialects-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const text = String.raw`HOST=db${"\n"}URL="\"$HOST\""${"\n"}`;
const write = (name: string, content = text) => writeFileSync(path.join(directory, name), content);
const print = [process.execPath, "-e", `process.stdout.write(${JSON.stringify(text)})`];
const around = () => sourceOptions({ directory, environment: process.env });
const compose = { dialect: "compose", expand: true } as const;

test("a file and a command are read in the dialect that is said", async () => {
  write("app.env");
  const expected = { HOST: "db", URL: '"db"' };
  expect(reveal(await readSource({ type: "file", path: "app.env", ...compose }, around()))).toEqual(expected);
  const command = { type: "exec", command: print, format: "dotenv", ...compose } as const;
  expect(reveal(await readSource(command, around()))).toEqual(expected);
});

test("a key that is not taken is not judged, and still gives its value to one that is", async () => {
  write("some.env", `HOST=db\nODD="${canary}\\q"\nURL=http://$HOST\n`);
  const file = { type: "file", path: "some.env", expand: true } as const;
  expect(reveal(await readSource({ ...file, include: ["URL"] }, around()))).toEqual({ URL: "http://db" });
  expect(reveal(await readSource({ ...file, exclude: ["ODD"] }, around()))).toEqual({ HOST: "db", URL: "http://db" });
  expect(await failureOf(readSource(file, around()))).toEqual([
    expect.stringMatching(/^source\.unparsable: .* line 2 \(ODD\): a backslash/),
  ]);
});

test("a command whose format is not said prints JSON, which has no dialect", async () => {
  const reading = readSource({ type: "exec", command: print, dialect: "compose" }, around());
  expect(await failureOf(reading)).toEqual([
    expect.stringMatching(
      /^argument\.invalid: exec source .* is read as json, and `dialect` and `expand` are about dotenv/,
    ),
  ]);
});

test("what is written into a file is read back in its dialect", async () => {
  write("written.env");
  const source = { type: "file", path: "written.env", ...compose } as const;
  const value = "$HOST\t'\"\\";
  const edits = [{ key: "NEW", value: redact(value), before: undefined }];
  await writeFileSource(source, { directory, edits, rehearse: false });
  expect(readFileSync(path.join(directory, "written.env"), "utf8").startsWith(text)).toBe(true);
  expect(reveal(await readSource(source, around()))).toEqual({ HOST: "db", URL: '"db"', NEW: value });
});

test.each([
  [{ dialect: "literal", expand: true }, "with dialect"],
  [{ dialect: "bash" }, "Invalid option"],
  [{ expand: "yes" }, "expected boolean"],
])("%o is refused before anything is read", (options, reason) => {
  const parsed = sourceSchema.safeParse({ type: "file", path: "app.env", ...options });
  expect(parsed.error?.message).toContain(reason);
});
