// Which processes belong to one, from what `ps` prints. What is listed is killed, so nothing may get in by a gap.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listOwnDescendants, listTree } from "../../../provider/commands/pulumi/process-tree.js";
import { writeExecutable } from "../../executable.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "secret-sync-tree-"));
  vi.stubEnv("PATH", `${folder}${path.delimiter}${process.env["PATH"]}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function print(...lines: string[]): void {
  writeExecutable(path.join(folder, "ps"), `#!/bin/sh\ncat <<END\n${lines.join("\n")}\nEND\n`);
}

test("a process comes with its children and theirs, in whatever order they are listed", async () => {
  print(
    "    1     0",
    "    2     0",
    "   74    73",
    "   73    72",
    "   72     1",
    "  720     1",
    "   75    72",
    "   76     2",
  );
  expect(await listTree(72)).toEqual([72, 73, 75, 74]);
  expect(await listTree(99)).toEqual([99]);
});

test("this process is not among what it has started", () => {
  print(`  81 ${process.pid}`, `${process.pid} 1`, "82 81", "83 1");
  expect(listOwnDescendants()).toEqual([81, 82]);
});

test("a list that cannot be had, or is none, adds no process", async () => {
  print("", "0", "   5", "no such option", "   9   x", "-7 72", "0 72", "1 0", "2 1");
  for (const root of [72, 0, NaN, undefined as unknown as number]) expect(await listTree(root)).toEqual([root]);
  writeExecutable(path.join(folder, "ps"), "#!/bin/sh\nexit 1\n");
  expect([await listTree(72), listOwnDescendants()]).toEqual([[72], []]);
});
