// Laws of reading, for any text: what was written comes back, nothing is dropped, and what is broken is a failure.

import * as fc from "fast-check";
import { stringify } from "yaml";
import { describe, expect, test } from "vitest";
import { isSecretSyncError } from "../../provider/errors.js";
import type { TextFormat } from "../../schema/index.js";
import { takeFrom } from "../../provider/sources/documents/content.js";
import { parseDocument } from "../../provider/sources/documents/document.js";
import { parseJson } from "../../provider/sources/documents/json.js";
import { flattenTree, type Tree } from "../../provider/sources/documents/tree.js";

async function read(text: string, format: TextFormat): Promise<Map<string, string>> {
  const bytes = new TextEncoder().encode(text);
  const values = await parseDocument({ bytes, format, separator: undefined, origin: "file source" });
  return new Map([...values].map(([key, value]) => [key, value.reveal()]));
}

/** The values, or undefined where the text is refused. Any other failure is a bug. */
async function readOrRefuse(text: string, format: TextFormat): Promise<Map<string, string> | undefined> {
  return read(text, format).catch((error: unknown) => {
    if (isSecretSyncError(error)) return undefined;
    throw error;
  });
}

const encrypted = /ENC\[AES256_GCM,|encrypted:/;
const text = fc
  .string({
    unit: fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      fc.constantFrom(..."'\"`\\#=\n {}[]&*!|>%@,:-?~".split("")),
    ),
  })
  .filter((value) => !encrypted.test(value) && value.isWellFormed() && !value.includes("\0"));
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,12}$/).filter((key) => key !== "__proto__");
const pairs = fc.uniqueArray(fc.tuple(name, text), { selector: ([key]) => key, minLength: 1, maxLength: 8 });

function writeDotenv(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([key, value]) => `${key}=${quote(value)}`).join("\n");
}

/** The kind of quotes that leaves the value alone: single quotes and backticks have no escapes. */
function quote(value: string): string {
  const kind = ["'", "`"].find((sign) => !value.includes(sign)) ?? '"';
  return `${kind}${value}${kind}`;
}

describe("reading what was written", () => {
  test("gives JSON values back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(text, text, { minKeys: 1 }), async (values) => {
        expect(await read(JSON.stringify(values, null, 2), "json")).toEqual(new Map(Object.entries(values)));
      }),
    );
  });

  test("gives YAML values back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(text, text, { minKeys: 1 }), async (values) => {
        // As a block, `yaml` writes " \\n" such that every reader, its own included, gives "\\n".
        const written = stringify(values, { blockQuote: false });
        // The one key that stringify writes and that means something else.
        const refusable = Object.hasOwn(values, "<<");
        const back = refusable ? await readOrRefuse(written, "yaml") : await read(written, "yaml");
        const expected = new Map(Object.entries(values));
        expect(refusable ? (back ?? expected) : back).toEqual(expected);
      }),
    );
  });

  test("gives dotenv values back", async () => {
    const tame = fc.string({ unit: "binary" }).filter((value) => value.isWellFormed() && !/['\\\r\0]/.test(value));
    const tamePairs = fc.uniqueArray(fc.tuple(name, tame), { selector: ([key]) => key, minLength: 1 });
    await fc.assert(
      fc.asyncProperty(tamePairs, async (entries) => {
        expect(await read(writeDotenv(entries), "dotenv")).toEqual(new Map(entries));
      }),
    );
  });

  test("gives dotenv values back or refuses them, whatever quotes and backslashes they hold", async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async (entries) => {
        fc.pre(entries.every(([, value]) => !(value.includes("'") && value.includes("`"))));
        const back = await readOrRefuse(writeDotenv(entries), "dotenv");
        const expected = new Map(entries.map(([key, value]) => [key, value.replace(/\r\n?/g, "\n")]));
        expect(back ?? expected).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a broken text", () => {
  const tame = fc.uniqueArray(fc.tuple(name, fc.stringMatching(/^[a-z0-9]{1,8}$/)), {
    selector: ([key]) => key,
    minLength: 1,
  });

  test("with a stray line never gives fewer dotenv keys without a failure", async () => {
    const line = fc
      .oneof(
        text,
        fc.tuple(name, text).map((parts) => parts.join("=")),
      )
      .map((stray) => stray.replace(/[\r\n]/g, ""));
    await fc.assert(
      fc.asyncProperty(tame, line, fc.nat(), async (entries, stray, place) => {
        const lines = writeDotenv(entries).replaceAll("'", "").split("\n");
        lines.splice(place % (lines.length + 1), 0, stray);
        const values = await readOrRefuse(lines.join("\n"), "dotenv");
        const lost = values && entries.filter(([key, value]) => values.get(key) !== value);
        expect(lost ?? []).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test("of JSON is accepted exactly when JSON.parse accepts it", async () => {
    const broken = fc
      .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.nat({ max: 3 }), fc.string({ unit: "binary", maxLength: 2 }))
      .map(([json, at, cut, added]) => {
        const offset = at % (json.length + 1);
        return json.slice(0, offset) + added + json.slice(offset + cut);
      });
    fc.assert(
      fc.property(broken, (json) => {
        expect(accepts(() => parseJson(json, "file source"))).toBe(accepts(() => JSON.parse(json)));
      }),
      { numRuns: 3000 },
    );
  });
});

function accepts(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

describe("flattening", () => {
  const { tree } = fc.letrec<{ tree: Tree; leaf: Tree; map: Tree }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("map")),
    leaf: fc.oneof(
      { weight: 20, arbitrary: fc.string().map((value): Tree => ({ kind: "text", text: value })) },
      { weight: 1, arbitrary: fc.constantFrom<Tree>({ kind: "null" }, { kind: "list" }) },
    ),
    map: fc
      .array(fc.tuple(fc.constantFrom("a", "b", "a_b", "b_a", "c", "d", "e_", "_e"), tie("tree")), { maxLength: 4 })
      .map((entries): Tree => ({ kind: "map", entries })),
  }));

  test("never drops a key silently: as many values come out as leaves went in, or it fails", () => {
    fc.assert(
      fc.property(tree, (grown) => {
        const leaves = countLeaves(grown);
        expect(countValues(grown) ?? leaves).toBe(leaves);
      }),
      { numRuns: 2000 },
    );
  });
});

/** How many values come out, or undefined where the tree is refused. */
function countValues(tree: Tree): number | undefined {
  try {
    return takeFrom(flattenTree(tree, { separator: "_", origin: "file source" })).size;
  } catch (error) {
    if (isSecretSyncError(error)) return undefined;
    throw error;
  }
}

/** An empty object inside counts as well: it has a key. */
function countLeaves(tree: Tree): number {
  if (tree.kind !== "map") return 1;
  return tree.entries.reduce(
    (sum, [, value]) => sum + (value.kind === "map" && value.entries.length === 0 ? 1 : countLeaves(value)),
    0,
  );
}
