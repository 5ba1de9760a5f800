// Which parts of a path, an address or an identifier look drawn, and how much is hidden with them.

import { describe, expect, test } from "vitest";
import { hideRandomWords } from "../../provider/sources/local/random-words.js";

const hide = (text: string) => hideRandomWords(text, "[secret]");
/** Twelve signs, as short as a part may be that is hidden by itself. */
const drawn = "q8Xw2Rk9Zp4T";

describe("a drawn part is hidden, and plain words around it stay", () => {
  test.each([
    [`/srv/menu/${drawn}/file/page`, "/srv/menu/[secret]/file/page"],
    [`${drawn}/file`, "[secret]/file"],
    [`/menu/${drawn}`, "/menu/[secret]"],
    [`(/${drawn}/)`, "(/[secret]/)"],
    [`Cat/${drawn}/Cat`, "Cat/[secret]/Cat"],
    [`/menu/${drawn} /file/${drawn}`, "/menu/[secret] /file/[secret]"],
    // What is between two drawn parts.
    [`/menu/${drawn}/file/${drawn}/page`, "/menu/[secret]/page"],
    [`/menu/a1b2c3/file/d4e5f6/page`, "/menu/[secret]/page"],
    // What is beside one and no word in one piece: too short, in capitals, of mixed case, or of letters that no word has.
    [`/menu/ab/${drawn}/cd/page`, "/menu/[secret]/page"],
    [`/menu/Me/${drawn}/Us/page`, "/menu/[secret]/page"],
    [`/menu/MENU/${drawn}/PAGE/page`, "/menu/[secret]/page"],
    [`/menu/myMenu/${drawn}/myPage/page`, "/menu/[secret]/page"],
    [`/menu/xqz/${drawn}/zqx/page`, "/menu/[secret]/page"],
    [`/menu/2024/${drawn}/7/page`, "/menu/[secret]/page"],
    [`/menu/page7/${drawn}`, "/menu/[secret]"],
    [`/menu/ab/cd/${drawn}/file/ab`, "/menu/[secret]/file/ab"],
  ])("%s", (text, shown) => {
    expect(hide(text)).toBe(shown);
  });
});

describe("parts count as drawn together", () => {
  test.each([
    ["from twelve signs on", "a1b2c3.d4e5f6", true],
    ["not up to eleven", "a1b2c.d3e4f5", false],
    ["ten signs that change their kind four times by themselves", "/abc1de2fgh/", true],
    ["not nine", "/abc1de2fg/x", false],
    ["not ten that change it three times", "/abcd12ABCd/", false],
    ["ten of capitals and digits that change it four times", "/AB12CD34EF/", true],
    ["a number of more than twelve digits", "1234567890123", true],
    ["not one of twelve", "/123456789012", false],
  ])("%s: %s", (_, text, isHidden) => {
    expect(hide(text) !== text).toBe(isHidden);
  });
});

describe("words are told from what is drawn", () => {
  test.each([
    ["a name with a number", "sha256.sha512.sha384", true],
    ["in capitals", "SHA256.SHA512.SHA384", true],
    ["with a capital", "Http2.Node22.Menu2024", true],
    ["with a number of more than four digits", "sha12345.sha67890", false],
    ["a number with a unit", "100ms.200ms.404kb.500mib", true],
    ["with a unit of four letters", "100abcd.200abcd", false],
    ["a number for the letters that it stands for", "i18n.l10n.a11y.k8s", true],
    ["two letters", "us.eu.it.de.fr.es.pl", true],
    ["four letters that change their case once", "ABcd.EFgh.IJkl", true],
    ["four letters that change it twice", "aBcd.eFgh.iJkl", false],
    ["three letters a piece", "getMyTopUser", true],
    ["fewer than three letters a piece", "getMyTopUse", false],
    ["one short piece", "getTopUsersMapOf", true],
    ["two short pieces", "getMyApplicationId", false],
    ["a piece of four letters that no word has", "xkqzMenuFile", true],
    ["a piece of five letters that no word has", "xkqzjMenuFile", false],
    ["capitals before a word", "HTTPServerName", true],
    ["a word in capitals", "ACCESSDENIED", true],
    ["capitals that no word has", "XKQZJWXKQZJW", false],
    ["letters with a number before them", "1zq.2zq.3zq.4zq", true],
    ["words of pairs that are frequent", "documents-overwrite-exclusive", true],
    ["words of pairs that are not", "github-lambda-bridge-markdown", true],
    ["words of pairs that are seldom", "webhooks-middle-object-frozen", true],
    ["words of pairs that are rare", "suffix-python-azure-syntax", true],
  ])("%s: %s", (_, text, isWord) => {
    // Three drawn signs beside it: what is no word counts as drawn together with them.
    const shown = hide(`${text}.x9q`);
    expect(shown === `${text}.x9q`).toBe(isWord);
  });
});

describe("a word with two signs of a password generator, a digit and a letter is hidden as a whole", () => {
  test.each("!#$%&*+^~?".split(""))("with %s", (sign) => {
    expect(hide(`see menu${sign}file${sign}page7 there`)).toBe("see [secret] there");
  });

  test("also if one only looks like a percent sign of an address", () => {
    expect(hide("menu%Afile%Bpage7")).toBe("[secret]");
  });

  test.each([
    ["one sign", "menu!filepage7"],
    ["no digit", "menu!file!pages"],
    ["no letter", "1234!5678!90"],
    ["a query", "list?page=1&size=20"],
    ["percent signs of an address", "files%C3%A9%20menu2"],
    ["a path of Windows", "C:\\menu!1\\file!2"],
  ])("but not with %s", (_, text) => {
    expect(hide(text)).toBe(text);
  });
});

test("words of fewer than twelve signs stay, whatever they are", () => {
  expect(hide("q8Xw2Rk9Zp4 q8Xw2Rk9Zp4")).toBe("q8Xw2Rk9Zp4 q8Xw2Rk9Zp4");
});
