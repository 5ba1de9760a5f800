// Files and folders that cannot be written: each one line with a code, nothing of a value left behind, and an end in time.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { patient, playPulumi } from "./played-pulumi.js";

const spec = `name: shop\nenvs: [{ key: FIRST, value: canary-first }, { key: LONG, value: ${"canary-long".repeat(800)} }]\n`;

test("init removes what a full disk has cut off, with all that it has written before", () => {
  const { folder, inShell } = playPulumi();
  writeFileSync(path.join(folder, "app.yaml"), spec);
  // In units of 1024 bytes; the files without values are shorter.
  const shown = inShell({ before: "ulimit -f 4;" }, "init", "--from", "spec", "app.yaml", "--directory", "out");
  expect(shown.code).toBe(1);
  expect(shown.stderr).toMatch(
    /^error: file\.unwritable: out\/shop\.env cannot be written \(EFBIG: .*; nothing was written\n$/,
  );
  expect(readdirSync(path.join(folder, "out"))).toEqual([]);
});

// Skipped where there is no /proc/self.
test.skipIf(!existsSync("/proc/self"))("init ends where nothing can be made below a folder", patient, () => {
  const { folder, inShell } = playPulumi();
  writeFileSync(path.join(folder, "app.yaml"), spec);
  for (const directory of ["/proc/nope", "/proc/nope/deeper"]) {
    // It would never end by itself.
    const before = "timeout --signal=KILL 30";
    const shown = inShell({ before }, "init", "--from", "spec", "app.yaml", "--directory", directory);
    expect(shown.stderr).toMatch(/^error: file\.unwritable: \/proc\/nope\S* cannot be written \(ENOENT: /);
    expect(shown.code).toBe(1);
  }
});

test("map names what is in the way of its page", patient, () => {
  const { folder, inShell } = playPulumi();
  mkdirSync(path.join(folder, "taken"));
  const unwritable = (output: string, ...more: string[]) => inShell({}, "map", "--output", output, ...more).stderr;
  expect(unwritable("no/such.html")).toBe(
    "error: file.unwritable: no/such.html cannot be written (ENOENT: a part of its path is not there); correct that, or give another --output\n",
  );
  const isFolder = "error: file.unwritable: taken is a folder; give --output the name of a file in it\n";
  expect(unwritable("taken")).toBe(isFolder);
  expect(unwritable("taken", "--force")).toBe(isFolder);
  writeFileSync(path.join(folder, "mine.html"), "mine");
  expect(unwritable("mine.html")).toMatch(/^error: file\.exists: mine\.html already exists/);
  expect(readFileSync(path.join(folder, "mine.html"), "utf8")).toBe("mine");
});

// Skipped where there is no /dev/full.
test.skipIf(!existsSync("/dev/full"))("map says that a disk is full", () => {
  const { inShell } = playPulumi();
  expect(inShell({}, "map", "--output", "/dev/full", "--force")).toMatchObject({
    code: 1,
    stderr:
      "error: file.unwritable: /dev/full cannot be written (ENOSPC: its disk is full); correct that, or give another --output\n",
  });
});
