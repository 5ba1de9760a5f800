import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// The real CLI and the vendors' clocks leave a processor idle now and then, so that two workers more than there are are worth it.
// By itself Vitest takes one less than there are processors: on two, one worker.
const maxWorkers = availableParallelism() + 2;

// They mostly wait, for a deployment, for another process or for the clock of the machine.
const waiting = new RegExp(
  [
    "/e2e/(?:watch|one-deployment)",
    "/lifecycle/(?:one-deployment|two-addresses|timeouts|lost-writes)",
    "/commands/watch/(?:action|files|lock|notices|ports|supervision)\\.",
    "/(?:commands/pulumi/process|sources/exec-timeout)\\.",
  ].join("|"),
);

// A fresh clone knows no times, and Vitest goes by the size of files then; what waits for the CLI is small and slow.
const slowest = [
  /\/e2e\//,
  /\/(?:languages|real-sources|browser)\//,
  new RegExp(`/(?:lifecycle|faults|histories|races|ownership)/|${waiting.source}`),
  /\/(?:package|leaks|netlify)\//,
];

/**
 * Those that take longest come first, so that no worker is left alone with one of them at the end, and those that wait lie apart, so that
 * the others keep the processors busy meanwhile.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
    return [...Map.groupBy(sorted, (file) => `${file.project.name} ${rank(file)}`).values()].flatMap(spreadWaiting);
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = slowest.findIndex((pattern) => pattern.test(moduleId));
  return place === -1 ? slowest.length : place;
}

function spreadWaiting(files: readonly TestSpecification[]): TestSpecification[] {
  const apart = files.filter(({ moduleId }) => waiting.test(moduleId));
  const others = files.filter(({ moduleId }) => !waiting.test(moduleId));
  if (apart.length === 0) return others;
  const distance = Math.ceil(others.length / apart.length);
  return apart.flatMap((file, at) => [file, ...others.slice(at * distance, (at + 1) * distance)]);
}

// A fresh process for every file costs a third of the time of the suites that run in-process. What they share is what the modules of the
// product keep, as one process of a provider does; no test may lean on another, in whatever order the files come. The tests of the real
// CLI share the SDK that runs their programs.
const isolate = false;

// Many short-lived objects: with room for them less is collected, which is a twentieth of the time.
const execArgv = ["--max-semi-space-size=64"];

// Many wait for deployments of an emulator; on a machine with other work, one that takes 7 seconds took 25.
const inProcessTimeout = 60_000;
/** The Pulumi CLI, compilers and npm may have to wait for a busy machine. It is long for a test that hangs, and short for a run. */
const programTimeout = 300_000;

// The fast project runs in-process; the real project drives the Pulumi CLI and needs the build in dist/.
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
          maxWorkers,
          isolate,
          execArgv,
          setupFiles: ["test/seed.ts", "test/around.ts"],
          include: ["test/**/*.test.ts"],
          exclude: [
            "test/e2e/**",
            "test/bench/cost.test.ts",
            "test/real-sources/**",
            "test/browser/**",
            "test/soak/**",
            "test/languages/**",
          ],
          testTimeout: inProcessTimeout,
        },
      },
      {
        // The suites of the lifecycle once more, against the other host of it.
        test: {
          name: "plugin",
          maxWorkers,
          isolate,
          execArgv,
          setupFiles: ["test/seed.ts", "test/around.ts"],
          env: { TESTED_HOST: "plugin" },
          include: [
            "test/lifecycle/**/*.test.ts",
            "test/leaks/**/*.test.ts",
            "test/faults/grid.test.ts",
            "test/ownership/**/*.test.ts",
          ],
          testTimeout: inProcessTimeout,
        },
      },
      {
        // Real servers and official clients: built once per machine, skipped with one line where they cannot be.
        test: {
          name: "servers",
          include: ["test/real-sources/**/*.test.ts", "test/browser/**/*.test.ts", "test/languages/**/*.test.ts"],
          globalSetup: ["test/servers/setup.ts"],
          testTimeout: programTimeout,
          hookTimeout: 900_000,
          maxWorkers,
        },
      },
      {
        // Measures; run by `npm run bench` only, because its times mean nothing beside other tests.
        test: {
          name: "bench",
          include: ["test/bench/cost.test.ts"],
          // Users have none by default; the rows that have one say so.
          env: { NODE_DISABLE_COMPILE_CACHE: "1" },
          testTimeout: 1_800_000,
        },
      },
      {
        // Lasts as long as it is told; run by `npm run soak` only.
        test: { name: "soak", include: ["test/soak/**/*.test.ts"], hookTimeout: 900_000 },
      },
      {
        test: {
          name: "real",
          isolate,
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: programTimeout,
          hookTimeout: 900_000,
          maxWorkers,
        },
      },
    ],
  },
});
