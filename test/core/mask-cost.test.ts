// What the mask costs at most, in time and in memory.

import { describe, expect, test } from "vitest";
import { maskText, redact } from "../../provider/redacted.js";

describe("the mask takes bounded time and memory", () => {
  const text = 'the value of DATABASE_URL at services.0.envs.3 is not valid: \\"abc\\" %41 (request 1234) ';
  const manyOf = (count: number, length: number) =>
    Array.from({ length: count }, (_, at) => redact(`${at}-${"0123456789abcdef-".repeat(length / 16)}`));
  const sizes: ReadonlyArray<readonly [string, string, ReturnType<typeof manyOf>]> = [
    ["a text of 4 MiB and 500 values", text.repeat(47_000), manyOf(500, 48)],
    ["a message and 1,000 values of 32 KiB", text, manyOf(1000, 32 * 1024)],
    ["nothing but escapes", "\\\\%25&amp;".repeat(26_000), manyOf(500, 48)],
    ["nothing but one letter", "x".repeat(4 * 1024 * 1024), [redact("x".repeat(32 * 1024))]],
  ];

  test.each(sizes)(
    "with %s",
    (_, said, values) => {
      const [began, before] = [performance.now(), process.memoryUsage().rss];
      maskText(said, values);
      // Seconds at worst on a busy machine; each value searched for by itself would take minutes.
      expect(performance.now() - began).toBeLessThan(20_000);
      expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 * 1024);
    },
    30_000,
  );
});
