// What `init` writes: dotenv texts that read back, literals that mean what was meant, and nothing that a preview would refuse.

import { readFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { type DotenvText, renderDotenv } from "../../provider/commands/init/dotenv-text.js";
import type { DraftSync } from "../../provider/commands/init/draft.js";
import { printLiteral } from "../../provider/commands/init/literal.js";
import { renderProgram } from "../../provider/commands/init/program.js";
import { redact } from "../../provider/redacted.js";
import { parseDocument } from "../../provider/sources/documents/document.js";
import { findActing, hostileName } from "../leaks/hostile-text.js";
import { reveal } from "../sources/canary.js";

const sync = (given: Partial<DraftSync> = {}): DraftSync => ({
  resource: "shop",
  file: "shop.env",
  title: "all components",
  destination: { type: "digital-ocean-app-platform", appName: "shop" },
  values: new Map(),
  missing: [],
  ...given,
});

const wrapped = (values: Record<string, string>) =>
  new Map(Object.entries(values).map(([key, value]) => [key, redact(value)]));
const readBack = async ({ text, dialect }: Pick<DotenvText, "text" | "dialect">) => {
  const bytes = new TextEncoder().encode(text);
  return reveal(await parseDocument({ bytes, format: "dotenv", dialect, separator: undefined, origin: "x" }));
};

describe("a dotenv text", () => {
  const key = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,10}$/).filter((name) => name !== "__proto__");
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom("'", '"', "`", "\\", "\n", "\r", "n", "#", "$", "{", "=", " ", "A", "\u2028", "\uFEFF"),
    }),
    fc.constantFrom(
      "encrypted:x",
      "a\nB=encrypted:x",
      "ENC[AES256_GCM,x]",
      "$ANSIBLE_VAULT;1",
      "\u0000",
      "\uD800",
      "export A=1",
      "a\n# b\nC=3",
    ),
  );
  const values = fc.dictionary(key, value, { maxKeys: 8 });

  test("reads back byte for byte what it holds, and names the rest", async () => {
    await fc.assert(
      fc.asyncProperty(values, fc.uniqueArray(key, { maxLength: 3 }), async (given, missing) => {
        const dotenv = await renderDotenv(sync({ values: wrapped(given), missing }));
        const held = Object.entries(given).filter(([name]) => !dotenv.left.some((one) => one.key === name));
        expect(await readBack(dotenv)).toEqual(Object.fromEntries(held));
      }),
      { numRuns: 400 },
    );
  });

  test("holds every text, with the escapes of Docker Compose where quotes are not enough", async () => {
    const quotable = fc.string({
      unit: fc.constantFrom("'", '"', "`", "\\", "\n", "\r", "#", "$", "=", " ", "ü", "A"),
    });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, quotable, { maxKeys: 6 }), async (given) => {
        const dotenv = await renderDotenv(sync({ values: wrapped(given) }));
        expect(dotenv.left).toEqual([]);
        expect(await readBack(dotenv)).toEqual(given);
      }),
      { numRuns: 400, seed: 13 },
    );
  });

  test("needs no dialect where one kind of quotes is enough, and says which one it needs else", async () => {
    const [plain, mixed] = [{ A: "it's", B: 'so "so"' }, { A: "'\"\\" }];
    expect((await renderDotenv(sync({ values: wrapped(plain) }))).dialect).toBeUndefined();
    expect((await renderDotenv(sync({ values: wrapped(mixed) }))).dialect).toBe("compose");
  });

  test("keeps line ends of every kind", async () => {
    const given = { CERTIFICATE: "-----BEGIN\nA=\n-----END\n", WINDOWS: "a\r\nb", OLD: "\r" };
    const dotenv = await renderDotenv(sync({ values: wrapped(given) }));
    expect(dotenv.left).toEqual([]);
    expect(await readBack(dotenv)).toEqual(given);
  });

  test.each(["\n", "\r", "\r\n", "\u2028", "\u2029", "\u0085", "\v", "\f", "\u001b[2K", "\u202e", "\u0000"])(
    "has no key that comes out of a name with %j in it",
    async (sign) => {
      const title = `all${sign}LIVE=injected${sign}`;
      const { text } = await renderDotenv(
        sync({ title, values: wrapped({ A: "1" }), missing: [`GONE${sign}OTHER`, `B${sign}C=x`] }),
      );
      expect(await readBack({ text })).toEqual({ A: "1" });
      for (const line of text.split(/[\n\r\u2028\u2029\u0085]/)) expect(line).toMatch(/^(?:#.*|A=1|)$/);
    },
  );

  test("has a comment and no value for a key that is missing", async () => {
    const { text } = await renderDotenv(sync({ values: wrapped({ A: "1" }), missing: ["TOKEN", "DATABASE_URL"] }));
    expect(text).toMatch(/^# all components\nA=1\n\n# The platform .*\n# DATABASE_URL=\n# TOKEN=\n$/);
    expect(await readBack({ text })).toEqual({ A: "1" });
  });
});

describe("a literal", () => {
  test("means what it was printed from", () => {
    const data = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        fc.string({ unit: "binary" }),
        fc.boolean(),
        fc.array(tie("any"), { maxLength: 4 }),
        fc.dictionary(
          fc.string().filter((name) => name !== "__proto__"),
          tie("any"),
          { maxKeys: 4 },
        ),
      ),
    })).any;
    fc.assert(
      fc.property(data, (value) => {
        const { outputText } = ts.transpileModule(`module.exports = ${printLiteral(value)};`, {});
        const module: { exports?: unknown } = {};
        // The text is this test's own.
        // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
        new Function("module", outputText)(module);
        expect(module.exports).toEqual(value);
      }),
    );
  });

  test("stands on one line while it is short", () => {
    expect(printLiteral({ type: "file", path: "shop.env", "odd-name": [1, true] })).toBe(
      '{ type: "file", path: "shop.env", "odd-name": [1, true] }',
    );
    expect(printLiteral({ list: ["x".repeat(60), "y".repeat(60)] })).toBe(
      `{\n  list: [\n    "${"x".repeat(60)}",\n    "${"y".repeat(60)}",\n  ],\n}`,
    );
  });
});

describe("a program", () => {
  const files = (program: Partial<Parameters<typeof renderProgram>[0]> = {}) => {
    const all = renderProgram({ name: "shop", target: "shop", version: "0.1.0", syncs: [], left: [], ...program });
    return new Map(all.map((file) => [file.name, file]));
  };

  test("asks for the same packages as the examples do", () => {
    const example = JSON.parse(
      readFileSync(path.resolve(__dirname, "../../examples/file/package.json"), "utf8"),
    ) as object;
    expect(JSON.parse(files().get("package.json")?.text ?? "")).toEqual({ ...example, name: "shop" });
    const settings = readFileSync(path.resolve(__dirname, "../../examples/file/tsconfig.json"), "utf8");
    expect(JSON.parse(files().get("tsconfig.json")?.text ?? "")).toEqual(JSON.parse(settings));
  });

  test("adopts by name what it takes over, and neither names nor configures what dotenv cannot hold", () => {
    const variables = { B: { variableType: "GENERAL" as const } };
    const one = sync({
      values: wrapped({ A: "1", B: "2" }),
      missing: ["C"],
      destination: { type: "digital-ocean-app-platform", appName: "shop", variables },
    });
    const dotenv = { text: "A=1\n", left: [{ key: "B", title: "all components", reason: "no quotes" }] };
    const written = files({ syncs: [{ sync: one, dotenv }] });
    expect(written.get("index.ts")?.text).toContain('adoptExisting: ["A", "C"]');
    expect(written.get("index.ts")?.text).not.toMatch(/"?B"?:/);
    expect(written.get("MISSING.md")?.text).toContain("- `B` (all components): no quotes");
    expect([...written.values()].filter(({ isPrivate }) => isPrivate).map(({ name }) => name)).toEqual(["shop.env"]);
  });

  test("cannot be broken by the name of its target", () => {
    const target = 'x"\n*/ evil(); //\u2028`#`';
    const written = files({ target, left: [{ key: "`A`", title: "t", reason: "r" }] });
    const lines = written.get("index.ts")?.text.split(/[\n\r\u2028\u2029]/) ?? [];
    expect(lines.filter((line) => line.includes("evil"))).toEqual([expect.stringMatching(/^\/\/ /)]);
    const { description } = parseYaml(written.get("Pulumi.yaml")?.text ?? "") as { description: string };
    expect(description).toMatch(/^Secrets of x" \*\/ evil/);
    expect(written.get("MISSING.md")?.text).toContain("- `` `A` `` (t): r");
  });

  test("hides nothing in its source: no character turns or hides what is read in review", () => {
    const hostile = sync({
      resource: hostileName,
      title: hostileName,
      missing: ["A"],
      destination: { type: "digital-ocean-app-platform", appName: hostileName, components: [hostileName] },
    });
    const written = files({
      target: hostileName,
      name: hostileName,
      syncs: [{ sync: hostile, dotenv: { text: "", left: [] } }],
    });
    for (const { name, text } of written.values()) expect(findActing(text), name).toEqual([]);
    expect(written.get("index.ts")?.text).toContain("reversed\\u202edegrof");
  });
});
