// The mask against what vendors do to a value before they quote it: cut it, encode it, encode it twice.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskText, redact } from "../../provider/redacted.js";

const json = (text: string) => JSON.stringify(text).slice(1, -1);
const percent = (text: string) => encodeURIComponent(text.toWellFormed());
const lowerPercent = (text: string) => percent(text).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
const base64 = (text: string) => Buffer.from(text).toString("base64");
const hex = (text: string) => Buffer.from(text).toString("hex");
const units = (text: string, write: (unit: string) => string) =>
  text.replaceAll(/[^]/g, (unit) => write(unit.charCodeAt(0).toString(16).padStart(4, "0")));
const html = (text: string) =>
  text.replaceAll(/[&<>"']/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? "&#39;");

/** Each writes a value as some program does. */
const encodings: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "in upper case": (text) => text.toUpperCase(),
  "in lower case": (text) => text.toLowerCase(),
  "as JSON": json,
  "as JSON in JSON": (text) => json(json(text)),
  "as JSON in JSON in JSON": (text) => json(json(json(text))),
  "as JSON that is safe in HTML": (text) =>
    json(text).replaceAll(/[<>&]/g, (sign) => units(sign, (code) => `\\u${code}`)),
  "as JSON in ASCII": (text) => units(text, (code) => `\\u${code}`),
  "as JSON in ASCII, in upper case": (text) => units(text, (code) => `\\u${code.toUpperCase()}`),
  "as code points": (text) => Array.from(text, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`).join(""),
  "as bytes of a string literal": (text) => hex(text).replaceAll(/../g, String.raw`\x$&`),
  "as octal bytes": (text) =>
    Array.from(Buffer.from(text), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join(""),
  "percent-encoded": percent,
  "percent-encoded in lower case": lowerPercent,
  "percent-encoded twice": (text) => percent(percent(text)),
  "percent-encoded, every byte": (text) => hex(text).replaceAll(/../g, "%$&"),
  "as a form": (text) => new URLSearchParams([["", text]]).toString().slice(1),
  "as HTML": html,
  "as HTML in JSON": (text) => json(html(text)),
  "as HTML in numbers": (text) => Array.from(text, (sign) => `&#${sign.codePointAt(0)};`).join(""),
  "as HTML in hexadecimal numbers": (text) =>
    Array.from(text, (sign) => `&#x${sign.codePointAt(0)?.toString(16)};`).join(""),
  "in base64": base64,
  "in base64 without padding": (text) => base64(text).replace(/=+$/, ""),
  "in base64 for URLs": (text) => Buffer.from(text).toString("base64url"),
  "in base64 behind one byte": (text) => base64(`x${text}y`),
  "in base64 behind two bytes": (text) => base64(`xy${text}`),
  "in base64 of a document": (text) => base64(JSON.stringify({ data: { value: text } })),
  "in base64 in base64": (text) => base64(`value: ${base64(text)}`),
  "in base64, percent-encoded": (text) => percent(base64(text)),
  "in base64 of UTF-16": (text) => Buffer.from(text, "utf16le").toString("base64"),
  "in hexadecimal": hex,
  "in upper hexadecimal": (text) => hex(text).toUpperCase(),
};

/** What a reader could take back: the runs of eight characters in each way that this test writes them. */
function findSurvivors(text: string, value: string): string[] {
  const lower = text.toLowerCase();
  const signs = Array.from(value);
  const runs = signs.slice(7).map((_, at) => signs.slice(at, at + 8).join(""));
  return runs.filter((run) => {
    const plain = [run, json(run), json(json(run)), percent(run), hex(run), html(run), run.replaceAll(" ", "+")];
    // The letters that belong to this run alone, wherever it stands in its group of three bytes.
    const end = Buffer.byteLength(run);
    const packed = [0, 1, 2].map((before) =>
      base64("x".repeat(before) + run).slice(Math.ceil((8 * before) / 6), Math.floor((8 * (before + end)) / 6)),
    );
    return plain.some((form) => lower.includes(form.toLowerCase())) || packed.some((form) => text.includes(form));
  });
}

const canary = 'pässwort<"4e1d&7c\\do/not+show> = 100%';

describe("a value that a vendor quotes", () => {
  test.each(Object.entries(encodings))("is hidden %s", (_, encode) => {
    const masked = maskText(`before: ${encode(canary)} :after`, [redact(canary)]);
    expect(masked).toMatch(/^before: .{0,24}\[secret\].{0,12} :after$/s);
    expect(findSurvivors(masked, canary)).toEqual([]);
  });

  test.each(Object.entries(encodings))("is hidden %s, cut at every place", (_, encode) => {
    const told = encode(canary);
    for (let at = 0; at < told.length; at += 1) {
      for (const part of [told.slice(0, at), told.slice(at), told.slice(at, at + 70)]) {
        expect(findSurvivors(maskText(`"${part}…"`, [redact(canary)]), canary), part).toEqual([]);
      }
    }
  });

  test("is hidden whatever it is, however it is written and wherever it is cut", () => {
    const value = fc.oneof(
      fc.string({ minLength: 8, maxLength: 60 }),
      fc.string({ unit: "binary", minLength: 8, maxLength: 40 }),
      fc.string({ unit: "grapheme", minLength: 8, maxLength: 40 }),
      fc.base64String({ minLength: 8, maxLength: 80 }),
      fc.json().filter((text) => text.length >= 8),
      fc.string({ unit: fc.constantFrom(...Array.from("%\\&;=+ \n\"'u0041<x")), minLength: 8, maxLength: 30 }),
    );
    const encode = fc.constantFrom(...Object.keys(encodings));
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(value, encode, fc.tuple(share, share), (text, name, ends) => {
        const told = encodings[name]?.(text) ?? "";
        const [from, to] = ends.sort((a, b) => a - b).map((part) => Math.round(part * told.length));
        for (const part of [told, told.slice(from), told.slice(0, to), told.slice(from, to)]) {
          const masked = maskText(`said: ${part}`, [redact("another value"), redact(text)]);
          expect(findSurvivors(masked, text), `${name}: ${JSON.stringify(part)}`).toEqual([]);
        }
      }),
      { seed: 17, numRuns: 2000 },
    );
  }, 60_000);
});

describe("a message stays readable", () => {
  const url = "postgres://app:cnry-9f21@localhost:5432/shop";

  test.each([
    ["cannot reach postgres on localhost:5432", "cannot reach postgres on [secret]"],
    ["no server listens on localhost", "no server listens on localhost"],
    ["connect to postgres://app:cnry-9f21@local", "connect to [secret]"],
  ])("%s", (said, shown) => {
    expect(maskText(said, [redact(url)])).toBe(shown);
  });

  test("a public word that is a value as a whole is hidden", () => {
    expect(maskText("user password, password1", [redact("password")])).toBe("user [secret], [secret]1");
    expect(maskText("-----BEGIN CERTIFICATE-----", [redact(`-----BEGIN CERTIFICATE-----\n${url}`)])).toBe(
      "-----BEGIN CERTIFICATE-----",
    );
  });

  test("seven characters of a longer value are left, eight are not", () => {
    expect(maskText("it ends in 123-do-", [redact("cnry-0123-do-not-show")])).toBe("it ends in 123-do-");
    expect(maskText("it ends in 0123-do-", [redact("cnry-0123-do-not-show")])).toBe("it ends in [secret]");
  });

  test("a value of four to seven characters is hidden as a whole, however it is encoded", () => {
    const short = redact("s3<r3t");
    for (const encode of Object.values(encodings)) {
      const masked = maskText(`said: ${encode("s3<r3t")}`, [short]);
      expect(masked, encode("s3<r3t")).toContain("[secret]");
      expect(masked).not.toContain(encode("s3<r3t"));
    }
    expect(maskText("said: s3<r3, 3<r3t", [short])).toBe("said: s3<r3, 3<r3t");
  });
});
