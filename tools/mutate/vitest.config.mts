import { defineConfig } from "vitest/config";

// The tests of one area, as tools/mutate hands them over. A property test that fails by chance would count as a kill: its seed is fixed.
export default defineConfig({
  test: {
    include: (process.env["MUTATE_TESTS"] ?? "test/core").split(",").map((folder) => `${folder}/**/*.test.ts`),
    testTimeout: 20_000,
  },
});
