// Foreign text as one line: nothing in it acts on a terminal, on a log or on a CI runner.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderProblems, SecretSyncError } from "../../provider/errors.js";
import { joinLines, plainText, printable, printableJson, printableLines } from "../../provider/printable.js";
import { findActing, hostileTexts } from "../leaks/hostile-text.js";

describe("a printable text", () => {
  test.each([
    ["a line break", "a\nb\r\nc", String.raw`a\nb\r\nc`],
    ["the other line breaks", "a\u2028b\u2029c\u0085d\u000be\u000cf", String.raw`a\u2028b\u2029c\u0085d\u000be\u000cf`],
    ["a tab", "a\tb", String.raw`a\tb`],
    ["a cursor move", "a\u001b[2K\u001b[1Ab", String.raw`a\u001b[2K\u001b[1Ab`],
    ["C1 and DEL", "a\u009b31mb\u007fc", String.raw`a\u009b31mb\u007fc`],
    ["bidirectional marks", "a\u202eb\u2066c\u200fd\u061ce", String.raw`a\u202eb\u2066c\u200fd\u061ce`],
    ["zero-width characters", "a\u200bb\u200dc\u2060d\ufeffe\u00adf", String.raw`a\u200bb\u200dc\u2060d\ufeffe\u00adf`],
    ["fillers and tags", "a\u3164b\u{e0041}c", String.raw`a\u3164b\u{e0041}c`],
    ["what is no character", "a\uffffb\u{1ffff}c", String.raw`a\uffffb\u{1ffff}c`],
    ["halves of a pair", "a\ud800b\udc00c", String.raw`a\ud800b\udc00c`],
    ["GitHub's commands", "::error file=a.ts::forged", String.raw`\u003a:error file=a.ts::forged`],
    ["the same after white space", "  ::stop-commands::x", String.raw`  \u003a:stop-commands::x`],
    ["GitHub's older commands", "a ##[error]b", String.raw`a \u0023#[error]b`],
    ["Azure's commands", "##vso[task.setvariable]b ###[x]", String.raw`\u0023#vso[task.setvariable]b #\u0023#[x]`],
  ])("shows %s as escapes", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(JSON.parse(printableJson({ text }))).toEqual({ text });
    expect(findActing(printableJson({ text }, 2))).toEqual([]);
  });

  test.each([
    "plain words",
    "Größe – 鍵 🔑 ключ",
    "urn:pulumi:prod::shop::a:b:C::name",
    "# heading, ## [link]",
    "C:\\n",
  ])("leaves %j as it is", (text) => expect(printable(text)).toBe(text));

  test("never acts, keeps what follows, and is the same when it is made printable again", () => {
    const sign = fc.oneof(
      fc.string({ unit: "binary", maxLength: 3 }),
      fc.constantFrom("::", "##[", "\n", " ", "\u001b[", "\u202e"),
    );
    const text = fc.oneof(
      fc.array(sign).map((signs) => signs.join("")),
      fc.string({ unit: fc.integer({ max: 0xffff, min: 0 }).map((unit) => String.fromCharCode(unit)) }),
    );
    fc.assert(
      fc.property(text, (said) => {
        const shown = printable(said);
        expect(findActing(shown)).toEqual([]);
        expect(shown).not.toContain("\n");
        expect(printable(shown)).toBe(shown);
        expect(printableLines(shown)).toBe(shown);
        expect(findActing(printableLines(said))).toEqual([]);
        expect(JSON.parse(printableJson(said.toWellFormed()))).toBe(said.toWellFormed());
      }),
      { seed: 17, numRuns: 2000 },
    );
  });

  test("is one of several lines only where we have joined them", () => {
    expect(joinLines(["one", "two\nthree", "::four"])).toBe(String.raw`one
two\nthree
\u003a:four`);
  });

  test("keeps the lines of a text that is ours", () => {
    expect(printableLines("one\ntwo\u0007\n::three")).toBe(String.raw`one
two\u0007
\u003a:three`);
    expect(printableJson({ text: "a\u202e" }, 2)).toBe(String.raw`{
  "text": "a\u202e"
}`);
  });

  test("is read without what hides or controls", () => {
    expect(plainText(" \u001b[1m canary \u0000\n")).toBe("canary");
    expect(plainText("a\u001b[31mred\u001b[0m\r\nb\u0007\u202ec can\u200bary")).toBe("a red b c canary");
  });
});

describe("a problem", () => {
  test.each(hostileTexts)("with a hostile name in its sentence stays one line (%j)", (text) => {
    const problem = { code: "key.invalid", message: `${text} is no key`, lines: [text] } as const;
    const error = new SecretSyncError([problem, { ...problem, message: "another" }]);
    for (const shown of [
      error.message,
      String(error.stack),
      renderProblems([problem]),
      renderProblems(error.problems),
    ]) {
      expect(findActing(shown)).toEqual([]);
    }
    expect(error.message.split("\n")).toHaveLength(5);
    expect(
      findActing(error.problems.map(({ message, lines }) => joinLines([message, ...(lines ?? [])])).join("\n")),
    ).toEqual([]);
  });
});
