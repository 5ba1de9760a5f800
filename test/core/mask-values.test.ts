// The mask by the values it hides: many that are alike, short ones, letters of both cases, characters of every length, public words.

import { describe, expect, test } from "vitest";
import { maskText, redact } from "../../provider/redacted.js";

const hide = (text: string, ...values: string[]) => maskText(text, values.map(redact));
const numbers = Array.from({ length: 1000 }, (_, at) => String(at).padStart(4, "0"));

describe("of many values that are alike", () => {
  test.each<[string, (digits: string) => string]>([
    ["end in the same four characters", (digits) => `${digits}cnry`],
    ["begin with the same four characters", (digits) => `cnry${digits}`],
    ["have the same in the middle", (digits) => `${digits.slice(0, 2)}cnry${digits.slice(2)}`],
    ["have seven characters", (digits) => `${digits.slice(0, 2)}-c-${digits.slice(2)}`],
    ["have six characters", (digits) => `${digits.slice(0, 3)}--${digits.slice(3)}`],
    ["have five characters", (digits) => `${digits.slice(0, 1)}-${digits.slice(1)}`],
    ["have four characters", (digits) => digits],
  ])("each is hidden and nothing else, where they %s", (_, write) => {
    const isKnown = (at: number) => at % 3 === 0;
    const values = numbers.map(write);
    const shown = values.map((value, at) => (isKnown(at) ? "[secret]" : value));
    expect(hide(values.join(" | "), ...values.filter((__, at) => isKnown(at)))).toBe(shown.join(" | "));
  });
});

describe("a value of four to seven characters", () => {
  test.each(["cnry", "cnry-", "cnry-4", "cnry-4e", "ännä", "鍵val", "🔑va"])("is hidden as a whole: %s", (value) => {
    expect(hide(`it is ${value}, ${value.slice(1)}, ${value.slice(0, -1)} and x${value}y`, value)).toBe(
      `it is [secret], ${value.slice(1)}, ${value.slice(0, -1)} and x[secret]y`,
    );
    expect(hide(value, value)).toBe("[secret]");
  });

  test("is hidden without the space around it as well", () => {
    expect(hide("it is cnry, not cnr", "\tcnry\n")).toBe("it is [secret], not cnr");
    expect(hide("it is cnry-4e, not cnry-4", "  cnry-4e  ")).toBe("it is [secret], not cnry-4");
  });

  test("is left where fewer than four are left without that space", () => {
    expect(hide("1 of 100, cnr", "  1 ", "\n100\n", " cnr ")).toBe("1 of 100, cnr");
  });

  test("is hidden with its neighbour as one: nobody is told how many there are", () => {
    expect(hide("it is cnry4e1d-7c", "cnry", "4e1d-7c")).toBe("it is [secret]");
    expect(hide("it is cnry 4e1d-7c", "cnry", "4e1d-7c")).toBe("it is [secret] [secret]");
  });
});

test("a value of three characters is left, however many bytes they have", () => {
  expect(hide("it is 鍵鍵鍵", "鍵鍵鍵")).toBe("it is 鍵鍵鍵");
  expect(hide("it is 鍵鍵鍵鍵", "鍵鍵鍵鍵")).toBe("it is [secret]");
});

describe("letters of the other case", () => {
  test.each([
    ["cnry-4e1d", "CNRY-4E1D"],
    ["cnryAZaz", "CNRYazAZ"],
    ["pässwört-4e1d", "PÄSSWÖRT-4E1D"],
    ["ÄÖÜÅÇÉÑØ", "äöüåçéñø"],
    ["ключ-4e1d", "КЛЮЧ-4E1D"],
    ["cnry", "CNRY"],
    ["pässw", "PÄSSW"],
    ["ÖÜÅ1", "öüå1"],
  ])("are the same: %s and %s", (value, told) => {
    expect(hide(`it is ${told} there`, value)).toBe("it is [secret] there");
    expect(hide(`it is ${value} there`, told)).toBe("it is [secret] there");
  });

  test("are the same where there are more of them", () => {
    expect(hide("it is STRASSE-4E1D there", "straße-4e1d")).toBe("it is [secret] there");
  });

  test("are other letters only where they are: their neighbours in ASCII are none", () => {
    expect(hide("cnry[4e1 cnry@4e1", "cnry{4e1", "cnry`4e1")).toBe("cnry[4e1 cnry@4e1");
  });
});

describe("a character of any length", () => {
  test.each([
    "\u0080",
    "\u07ff",
    "\u0800",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\u{10000}",
    "\u{10ffff}",
    "\ud800",
    "\udfff",
  ])("is found: %j", (sign) => {
    expect(hide(`it is cnry${sign}4e1d there`, `cnry${sign}4e1d`)).toBe("it is [secret] there");
    expect(hide(`${sign} is cnry-4e1d${sign}${sign}`, "cnry-4e1d")).toBe(`${sign} is [secret]${sign}${sign}`);
  });
});

describe("a piece of a value", () => {
  test("of seven characters is left wherever it stands, also beside a space", () => {
    for (const text of [
      "cnry-4e",
      "cnry-4e ",
      " 1d7c-do",
      "it is 1d7c-do",
      "d7c-do- ",
      "cnry-4e and 7c-do-n",
      "-do-not or",
    ]) {
      expect(hide(text, "cnry-4e1d7c-do-not")).toBe(text);
    }
  });

  test("of eight is hidden wherever it stands", () => {
    for (const piece of ["cnry-4e1", "1d7c-do-", "c-do-not"]) {
      expect(hide(piece, "cnry-4e1d7c-do-not")).toBe("[secret]");
      expect(hide(`${piece} `, "cnry-4e1d7c-do-not")).toBe("[secret] ");
      expect(hide(` ${piece}`, "cnry-4e1d7c-do-not")).toBe(" [secret]");
    }
  });

  test("is hidden with what overlaps it and what touches it as one", () => {
    expect(hide("it is cnry-4e1d7c", "cnry-4e1", "y-4e1d7c")).toBe("it is [secret]");
    expect(hide("it is cnry-4e1another1", "cnry-4e1", "another1")).toBe("it is [secret]");
    expect(hide("it is cnry-4e1.another1 or cnry-4e1", "cnry-4e1", "another1")).toBe(
      "it is [secret].[secret] or [secret]",
    );
  });

  test("takes no space of the sentence along", () => {
    expect(hide("is cnry-4e1d there", " cnry-4e1d ")).toBe("is [secret] there");
    expect(hide("is !cnry-4e1d! there", "!cnry-4e1d!")).toBe("is [secret] there");
    expect(hide("is cnry 4e1d there", "cnry 4e1d")).toBe("is [secret] there");
  });
});

describe("a word that everybody knows", () => {
  test("is left where a value holds it among others, whatever its case", () => {
    const url = "postgres://cnry:4e1d@localhost:5432/production";
    for (const text of ["no such PRODUCTION", "Localhost:8080", "a postgres:// address", "PostgreS://"]) {
      expect(hide(text, url)).toBe(text);
    }
  });

  test("is hidden with what of the value stands beside it", () => {
    const url = "postgres://cnry:4e1d@localhost:5432/production";
    expect(hide("no such postgres://c", url)).toBe("no such [secret]");
    expect(hide("at d@localhost", url)).toBe("at [secret]");
    expect(hide("at localhostcnry-4e1", url, "cnry-4e1")).toBe("at [secret]");
  });

  test("is hidden where it is a value, or a part of it is, whatever its case", () => {
    expect(hide("user PASSWORD or username", "Password")).toBe("user [secret] or username");
    expect(hide("in production, not in product", "Production\n")).toBe("in [secret], not in product");
    expect(hide("in -----BEGIN CERTIFICATE-----", "certificate")).toBe("in -----BEGIN [secret]-----");
    expect(hide("user: undefined or unused", "undefine")).toMatch(/^user: \[secret\]d? or unused$/);
    expect(hide("undefined or username", "username", "an-undefined-of-ours")).toBe("undefined or [secret]");
    expect(hide("no password", "cnry", "a-password-1", "pass")).toBe("no [secret]word");
  });

  test("of fewer than eight characters is a value like any other", () => {
    expect(hide("in http:// or https://www.", "http://")).toBe("in [secret] or https://www.");
  });
});

test("without values a text stays, and without a text nothing is shown", () => {
  expect(hide("it is cnry-4e1d")).toBe("it is cnry-4e1d");
  expect(hide("it is cnry-4e1d", "")).toBe("it is cnry-4e1d");
  expect(hide("", "cnry-4e1d")).toBe("");
});
