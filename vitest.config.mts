import { defineConfig } from "vitest/config";

// The fast project runs in-process; the real project drives the Pulumi CLI and needs the build in dist/.
export default defineConfig({
  test: {
    // What decides is covered branch by branch: `npm run coverage`.
    coverage: {
      include: ["provider/core/**"],
      reporter: ["text"],
      thresholds: { branches: 100, functions: 100, lines: 100 },
    },
    projects: [
      {
        test: {
          name: "fast",
          setupFiles: ["test/seed.ts"],
          include: ["test/**/*.test.ts"],
          exclude: [
            "test/e2e/**",
            "test/bench/cost.test.ts",
            "test/real-sources/**",
            "test/browser/**",
            "test/soak/**",
            "test/languages/**",
          ],
          testTimeout: 20_000,
        },
      },
      {
        // The suites of the lifecycle once more, against the other host of it.
        test: {
          name: "plugin",
          setupFiles: ["test/seed.ts"],
          env: { TESTED_HOST: "plugin" },
          include: ["test/lifecycle/**/*.test.ts", "test/leaks/**/*.test.ts", "test/faults/grid.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        // Real servers and official clients: built once per machine, skipped with one line where they cannot be.
        test: {
          name: "servers",
          include: ["test/real-sources/**/*.test.ts", "test/browser/**/*.test.ts", "test/languages/**/*.test.ts"],
          globalSetup: ["test/servers/setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        // Measures; run by `npm run bench` only, because its times mean nothing beside other tests.
        test: { name: "bench", include: ["test/bench/cost.test.ts"], testTimeout: 1_800_000 },
      },
      {
        // Lasts as long as it is told; run by `npm run soak` only.
        test: { name: "soak", include: ["test/soak/**/*.test.ts"], hookTimeout: 900_000 },
      },
      {
        test: {
          name: "real",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          fileParallelism: true,
          maxWorkers: 2,
        },
      },
    ],
  },
});
