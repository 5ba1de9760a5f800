// The mask against base64 and hexadecimal: of a word that holds a value among other bytes exactly the letters of the value are hidden.

import { describe, expect, test } from "vitest";
import { maskText, redact } from "../../provider/redacted.js";

const hide = (text: string, ...values: string[]) => maskText(text, values.map(redact));

/** `bits` that a letter holds. */
const packings = {
  base64: { bits: 6, pack: (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "") },
  "base64 for URLs": { bits: 6, pack: (bytes: Buffer) => bytes.toString("base64url") },
  hexadecimal: { bits: 4, pack: (bytes: Buffer) => bytes.toString("hex") },
  "upper hexadecimal": { bits: 4, pack: (bytes: Buffer) => bytes.toString("hex").toUpperCase() },
} as const;

/** Both alphabets of base64 need their last letters for it. */
const canary = "~?>cnry-4e1d7c<~?~>";

describe.each(Object.entries(packings))("a word of %s", (_, { bits, pack }) => {
  test("shows what is not of the value, wherever the value stands in it", () => {
    for (const before of ["", "\u0001", "ab", "xyz"]) {
      for (const after of ["", "\u0001", "ab", "xyz"]) {
        const word = pack(Buffer.from(before + canary + after));
        const start = Math.floor((8 * before.length) / bits);
        const end = Math.ceil((8 * (before.length + canary.length)) / bits);
        const shown = `${word.slice(0, start)}[secret]${word.slice(end)}`;
        expect(hide(`it is ${word}, and no more`, canary), before + after).toBe(`it is ${shown}, and no more`);
        expect(hide(word, canary)).toBe(shown);
      }
    }
  });

  test.each([4, 5, 6, 7, 8, 9, 10, 11, 12])("is hidden where it is a value of %i characters", (length) => {
    const value = "cnry-4e1d7c-".slice(0, length);
    for (const told of [value, `x${value}`, `xy${value}`, `xyz${value}`]) {
      expect(hide(`it is ${pack(Buffer.from(told))}.`, value), told).toMatch(/^it is \w{0,6}\[secret\]\.$/);
    }
  });

  test("holds a value of UTF-16, as PowerShell writes it", () => {
    expect(hide(`it is ${pack(Buffer.from(canary, "utf16le"))} there`, canary)).toMatch(
      /^it is \[secret\][A0]{1,3} there$/,
    );
    expect(hide(`it is ${pack(Buffer.from("cn4e", "utf16le"))} there`, "cn4e")).toMatch(
      /^it is \[secret\][A0]{1,3} there$/,
    );
  });

  test("holds a value that has a zero in it", () => {
    expect(hide(`it is ${pack(Buffer.from("cn4\0e1d7"))} there`, "cn4\0e1d7")).toBe("it is [secret] there");
    expect(hide(`it is ${pack(Buffer.from("cn\0e1"))} there`, "cn\0e1")).toBe("it is [secret] there");
  });

  test("is read from its first letter: what is cut there is a part of a value, too", () => {
    const word = pack(Buffer.from("cnry-4e1d7c-do-not-show"));
    for (let at = 1; at < 5; at += 1) {
      expect(hide(`it is ${word.slice(at)} there`, "cnry-4e1d7c-do-not-show")).toMatch(/^it is \w?\[secret\] there$/);
    }
  });

  test("is no part of the next one", () => {
    const [one, two] = [pack(Buffer.from("..cnry-")), pack(Buffer.from("4e1d.."))];
    expect(hide(`it is ${one} ${two}`, "cnry-4e1d")).toBe(`it is ${one} ${two}`);
    expect(hide(`it is ${pack(Buffer.from("cnry-4e1"))} ${two}`, "cnry-4e1%ff")).toBe(`it is [secret] ${two}`);
  });

  test("is hidden beside others", () => {
    const [one, two] = [pack(Buffer.from("cnry-4e1d7c")), pack(Buffer.from("another-value"))];
    expect(hide(`${one} or ${one}, ${two} or a word`, "cnry-4e1d7c", "another-value")).toBe(
      "[secret] or [secret], [secret] or a word",
    );
  });

  test("of which only six bytes are of a value is left: seven are hidden, since one more is half there at a cut", () => {
    const [six, seven] = [pack(Buffer.from("<nry-4e>")), pack(Buffer.from("<nry-4e1>"))];
    expect(hide(`it is ${six}`, "cnry-4e1d7c")).toBe(`it is ${six}`);
    expect(hide(`it is ${seven}`, "cnry-4e1d7c")).toContain("[secret]");
    // A letter before them that holds some bits of a seventh is none.
    expect(hide(`it is w${pack(Buffer.from("cnry-4"))}`, "0cnry-4e1d7c")).not.toContain("[secret]");
  });

  test("hides a public word that a value holds: there nobody reads it", () => {
    expect(hide(`it is ${pack(Buffer.from("localhost"))}`, "http://localhost:8080/cnry")).toContain("[secret]");
  });
});

describe("the padding of base64", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  test.each(["cnry-4e1d", "cnry-4e1d7", "cnry-4e1d7c", "cnry", "cnry-", "cnry-4"])(
    "goes with the end of %s",
    (value) => {
      expect(hide(`it is ${base64(value)}; more`, value)).toBe("it is [secret]; more");
      expect(hide(`it is ${base64(value)}`, value)).toBe("it is [secret]");
      expect(hide(`it is ${encodeURIComponent(base64(value))}&more`, value)).toBe("it is [secret]&more");
    },
  );

  test("stays where it is that of another text", () => {
    expect(hide(`it is ${base64("cnry-4e1d.")}`, "cnry-4e1d")).toBe("it is [secret]Lg==");
    expect(hide(`it is ${base64("cnry-4e1d..")}`, "cnry-4e1d")).toBe("it is [secret]Li4=");
  });

  test("is two signs at most", () => {
    expect(hide(`if (${base64("cnry-4e1d7")}=== it)`, "cnry-4e1d7")).toBe("if ([secret]=== it)");
    expect(hide("if (Y25yeS00ZTFkNw=== it)", "cnry-4e1d7")).toBe("if ([secret]= it)");
  });

  test("is none behind hexadecimal", () => {
    expect(hide("636e72792d346531643763=that", "cnry-4e1d7c")).toBe("[secret]=that");
  });
});

describe("a word in a word", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const hex = (text: string) => Buffer.from(text).toString("hex");

  test.each([
    ["base64 in base64", base64(base64("cnry-4e1d7c"))],
    ["hexadecimal in base64", base64(hex("cnry-4e1d7c"))],
    ["base64 in hexadecimal", hex(base64("cnry-4e1d7c"))],
    ["hexadecimal in hexadecimal", hex(hex("cnry-4e1d7c"))],
  ])("is read: %s", (_, word) => {
    expect(hide(`it is ${word}.`, "cnry-4e1d7c")).toBe("it is [secret].");
  });

  test("is read to a depth that people write, and no deeper: each level costs time", () => {
    const three = base64(base64(base64("cnry-4e1d7c")));
    expect(hide(`it is ${three}.`, "cnry-4e1d7c")).toBe(`it is ${three}.`);
  });
});

describe("a word that is wrapped", () => {
  const value = "Tr0ub4dor&3x";
  const wrap = (word: string, width: number, gap: string) =>
    word.replaceAll(new RegExp(`.{${width}}(?=.)`, "g"), `$&${gap}`);

  test.each([
    { kind: "of MIME", encoding: "base64", width: 76, gap: "\r\n" },
    { kind: "of PEM", encoding: "base64", width: 64, gap: "\n" },
    { kind: "in YAML", encoding: "base64", width: 64, gap: "\n    " },
    { kind: "of an odd width", encoding: "base64", width: 49, gap: "\n" },
    { kind: "on one line", encoding: "base64", width: 60, gap: " " },
    { kind: "of xxd", encoding: "hex", width: 60, gap: "\n" },
  ] as const)("$kind is read over its ends, wherever the value is cut in two", ({ encoding, width, gap }) => {
    for (let before = 20; before < 120; before += 1) {
      const told = Buffer.from(`${"x".repeat(before)}${value}${"y".repeat(70)}`);
      const shown = hide(`it is ${wrap(told.toString(encoding), width, gap)}.`, value);
      const kept = shown.slice("it is ".length, -1).split("[secret]");
      expect(kept, String(before)).toHaveLength(2);
      // Neither side has more of it than the letters that it shares.
      const [head = "", tail = ""] = kept.map((part) => part.replaceAll(/\s/g, ""));
      const bits = encoding === "hex" ? 4 : 6;
      expect(head).toHaveLength(Math.floor((8 * before) / bits));
      expect(tail.replaceAll("=", "").length).toBe(
        Math.ceil((8 * told.length) / bits) - Math.ceil((8 * (before + value.length)) / bits),
      );
    }
  });

  test("ends where a shorter line does: two words of a sentence are two", () => {
    const [one, two] = [Buffer.from("..cnry-").toString("base64"), Buffer.from("4e1d..").toString("base64")];
    expect(hide(`it is ${one}\n${two}`, "cnry-4e1d")).toBe(`it is ${one}\n${two}`);
  });
});
