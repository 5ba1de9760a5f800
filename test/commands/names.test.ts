// Names and times as the commands write them: slugs, comments, code in Markdown, minutes and durations.

import { describe, expect, test } from "vitest";
import { printLiteral } from "../../provider/commands/init/literal.js";
import { code, comment, nameOnce } from "../../provider/commands/init/names.js";
import { formatTime, readDuration } from "../../provider/commands/time.js";

describe("a slug", () => {
  test.each([
    ["My App", "my-app"],
    ["  my -- app!! ", "my-app"],
    ["--app--", "app"],
    ["Läden 24", "l-den-24"],
    ["!!!", "secrets"],
    ["", "secrets"],
    ["x".repeat(90), "x".repeat(80)],
  ])("of %j is %j", (words, slug) => {
    expect(nameOnce(words, new Set())).toBe(slug);
  });

  test("that is taken gets a number, from 2", () => {
    const taken = new Set<string>();
    expect([nameOnce("web", taken), nameOnce("Web", taken), nameOnce("web!", taken)]).toEqual([
      "web",
      "web-2",
      "web-3",
    ]);
  });
});

test("a comment is one line", () => {
  expect(comment("one\r\n\r\ntwo\nthree")).toBe("one two three");
});

test("code in Markdown is fenced by more backticks than it holds in a row", () => {
  expect([code("plain"), code("a`b"), code("a``b`c"), code("a\nb")]).toEqual([
    "`plain`",
    "`` a`b ``",
    "``` a``b`c ```",
    "`a b`",
  ]);
});

test("a literal sets the member that would be the prototype, instead of the prototype", () => {
  const text = printLiteral(JSON.parse('{ "__proto__": "a", "b-c": 1 }') as never);
  expect(text).toBe('{ ["__proto__"]: "a", "b-c": 1 }');
});

test.each([
  ["2026-03-01T12:30:15.123Z", "2026-03-01 12:30Z"],
  ["2026-03-01T12:30Z", "2026-03-01 12:30Z"],
  [undefined, "never"],
  ["", ""],
  ["soon", "soon"],
  [" 2026-03-01T12:30:15Z", " 2026-03-01T12:30:15Z"],
  ["2026-03-01T12:30:15Z?", "2026-03-01T12:30:15Z?"],
  ["2026-03-01T12:30:15+01:00", "2026-03-01T12:30:15+01:00"],
])("the time %j reads %j", (time, shown) => {
  expect(formatTime(time)).toBe(shown);
});

describe("a duration", () => {
  test.each([
    ["10s", 10_000],
    ["90s", 90_000],
    ["5m", 300_000],
    ["24h", 86_400_000],
    ["1440m", 86_400_000],
  ])("%s is %i milliseconds", (text, duration) => {
    expect(readDuration({ option: "--interval", text })).toBe(duration);
  });

  test.each(["9s", "25h", "86401s", "", "5", "m", " 5m", "5m ", "5 m", "1.5h", "-5m", "5M", "5mm"])(
    "%j is none",
    (text) => {
      expect(() => readDuration({ option: "--interval", text })).toThrow(
        `argument.invalid: --interval ${text} is not a duration: write 30s, 5m or 1h, from 10s to 24h`,
      );
    },
  );
});
