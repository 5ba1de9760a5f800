import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const tests = (process.env["MUTATE_TESTS"] ?? "test/core").split(",");
const listFiles = (names: readonly string[]) =>
  names.map((name) => (name.endsWith(".test.ts") ? name : `${name}/**/*.test.ts`));

/** In the order of the area: the first failure ends a mutant. A file that is named as well as its folder has the place of its name. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const file = path.relative(process.cwd(), moduleId);
      return tests.includes(file) ? tests.indexOf(file) : tests.findIndex((name) => file.startsWith(`${name}/`));
    };
    return files.toSorted((a, b) => place(a) - place(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

// The tests of one area, as tools/mutate hands them over. A property test that fails by chance would count as a kill: its seed is fixed.
export default defineConfig({
  test: {
    setupFiles: ["test/seed.ts", "test/around.ts", "tools/mutate/load.ts"],
    include: listFiles(tests.filter((name) => !name.startsWith("!"))),
    exclude: listFiles(tests.flatMap((name) => (name.startsWith("!") ? [name.slice(1)] : []))),
    sequence: { sequencer: InOrder },
    testTimeout: 30_000,
    isolate: process.env["MUTATE_SHARED"] !== "1",
  },
});
