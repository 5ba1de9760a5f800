// Texts in lines of a given width, for the table of `status` and the boxes of `map`.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { measureWidth, wrap } from "../../provider/commands/wrap.js";

test.each<[text: string, width: number, lines: string[]]>([
  ["short", 5, ["short"]],
  ["abcdefgh", 4, ["abcd", "efgh"]],
  ["one two three", 8, ["one two", "three"]],
  ["a very-long-name", 12, ["a very-long-", "name"]],
  // A separator in the first half would leave most of the line empty.
  ["a bcdefghij", 8, ["a bcdefg", "hij"]],
  ["日本語", 4, ["日本", "語"]],
  ["日本", 1, ["日", "本"]],
  ["a日", 2, ["a", "日"]],
  ["", 3, [""]],
])("%j in %s columns", (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines);
});

test("nothing but space is lost, and no line of several signs is too wide", () => {
  const sign = fc.constantFrom("a", "B", " ", "-", "/", ".", "_", ",", "日", "😀");
  fc.assert(
    fc.property(fc.string({ unit: sign, maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (text, width) => {
      const lines = wrap(text, width);
      expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      for (const line of lines) expect(measureWidth(line) <= width || Array.from(line).length === 1).toBe(true);
    }),
  );
});
