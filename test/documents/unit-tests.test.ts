// Documents: the unit test of the page about testing a program runs and passes, as its reader would run it.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { listBlocks, repository } from "./markdown.js";

/** The page's code in a folder of its own. */
function runPage(change: (text: string) => string): { status: number | null; text: string } {
  const directory = mkdtempSync(join(tmpdir(), "unit-tests-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  symlinkSync(join(repository, "node_modules"), join(directory, "node_modules"), "dir");
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  const [block] = listBlocks("docs/testing-your-program.md").filter(({ language }) => language === "ts");
  writeFileSync(join(directory, "web.test.ts"), change(block?.text ?? ""));
  const { NODE_OPTIONS: _options, VITEST: _vitest, ...env } = process.env;
  const run = spawnSync(process.execPath, ["--test", "web.test.ts"], { cwd: directory, env, encoding: "utf8" });
  return { status: run.status, text: run.stdout + run.stderr };
}

it("the unit test of the documents passes", () => {
  const { status, text } = runPage((page) => page);
  expect(status, text).toBe(0);
  expect(text).toMatch(/pass 2/);
});

it("the unit test of the documents fails where the program declares something else", () => {
  const { status, text } = runPage((page) => page.replace(`{ onDestroy: "retain" },\n  });`, "{},\n  });"));
  expect([status, /pass 1/.test(text)], text).toEqual([1, true]);
});
