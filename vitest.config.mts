import { defineConfig } from "vitest/config";

// The fast project runs in-process; the real project drives the Pulumi CLI and needs the build in dist/.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/bench/**", "test/**/fixtures/**"],
          testTimeout: 20_000,
        },
      },
      {
        // Measures; run by `npm run bench` only, because its times mean nothing beside other tests.
        test: { name: "bench", include: ["test/bench/**/*.test.ts"], testTimeout: 1_800_000 },
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
