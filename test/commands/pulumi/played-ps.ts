// A stand-in for `ps` on the PATH: of the real processes, those of other tests would be killed.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { writeExecutable } from "../../executable.js";

/** For each test of a file. @returns what it prints from then on, as a script; before that, nothing */
export function playPs(): (script: string) => void {
  let folder: string;
  const play = (script: string) => writeExecutable(path.join(folder, "ps"), `#!/bin/sh\n${script}\n`);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "secret-sync-ps-"));
    vi.stubEnv("PATH", `${folder}${path.delimiter}${process.env["PATH"]}`);
    play("exit 0");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  return play;
}

/** Processes and their parents, a line each. */
export function list(...lines: readonly string[]): string {
  return `cat <<END\n${lines.join("\n")}\nEND`;
}
