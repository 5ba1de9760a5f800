// The mask over long texts, which are searched piece by piece, and over values that are huge. One text, because it takes long to read.

import { expect, test } from "vitest";
import { maskText, redact } from "../../provider/redacted.js";

/** In characters. */
const piece = 256 * 1024;
const filler = (length: number) => ". ".repeat(length).slice(0, length);

test("in a long text a value is hidden in every piece, and where two pieces meet however it is encoded", () => {
  const value = "cnry-4e1d";
  const told = Array.from(value, (sign) => `%26amp%3B%23x${sign.charCodeAt(0).toString(16)}%3B`).join("");
  const gap = filler(40);
  // Four of the encoded characters are read with the first piece alone, and five with the next one.
  const front = filler(piece - 80 - gap.length - 2 * value.length);
  const write = (plain: string, encoded: string, nested: string) =>
    [plain, front, plain, gap, encoded, gap, plain, gap, nested, gap, "&amp;amp;amp;%413"].join("");
  // Three deep in escapes of one kind is read in a message, and not in a long text.
  const masked = maskText(write(value, told, "&amp;amp;%413"), [redact(value), redact("&%413")]);
  expect(masked).toBe(write("[secret]", "[secret]", "[secret]"));
});

test("of a long text nothing is shown where the values are huge as well", () => {
  const values = Array.from({ length: 5 }, (_, at) => redact(`${at}-cnry-`.repeat(160 * 1024)));
  expect(maskText(filler(piece + 1), values)).toBe("[secret]");
});
