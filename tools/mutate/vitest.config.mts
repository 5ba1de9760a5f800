import { defineConfig } from "vitest/config";

const tests = (process.env["MUTATE_TESTS"] ?? "test/core").split(",");
const listFiles = (names: readonly string[]) =>
  names.map((name) => (name.endsWith(".test.ts") ? name : `${name}/**/*.test.ts`));

// The tests of one area, as tools/mutate hands them over. A property test that fails by chance would count as a kill: its seed is fixed.
export default defineConfig({
  test: {
    setupFiles: ["test/seed.ts"],
    include: listFiles(tests.filter((name) => !name.startsWith("!"))),
    exclude: listFiles(tests.flatMap((name) => (name.startsWith("!") ? [name.slice(1)] : []))),
    testTimeout: 60_000,
    isolate: process.env["MUTATE_PURE"] !== "1",
  },
});
