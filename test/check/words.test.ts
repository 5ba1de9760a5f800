// The gate's step `words`: where it finds a word that the vocabulary does not use, and where it does not.

import { describe, expect, test } from "vitest";
import { findWords, type Rule } from "../../tools/check/words.mjs";

const rules: readonly Rule[] = [
  { words: ["authority", "authorities"], instead: "credentials" },
  { words: ["mark"], instead: "fingerprint" },
  { words: ["take stock"], instead: "list variables" },
  { types: ["Looking"], instead: "the parameter" },
  { paths: ["provider/engine/"], instead: "provider/reconciler/" },
];

const findIn = (text: string, path = "provider/a.ts") => findWords([{ path, text }], rules);

describe("a word is found", () => {
  test.each([
    ["in a comment", "// The authority of a sync.", "authority"],
    ["in a comment over several lines", "/**\n * Each authority.\n */", "authority"],
    ["in a plural", "two marks", "marks"],
    ["in a plural of its own", "all authorities", "authorities"],
    ["at the head of a sentence", "Authority is needed.", "Authority"],
    ["as an identifier", "const mark = 1;", "mark"],
    ["at the end of an identifier", "nameAuthority()", "Authority"],
    ["at the head of an identifier", "authorityOf()", "authority"],
    ["within an identifier", "sealAuthorityFor()", "Authority"],
    ["after an abbreviation", "type HTTPAuthority = string", "Authority"],
    ["after a digit", "sha256Mark", "Mark"],
    ["in a constant", "const MAX_MARKS = 3", "MARKS"],
    ["behind an underscore", "args.__authority", "authority"],
    ["in a message", 'throw new Error(`the mark ${"x"} differs`)', "mark"],
    ["in an import", 'import x from "./mark.js"', "mark"],
    ["in a possessive", "the mark's salt", "mark"],
    ["as a phrase in prose", "We take stock first.", "take stock"],
    ["as a phrase in an identifier", "target.takeStock()", "takeStock"],
    ["as a phrase in a constant", "TAKE_STOCK", "TAKE_STOCK"],
    ["as a phrase across two lines of a comment", "// first take\n// stock of it", "take // stock"],
    ["as a phrase across two lines of a block comment", "/**\n * take\n * stock\n */", "take * stock"],
    ["as a type that is declared", "export interface Looking {}", "Looking"],
    ["as a type alias", "type Looking = string;", "Looking"],
  ])("%s", (_where, text, found) => {
    expect(findIn(text).map((finding) => finding.found)).toEqual([found]);
  });

  test.each([
    ["provider/connections/authority.ts", "authority"],
    ["provider/authorities/index.ts", "authorities"],
    ["provider/core/value-mark.ts", "mark"],
    ["docs/take-stock.md", "take-stock"],
    ["provider/engine/batch.ts", "provider/engine/"],
  ])("in the path %s", (path, found) => {
    expect(findIn("", path)).toEqual([expect.objectContaining({ path, line: 0, found })]);
  });

  test("with its line and the word to use instead, each time that it stands there", () => {
    expect(findIn("a\nmark\n\nmark authority\n")).toEqual([
      { path: "provider/a.ts", line: 2, found: "mark", instead: "fingerprint" },
      { path: "provider/a.ts", line: 4, found: "mark", instead: "fingerprint" },
      { path: "provider/a.ts", line: 4, found: "authority", instead: "credentials" },
    ]);
  });
});

describe("no word is found", () => {
  test.each([
    ["within another word", "benchmark bookmarks markdown remarkable marked authoritative"],
    ["where a phrase is cut by other words", "take the stock"],
    ["where a phrase is cut by a sentence", "a double take. Stock is low"],
    ["where a phrase is cut by code", "take(stock)"],
    ["where a type's name is a word of prose", "// Looking again costs a call.\nfunction startLooking() {}"],
    ["where another type has a longer name", "interface LookingGlass {}"],
    ["in an empty text", ""],
  ])("%s", (_where, text) => {
    expect(findIn(text)).toEqual([]);
  });

  test("in a file whose names every stack holds", () => {
    const rule = { words: ["authority"], instead: "credentials", frozen: ["provider/state.ts"] };
    const text = "const { authority } = state;";
    expect(findWords([{ path: "provider/state.ts", text }], [rule])).toEqual([]);
    expect(findWords([{ path: "provider/other.ts", text }], [rule])).toHaveLength(1);
  });

  test("in another folder than the one that is refused", () => {
    expect(findIn("", "provider/reconciler/engine/batch.ts")).toEqual([]);
  });
});
