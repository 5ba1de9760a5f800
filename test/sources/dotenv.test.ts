// What a dotenv text gives, and every line for which it gives nothing.

import { describe, expect, test } from "vitest";
import { parseDocument } from "../../provider/sources/documents/document.js";
import { canary, failureOf, reveal } from "./canary.js";

const parse = (text: string) =>
  parseDocument({
    bytes: new TextEncoder().encode(text),
    format: "dotenv",
    separator: undefined,
    origin: 'file source "x"',
  });

describe("a dotenv text", () => {
  test.each([
    ["a plain assignment", "A=one", { A: "one" }],
    ["spaces around the parts", "  A = one  ", { A: "one" }],
    ["an exported variable", "export A=one", { A: "one" }],
    ["a variable named export", "export=one", { export: "one" }],
    ["the colon form", "A: one", { A: "one" }],
    ["an empty value", "A=\nB= # nothing", { A: "", B: "" }],
    ["comments and blank lines", "# top\n\n  # more\nA=one # why\n\n", { A: "one" }],
    ["signs inside a value", "A=a=b:c'd\"e", { A: "a=b:c'd\"e" }],
    ["# inside quotes", "A='one # two'\nB=\"x#y\" # z", { A: "one # two", B: "x#y" }],
    ["a value over several lines", 'A="one\n# two\nB=3"\nC=4', { A: "one\n# two\nB=3", C: "4" }],
    ["escapes in double quotes only", String.raw`A="x\ny"${"\n"}B='x\ny'`, { A: "x\ny", B: String.raw`x\ny` }],
    ["all kinds of quotes without quotes", 'A=it\'s "so"', { A: 'it\'s "so"' }],
    ["a trailing backslash without quotes", "A=c:\\dir\\\nB=2", { A: "c:\\dir\\", B: "2" }],
    ["a comment right after a quote", "A=\"x\"#c\nB='y'# d", { A: "x", B: "y" }],
    ["two equal lines", "A=one\nB=2\nA='one'", { A: "one", B: "2" }],
    ["Windows line ends", "A=one\r\nB='x\r\ny'\r\n", { A: "one", B: "x\ny" }],
    ["a byte order mark", "\uFEFFA=one", { A: "one" }],
    ["only a comment", "# nothing yet", {}],
    ["keys with dots and dashes", "a.b-c=1", { "a.b-c": "1" }],
    ["names of object members", "constructor=1\ntoString=2", { constructor: "1", toString: "2" }],
  ])("may hold %s", async (_, text, values) => {
    expect(reveal(await parse(text))).toEqual(values);
  });

  test.each([
    ["a line without =", `A=1\n${canary}\nB=2`, /: line 2: neither/],
    ["a name alone", "export A", /: line 1: neither/],
    ["a space in the name", `A B=${canary}`, /: line 1: neither/],
    ["a value on the next line", `A\n=${canary}`, /: lines 1, 2: neither/],
    ["a key from the colon form on the next line", `A:\n${canary}`, /: lines 1, 2: neither/],
    ["a quoted value on the next line", `A=\n"${canary}"`, /: line 2: neither/],
    ["an unquoted key file", `A=-----BEGIN KEY-----\n${canary}\n-----END KEY-----`, /: lines 2, 3: neither/],
    ["a quote never closed", `A=1\nB="${canary}\nC=3`, /: line 2 \(B\): a quote that is never closed/],
    ["text after a closing quote", `A='it'"'"'s ${canary}'`, /: line 1 \(A\): text after/],
    ["a # that would cut the value", `A=${canary}#rest`, /: line 1 \(A\): an unquoted value with #/],
    ["a # right after =", `A=#${canary}`, /: line 1 \(A\): an unquoted value with #/],
    ["an ambiguous backslash", `A='${canary}\\'\nB='\nx'`, /: line 1 \(A\): a backslash/],
    ["two backslashes between double quotes", `A="${canary}\\\\x"`, /: line 1 \(A\): two backslashes/],
    ["an escaped double quote", `A="${canary}\\"x"`, /: line 1 \(A\): a backslash before a quote/],
    ["a key that plain objects lose", `__proto__=${canary}`, /: line 1 \(__proto__\): a key that dotenv cannot hold/],
    ["a line that only dotenv sees", `# x\u2028A=${canary}`, /: line 1: a line separator/],
    ["many broken lines", `${canary}\n`.repeat(30), /: lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 20 more: neither/],
  ])("may not hold %s", async (_, text, reason) => {
    const problems = await failureOf(parse(text));
    expect(problems[0]).toMatch(/^source\.unparsable: file source "x" /);
    expect(problems[0]).toMatch(reason);
  });

  describe("in which a value of base64 is wrapped", () => {
    /** As openssl and base64 print so many bytes. */
    const wrap = (bytes: number, width: number) =>
      Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 89 + 7) % 256))
        .toString("base64")
        .replaceAll(/[+/]/g, "x")
        .replaceAll(new RegExp(`.{${width}}(?=.)`, "g"), "$&\n");

    test.each([
      [64, 64],
      [50, 64],
      [64, 76],
      [176, 64],
    ])(
      "is refused without its key, whose name would be the end of the value: %i bytes in lines of %i",
      async (bytes, width) => {
        const value = wrap(bytes, width);
        for (const dialect of [undefined, "dotenv", "compose", "literal"] as const) {
          const problems = await failureOf(
            parseDocument({
              bytes: Buffer.from(`A=1\nB=${value}\nC=2\n`),
              format: "dotenv",
              separator: undefined,
              origin: 'file source "x"',
              dialect,
            }),
          );
          expect(problems).toEqual([
            'source.unparsable: file source "x" is not plain dotenv: line 2: base64 that continues on the next line, where its end would be taken for a key; write it on one line, as `base64 -w 0` prints it, or put an empty line below it if it ends there',
          ]);
        }
      },
    );

    test.each([
      ["one line of it before an empty value", `B=${wrap(48, 76)}\nDEBUG=\n`, "DEBUG"],
      ["a digest before an empty value", `B=${"0a1b2c3d".repeat(8)}\nAPP=\n`, "APP"],
      ["a blank line before an empty value", `B=${wrap(48, 76)}\n\nAPP=\n`, "APP"],
      ["a value of its own in the next line", `B=${wrap(48, 76)}\nAPPS=one\n`, "APPS"],
      ["quotes around the value", `B="${wrap(48, 76)}"\nAPP=\n`, "APP"],
    ])("and is none with %s", async (_, text, next) => {
      expect(Object.keys(reveal(await parse(text)))).toEqual(["B", next]);
    });
  });

  test("may not give a key twice, and all problems are reported together", async () => {
    expect(await failureOf(parse(`A=${canary}\nbroken\nA=2\nB=1\nB='1'`))).toEqual([
      'source.duplicate_key: file source "x": "A" is defined more than once; remove all but one',
      'source.unparsable: file source "x" is not plain dotenv: line 2: neither KEY=value, nor a comment, nor blank',
    ]);
  });

  const size = 2 ** 20;
  test.each([
    ["line breaks before a comment", `${"\n".repeat(size)}# end\nA=1`, "read"],
    ["blank lines with spaces before a comment", `${" \n".repeat(size / 2)}# end\nA=1`, "read"],
    ["blank lines between comments", `${"#\n\n".repeat(size / 3)}A=1`, "read"],
    ["carriage returns before a comment", `${"\r".repeat(size)}# end\nA=1`, "refused"],
    ["spaces before a comment", `${" ".repeat(size)}# end\nA=1`, "read"],
    ["line separators in a comment", `# ${"\u2028".repeat(size)}x\nA=1`, "refused"],
    ["line separators in a value", `A=${"\u2028".repeat(size)}x`, "refused"],
    ["quotes after line separators in quotes", `A="x${"\u2028'y".repeat(size / 3)}"`, "read"],
    ["line breaks after a value", `A=1${"\n".repeat(size)}#`, "read"],
    ["line breaks after an empty value", `A=${"\n".repeat(size)}# end`, "read"],
    ["spaces after a value", `A=1${" ".repeat(size)}# end`, "read"],
    ["line breaks in quotes", `A="${"\n".repeat(size)}#"`, "read"],
    ["escaped quotes", `A="${'\\"x'.repeat(size / 3)}"`, "refused"],
    ["a long name", `${"A".repeat(size)}=1`, "read"],
    ["equal lines", "A=1\n".repeat(size / 4), "read"],
    ["many faulty lines", "A=$(x)\nB='\n".repeat(size / 12), "refused"],
    ["quotes that are never closed", `A="x\nB='x\nC=\`x\n`.repeat(size / 15), "refused"],
    ["a long line that is no assignment", "a ".repeat(size / 2), "refused"],
    ["export and spaces", `export${" ".repeat(size)}#`, "refused"],
    ["dollars", `A=${"$".repeat(size)}`, "read"],
    ["braces that are never closed", `A=${"${".repeat(size / 2)}`, "read"],
    ["braces within braces", `A=${"${A:-".repeat(size / 8)}${"}".repeat(size / 8)}`, "refused"],
  ])("is read, or refused, in linear time: %s", async (_, text, expected) => {
    // A quadratic search of a MiB takes hours.
    const outcome = await parse(text).then(
      () => "read",
      () => "refused",
    );
    expect(outcome).toBe(expected);
  });

  test("is read through long runs of blank lines with every key between them", async () => {
    const run = "\n".repeat(100_000);
    expect(reveal(await parse(`${run}# a${run}A=1${run}#${run}B='${run}'${run}# end`))).toEqual({ A: "1", B: run });
  });

  test("of 32,000 line breaks and a comment is read in less than 100 ms", async () => {
    await parse("A=1");
    const start = performance.now();
    await parse(`${"\n".repeat(32_000)}#`);
    expect(performance.now() - start).toBeLessThan(100);
  });
});
