// The mask against escapes: each is read as the programs read it that write it, and what only looks like one stands for itself.

import { describe, expect, test } from "vitest";
import { maskText, redact } from "../../provider/redacted.js";

/** Neither half of it is hidden by itself: what is between them has to be read. */
const around = (sign: string) => `cnry${sign}4e1d`;
const hide = (text: string, ...values: string[]) => maskText(text, values.map(redact));

describe("an escaped character of a value", () => {
  test.each<[string, string[]]>([
    ["<", ["%3c", "%3C", "%u003c", "%u003C", String.raw`\u003c`, String.raw`\u003C`]],
    ["<", [String.raw`\u{3c}`, String.raw`\u{3C}`, String.raw`\u{00003c}`, String.raw`\U0000003c`]],
    ["<", [String.raw`\x3c`, String.raw`\x3C`, String.raw`\074`, String.raw`\<`]],
    ["<", ["&lt;", "&LT;", "&#60;", "&#0000060;", "&#x3c;", "&#X3C;", "&#x00003c;"]],
    ["9", ["%39", String.raw`\x39`, "&#57;", String.raw`\9`]],
    ["0", ["%30", String.raw`\x30`, "&#48;"]],
    ["o", ["%6f", "%6F", String.raw`\x6f`, String.raw`\157`]],
    [" ", ["+", "%20", String.raw`\040`, String.raw`\n`, String.raw`\r`, String.raw`\t`, String.raw`\b`, "&NewLine;"]],
    ["\n", [String.raw`\f`, String.raw`\v`, String.raw`\a`, String.raw`\e`, String.raw`\0`, "&Tab;", "%0d", " "]],
    ["\\", [String.raw`\\`, "%5c", String.raw`\134`, "&bsol;"]],
    ["%", ["%25", String.raw`\%`, "&percnt;", "&#37;"]],
    ["&", ["&amp;", "&AMP;", "%26", String.raw`\u0026`]],
    ['"', ["&quot;", "&#34;", String.raw`\"`]],
    ["'", ["&#39;", "&apos;", String.raw`\'`]],
    ["\u00a0", ["&nbsp;", "%c2%a0", String.raw`\xc2\xa0`]],
    ["\u007f", ["%7f", String.raw`\u007f`, "&#127;"]],
    ["\u0080", ["%c2%80", String.raw`\u0080`, "&#128;"]],
    ["ä", ["%c3%a4", "%u00e4", String.raw`\303\244`, "&#xe4;"]],
    ["\u07ff", ["%df%bf", String.raw`\u07ff`, "&#x7ff;"]],
    ["\u0800", ["%e0%a0%80", String.raw`\u0800`, "&#x800;"]],
    ["鍵", ["%E9%8D%B5", "%u9375", String.raw`\u9375`, String.raw`\351\215\265`, "&#37749;"]],
    ["\ud7ff", ["%ed%9f%bf", String.raw`\ud7ff`, "&#xd7ff;"]],
    ["\ue000", ["%ee%80%80", String.raw`\ue000`, "&#xe000;"]],
    ["\uffff", ["%ef%bf%bf", String.raw`\uffff`, "&#xffff;"]],
    ["\u{10000}", ["%f0%90%80%80", String.raw`\ud800\udc00`, String.raw`\U00010000`, "&#65536;"]],
    ["🔑", ["%f0%9f%94%91", String.raw`\ud83d\udd11`, String.raw`\uD83D\uDD11`, "&#128273;", "&#x1F511;"]],
    ["🔑", [String.raw`\u{1f511}`, String.raw`\U0001f511`, String.raw`\360\237\224\221`]],
    ["\u{10ffff}", [String.raw`\udbff\udfff`, String.raw`\U0010ffff`, String.raw`\u{10ffff}`, "&#x10FFFF;"]],
  ])("is read: %j as any of %j", (sign, escapes) => {
    for (const escape of ["", ...escapes]) {
      const told = escape === "" ? sign : escape;
      expect(hide(`"${around(told)}"`, around(sign)), told).toBe('"[secret]"');
    }
  });

  test.each([
    ["a character above the last half of a pair", "\ue000\udc00"],
    ["a character below the first half of a pair", "\ud7ff\udc00"],
    ["two first halves", "\ud83d\ud83d"],
    ["two last halves", "\udc00\udc00"],
    ["the first of all halves and the one before the last halves", "\ud800\udbff"],
    ["the last first half and what is above all halves", "\udbff\ue000"],
    ["a half at the end", "\ud83d"],
  ])("is read by itself where it makes no pair: %s", (_, signs) => {
    const told = Array.from({ length: signs.length }, (__, at) => `\\u${signs.charCodeAt(at).toString(16)}`).join("");
    expect(hide(`"${around(told)}"`, around(signs))).toBe('"[secret]"');
  });

  test("is what a browser shows where there is no such character", () => {
    for (const told of ["&#x110000;", "&#9999999;", String.raw`\u{110000}`, String.raw`\U00110000`]) {
      expect(hide(`"${around(told)}"`, around("\ufffd")), told).toBe('"[secret]"');
    }
  });
});

describe("what is no escape", () => {
  test.each([
    ["%v003c", "<"],
    ["%3g", "@"],
    ["%g3", "\u0003"],
    ["%3`", "9"],
    ["%3@", "9"],
    ["%3/", "/"],
    ["%", ""],
    [String.raw`\v003c`, "<"],
    [String.raw`\y0000003c`, "<"],
    [String.raw`\y3c`, "<"],
    [String.raw`\y{3c}`, "<"],
    [String.raw`\u={3c}`, "<"],
    [String.raw`\u={3c}`, "<}"],
    [String.raw`\u{3c)`, "<"],
    [String.raw`\u{}`, "\0"],
    [String.raw`\ud83d/udd11`, "🔑"],
    [String.raw`\ud83d\vdd11`, "🔑"],
    [String.raw`\400`, "\u0100"],
    [String.raw`\08x`, "\0"],
    ["&lt", "<"],
    ["&copy;", "<"],
    ["&copy;", "&euro;"],
    ["&#;", "\0"],
    ["&#x;", "\0"],
    ["&#00000060;", "<"],
    ["&#x000003c;", "<"],
  ])("stands for itself: %s is not %j", (told, sign) => {
    expect(hide(`it is ${around(told)} there`, around(sign))).toBe(`it is ${around(told)} there`);
    expect(hide(`it is ${around(told)} there`, around(told))).toBe("it is [secret] there");
  });

  test.each([
    [String.raw`cnry\12-4e1d`, "cnry12-4e1d"],
    [String.raw`cnry\1234e1d`, "cnryS4e1d"],
    [String.raw`cnry\4001d`, "cnry4001d"],
    [String.raw`cnry\u4e1`, "cnryu4e1"],
    [String.raw`cnry\x4g-1d`, "cnryx4g-1d"],
    [String.raw`cnry& &lt;4e1d`, "cnry& <4e1d"],
    [String.raw`cnry&&lt;4e1d`, "cnry&<4e1d"],
    ["cnry%%3c4e1d", "cnry%<4e1d"],
    ["cnry&copy;&lt;4e1d", "cnry&copy;<4e1d"],
  ])("is no part of one: %s is %s", (told, value) => {
    expect(hide(`it is ${told} there`, value)).toBe("it is [secret] there");
  });

  test("is left as it is, at the end of a text too", () => {
    for (const text of [
      "C:\\users\\shop",
      "100 %",
      "50 %!",
      "a & b",
      "a &c; b",
      "100%25 cnry-4e\\",
      "it is cnry-4e\\",
      "it is cnry-4e%",
      "\\",
    ]) {
      expect(hide(text, "cnry-4e 1d7c", "another-value")).toBe(text);
    }
  });
});

describe("escapes in escapes", () => {
  const value = 'cnry<"\\&%>4e1d';
  const json = (text: string) => JSON.stringify(text).slice(1, -1);
  const html = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  const kinds: Readonly<Record<string, (text: string) => string>> = { json, html, percent: encodeURIComponent };

  test.each([
    "json json json json",
    "html html html",
    "percent percent percent percent",
    "percent json html",
    "html json percent",
    "json percent html json",
  ])("are read: %s", (order) => {
    const told = order.split(" ").reduce((text, kind) => kinds[kind]?.(text) ?? "", value);
    expect(hide(`"${told}"`, value)).toBe('"[secret]"');
  });

  test("are read to a depth that people write, and no deeper: each level costs time", () => {
    const told = (depth: number) => `"${around(`%${"25".repeat(depth - 1)}3c`)}"`;
    expect(hide(told(4), around("<"))).toBe('"[secret]"');
    expect(hide(told(5), around("<"))).toBe(told(5));
  });
});

describe("a kind of escapes is read without the others, too", () => {
  const html = (text: string) => text.replaceAll("&", "&amp;");

  /** Read with everything else at once it is three characters. */
  const value = String.raw`&%41\x41`;
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  test("as the value may look escaped in another way", () => {
    expect(hide(`it is ${html(value)}.`, value)).toBe("it is [secret].");
    expect(hide(JSON.stringify("%41\n\\u0041"), "%41\n\\u0041")).toBe('"[secret]"');
  });

  test("to a depth of three, also where the values are longer than the text", () => {
    const three = html(html(html(value)));
    for (const more of ["another", "cnry-".repeat(100)]) {
      expect(hide(`it is ${three}.`, value, more)).toBe("it is [secret].");
      expect(hide(`it is ${html(three)}.`, value, more)).toBe(`it is ${html(three)}.`);
    }
  });

  test("to a depth of one in base64", () => {
    const [one, two] = [base64(html("&%413")), base64(html(html("&%413")))];
    expect(hide(`it is ${one}, and not ${two}.`, "&%413")).toBe(`it is [secret], and not ${two}.`);
    const twice = base64(around("%253c"));
    expect(hide(`it is ${twice}.`, around("<"))).toBe(`it is ${twice}.`);
  });
});

describe("a value that looks escaped", () => {
  test.each(["%3c", String.raw`\u003c`, "&lt;", "%253c", "%25253c", String.raw`\\\\074`])(
    "is hidden as it is, and as a reader shows it who takes %s for an escape",
    (told) => {
      expect(hide(`"${around(told)}"`, around(told))).toBe('"[secret]"');
      expect(hide(`"${around("<")}"`, around(told))).toBe('"[secret]"');
    },
  );

  test("is hidden as it is read three times, and no more", () => {
    expect(hide(`"${around("<")}"`, around("%252525253c"))).toBe(`"${around("<")}"`);
    expect(hide(`it is ${"\\".repeat(4)}`, "\\".repeat(16))).toBe("it is [secret]");
  });

  test("is hidden so when it is short, too", () => {
    expect(hide("it is c<4e there", "c%3c4e")).toBe("it is [secret] there");
    expect(hide("it is cn<4e1d there", "cn&lt;4e1d")).toBe("it is [secret] there");
    expect(hide("it is c<4 there", "c%3c4")).toBe("it is c<4 there");
  });
});
