import { defineConfig } from "vitest/config";

// The tests of one area, as tools/mutate hands them over. A property test that fails by chance would count as a kill: its seed is fixed.
export default defineConfig({
  test: {
    setupFiles: ["test/seed.ts"],
    include: (process.env["MUTATE_TESTS"] ?? "test/core").split(",").map((folder) => `${folder}/**/*.test.ts`),
    testTimeout: 60_000,
    isolate: process.env["MUTATE_PURE"] !== "1",
  },
});
