// Values written into files: whatever the format, the file reads back with them, and everything else in it stays byte for byte.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { isSecretSyncError } from "../../provider/errors.js";
import { redact } from "../../provider/redacted.js";
import type { DotenvOptions } from "../../provider/sources/documents/dotenv.js";
import { parseDocument } from "../../provider/sources/documents/document.js";
import { editDocument, type WritableFormat } from "../../provider/sources/documents/document-edits.js";
import { canary, reveal } from "./canary.js";

const origin = 'file source "it"';

type Reading = WritableFormat | (DotenvOptions & { readonly format: "dotenv" });

async function edit(text: string, how: Reading, changes: Record<string, string>) {
  const options = typeof how === "string" ? { format: how } : how;
  const reading = { bytes: Buffer.from(text), separator: undefined, origin, ...options };
  const before = await parseDocument(reading);
  const edits = Object.entries(changes).map(([key, value]) => ({ key, value: redact(value), before: before.get(key) }));
  return editDocument({ ...reading, edits });
}

describe("a dotenv file", () => {
  test("keeps comments, order, export and spacing, and gets new keys at its end", async () => {
    const before = '# head\nexport A="one" # why\n\nB = two # note\nC=\n# tail';
    expect(await edit(before, "dotenv", { A: "1", B: "it's", NEW: "a b" })).toBe(
      "# head\nexport A=1 # why\n\nB = \"it's\" # note\nC=\n# tail\nNEW='a b'\n",
    );
  });

  test("is left as it is when it holds everything already, whatever its line ends", async () => {
    expect(await edit("A=1\r\nB=2\n", "dotenv", { A: "1" })).toBe("A=1\r\nB=2\n");
  });

  test("is refused with mixed line ends where it has to change", async () => {
    await expect(edit("A=1\r\nB=2\n", "dotenv", { A: "2" })).rejects.toThrow(
      /^import\.unplaceable: .*: A cannot be written there, because the file mixes two kinds of line endings; save it with one;/,
    );
  });

  test("fills in an empty value that a comment follows", async () => {
    expect(await edit("A= # one\nexport B=   # two\n", "dotenv", { A: "x", B: "y z" })).toBe(
      "A= x # one\nexport B=   'y z' # two\n",
    );
  });

  test("needs no line break at its end, and gets one only before a new key", async () => {
    expect(await edit("A=1", "dotenv", { A: "2" })).toBe("A=2");
    expect(await edit("A=1", "dotenv", { B: "2" })).toBe("A=1\nB=2\n");
  });

  test("replaces a value of several lines as one", async () => {
    expect(await edit('A="one\ntwo"\nB=2\n', "dotenv", { A: "x" })).toBe("A=x\nB=2\n");
  });

  test("keeps windows line ends and a byte order mark", async () => {
    expect(await edit("\uFEFFA=1\r\nB=2\r\n", "dotenv", { A: "3", C: "4" })).toBe("\uFEFFA=3\r\nB=2\r\nC=4\r\n");
  });

  test.each([
    ["common", 'A="one"#c\nB=2\n', "A=1 #c\nB=2\n"],
    ["dotenv", "A=one#c\nB=2\n", "A=1 #c\nB=2\n"],
    ["literal", "A=one#c\nB=2\n", "A=1\nB=2\n"],
    ["literal", "A=\n#c\n", "A=1\n#c\n"],
  ] as const)("keeps a comment that begins where the value ends: %s %j", async (dialect, before, after) => {
    const how = dialect === "common" ? ("dotenv" as const) : ({ format: "dotenv", dialect } as const);
    expect(await edit(before, how, { A: "1" })).toBe(after);
  });

  test("takes a value that could be the first line of wrapped base64, whatever is below it", async () => {
    const value = "aB3dEf7h".repeat(8);
    expect(await edit("KEY=\nDSN=\n", "dotenv", { KEY: value })).toBe(`KEY='${value}'\nDSN=\n`);
  });

  test("refuses what dotenv cannot say, by name and with nothing of the value", async () => {
    const failed = edit("A=1\n", "dotenv", { A: `'"\`${canary}`, B: `${canary}\r'\\n"` });
    await expect(failed.catch((error: Error) => error.message)).resolves.toMatch(
      /import\.unplaceable: .*: A cannot be written .*import\.unplaceable: .*: B cannot/s,
    );
    await expect(failed.catch((error: Error) => error.message)).resolves.not.toContain(canary);
  });
});

describe("a value with a backslash", () => {
  test("at its end is written without quotes, if all readers agree", async () => {
    expect(await edit("A=1\n", "dotenv", { A: "C:\\dir\\", B: "\\" })).toBe("A=C:\\dir\\\nB=\\\n");
  });

  test.each([" C:\\dir\\", "a#\\", "'\\", "x\ny\\"])(
    "at its end is refused by name where none agree: %j",
    async (value) => {
      const failed = edit("A=1\n", "dotenv", { A: value }).catch((error: Error) => error.message);
      expect(await failed).toMatch(
        /^import\.unplaceable: file source "it": A cannot be written there, because dotenv has no/,
      );
    },
  );

  test("is escaped in the dialect of Docker Compose, and kept in that of the dotenv package", async () => {
    expect(await edit("A=1\n", { format: "dotenv", dialect: "compose" }, { A: "a#\\" })).toBe('A="a#\\\\"\n');
    expect(await edit("A=1\n", { format: "dotenv", dialect: "dotenv" }, { A: "a#\\" })).toBe("A='a#\\'\n");
    expect(await edit("A=1\n", { format: "dotenv", dialect: "literal" }, { A: "a#\\" })).toBe("A=a#\\\n");
  });
});

describe("a dotenv file with a dialect", () => {
  test("gets both of two equal lines replaced", async () => {
    expect(await edit("A=1\nB=2\nA=1\n", "dotenv", { A: "3" })).toBe("A=3\nB=2\nA=3\n");
  });

  test("takes references as text if it replaces them", async () => {
    const expand = { format: "dotenv", expand: true } as const;
    expect(await edit("A=1\nB=$A\n", expand, { C: "x${A}", D: "it's $A" })).toBe(
      "A=1\nB=$A\nC='x${A}'\nD=\"it's \\$A\"\n",
    );
  });

  test("loses no reference to an edit of another key, which has to stay what it was", async () => {
    const failed = edit("A=1\nB=$A\n", { format: "dotenv", expand: true }, { A: "2" }).catch(
      (error: Error) => error.message,
    );
    expect(await failed).toMatch(
      /^import\.unplaceable: .*: A cannot be written there, because another value of the file refers to it/,
    );
  });

  const options: readonly DotenvOptions[] = [
    { expand: true },
    { expand: false },
    { dialect: "dotenv" },
    { dialect: "dotenv", expand: true },
    { dialect: "compose" },
    { dialect: "compose", expand: true },
    { dialect: "compose", expand: false },
    { dialect: "literal" },
  ];
  test.each(options)("reads back with the edits, or refuses them by name: %o", async (dialect) => {
    const texts = value.filter((text) => text.isWellFormed() && !text.includes("\0"));
    const before = "# head\nA=one\n\nB=two\nA=one\n";
    let written = 0;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, texts, { minKeys: 1, maxKeys: 3 }), async (changes) => {
        const edited = await edit(before, { format: "dotenv", ...dialect }, changes).catch((error: unknown) => error);
        if (isSecretSyncError(edited)) {
          expect(edited.problems.every(({ code }) => code === "import.unplaceable")).toBe(true);
          return;
        }
        written += 1;
        const bytes = Buffer.from(String(edited));
        const after = await parseDocument({ bytes, format: "dotenv", separator: undefined, origin, ...dialect });
        expect(reveal(after)).toEqual({ A: "one", B: "two", ...changes });
      }),
      { numRuns: 300, seed: 19 },
    );
    expect(written).toBeGreaterThan(100);
  });
});

describe("a JSON file", () => {
  test("keeps order, layout and the spelling of numbers", async () => {
    const before = '{\n    "B": 1.10,\n    "deep": { "A": "x" }\n}\n';
    expect(await edit(before, "json", { B: "2", deep_A: "y", NEW: "</script>" })).toBe(
      '{\n    "B": "2",\n    "deep": { "A": "y" },\n    "NEW": "</script>"\n}\n',
    );
  });

  test("stays on one line", async () => {
    expect(await edit('{"A":"1"}', "json", { A: "2", B: "3" })).toBe('{"A":"2","B":"3"}');
    expect(await edit("{}", "json", { A: "1" })).toBe('{"A": "1"}');
  });

  test("refuses a name that a group has", async () => {
    const failed = edit('{"A":{"B":"1"}}', "json", { A: "x" }).catch((error: Error) => error.message);
    expect(await failed).toBe(
      `import.unplaceable: ${origin}: A cannot be written there, because a group of that name already exists; add it by hand, or exclude it from the source`,
    );
  });
});

describe("a YAML file", () => {
  test("keeps comments, order, quotes, folding and anchors of everything else", async () => {
    const before = "# head\nA: 'one' # why\nshared: &s x\nlong: >-\n  folded\n  text\n\nB: two\nC: *s\n# tail\n";
    expect(await edit(before, "yaml", { A: "1", B: "two words", NEW: "yes" })).toBe(
      '# head\nA: "1" # why\nshared: &s x\nlong: >-\n  folded\n  text\n\nB: "two words"\nC: *s\nNEW: "yes"\n# tail\n',
    );
  });

  test("gets a byte order mark only if it had one, whatever its first character is", async () => {
    // In UTF-8 each begins with the same byte as the mark.
    for (const name of ["\uFF21", "\uFB01"])
      expect(await edit(`${name}: x\n`, "yaml", { B: "2" })).toBe(`${name}: x\nB: "2"\n`);
    expect(await edit("\uFEFFA: x\n", "yaml", { B: "2" })).toBe('\uFEFFA: x\nB: "2"\n');
  });

  test("replaces a block, a nested value, and adds to a flow map", async () => {
    expect(await edit("A: |\n  one\n  two\nB: 2\n", "yaml", { A: "x" })).toBe('A: "x"\nB: 2\n');
    expect(await edit("web:\n  A: 1\n  B: 2\nC: 3", "yaml", { web_A: "x", D: "4" })).toBe(
      'web:\n  A: "x"\n  B: 2\nC: 3\nD: "4"\n',
    );
    expect(await edit("{ A: 1 } # one line\n", "yaml", { B: "2" })).toBe('{ A: 1, B: "2" } # one line\n');
    expect(await edit("{}\n", "yaml", { B: "2" })).toBe('{B: "2"}\n');
  });

  test.each([
    ["A: |  # why\r\n  one\r\n  two\r\nB: 2\r\n", { A: "x" }, 'A: "x"  # why\r\nB: 2\r\n'],
    ["A: >2- # why: #1\n    one\nB: 2\n", { A: "x" }, 'A: "x" # why: #1\nB: 2\n'],
    ["A: |\n  one # two\n", { A: "x" }, 'A: "x"\n'],
    ["{\n  A: 1, # one\n  B: 2 # two\n}\n", { C: "3" }, '{\n  A: 1, # one\n  B: 2, C: "3" # two\n}\n'],
    ["{\n  A: 1,\n  B: {x: 2}, # two\n}\n", { C: "3" }, '{\n  A: 1,\n  B: {x: 2}, C: "3", # two\n}\n'],
    ["{ # none\n}\n", { C: "3" }, '{C: "3" # none\n}\n'],
  ])("keeps the comments of %j", async (before, changes, after) => {
    expect(await edit(before, "yaml", changes)).toBe(after);
  });

  test("writes a key over what a merge key brings to the top, and refuses to in a group", async () => {
    const before = "d: &d {A: 1}\nm:\n  <<: *d\n<<: *d\n";
    expect(await edit(before, "yaml", { A: "2" })).toBe('d: &d {A: 1}\nm:\n  <<: *d\n<<: *d\nA: "2"\n');
    const failed = edit(before, "yaml", { m_A: "2" }).catch((error: Error) => error.message);
    expect(await failed).toMatch(/^import\.unplaceable: .*: m_A cannot be written there, because a merge key/);
  });

  test("refuses to change an alias or an anchor, which others use", async () => {
    const failed = edit("A: &s x\nB: *s\n", "yaml", { A: "1", B: "2" }).catch((error: Error) => error.message);
    expect(await failed).toMatch(/A cannot be written.*alias, or has an anchor.*B cannot be written/s);
  });
});

const key = fc.stringMatching(/^[A-Z][A-Z0-9]{0,6}$/);
const value = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom("a", "'", '"', "`", "\\", "n", "\n", "#", " ", "=", "$", "{", ":", "é") }),
);
const pairs = (of: fc.Arbitrary<string>) => fc.dictionary(key, of, { minKeys: 1, maxKeys: 5 });

const spelling: Record<WritableFormat, (values: Record<string, string>) => string> = {
  dotenv: (values) =>
    Object.entries(values)
      .map(([name, text]) => `# about ${name}\n${name}='${text}'\n`)
      .join(""),
  json: (values) => JSON.stringify(values, null, 2),
  yaml: (values) => `# head\n${stringify(values, { blockQuote: false })}`,
};

describe.each(["dotenv", "json", "yaml"] as const)("any %s file", (format) => {
  test("reads back with the edits and without another change, or is refused by name", async () => {
    const plain =
      format === "dotenv" ? fc.stringMatching(/^[a-z ]{0,8}$/) : value.map((text) => text.replaceAll("\0", ""));
    const texts = value.filter((text) => text.isWellFormed() && !text.includes("\0"));
    await fc.assert(
      fc.asyncProperty(pairs(plain), pairs(texts), async (before, changes) => {
        const text = spelling[format](before);
        const reading = { format, separator: undefined, origin };
        const was = reveal(await parseDocument({ bytes: Buffer.from(text), ...reading }));
        const edited = await edit(text, format, changes).catch((error: unknown) => error);
        if (isSecretSyncError(edited)) {
          expect(edited.problems.every(({ code }) => code === "import.unplaceable")).toBe(true);
          return;
        }
        const after = await parseDocument({ bytes: Buffer.from(String(edited)), ...reading });
        expect(reveal(after)).toEqual({ ...was, ...changes });
        expect([...after.keys()].slice(0, Object.keys(was).length)).toEqual(Object.keys(was));
        for (const comment of text.match(/^#.*$/gm) ?? []) expect(String(edited)).toContain(comment);
      }),
      { numRuns: 400 },
    );
  });
});

test("a key that somebody has changed since it was read is not overwritten, and one that already is as wanted is left alone", async () => {
  const editing = (was: string) =>
    editDocument({
      bytes: Buffer.from("A=now\nB=2\n"),
      format: "dotenv",
      separator: undefined,
      origin,
      edits: [{ key: "A", value: redact("wanted"), before: redact(was) }],
    });
  await expect(editing("earlier")).rejects.toThrow(/^import\.changed: file source "it": A has changed since/);
  await expect(editing("now")).resolves.toBe("A=wanted\nB=2\n");
  const same = editDocument({
    bytes: Buffer.from("A=wanted\n"),
    format: "dotenv",
    separator: undefined,
    origin,
    edits: [{ key: "A", value: redact("wanted"), before: undefined }],
  });
  await expect(same).resolves.toBe("A=wanted\n");
});
