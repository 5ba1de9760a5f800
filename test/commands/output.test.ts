// Standard output that goes away while a command writes to it, and what the command then ends with.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchOutput } from "../../provider/commands/output.js";

let complained: string;
let exitCode: typeof process.exitCode;
beforeEach(() => {
  [complained, exitCode] = ["", process.exitCode];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((complained += String(text)), true));
});
afterEach(() => {
  process.exitCode = exitCode;
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners("error");
  vi.restoreAllMocks();
});

const failWith = (code: string) => Object.assign(new Error(`write ${code}`), { code, syscall: "write" });

test("nobody reads it any more: the command keeps its exit code", () => {
  watchOutput();
  process.exitCode = 3;
  process.stdout.emit("error", failWith("EPIPE"));
  expect([process.exitCode, complained]).toEqual([3, ""]);
});

test("it cannot be written: a failure with one line, however often", () => {
  watchOutput();
  process.exitCode = 3;
  process.stdout.emit("error", failWith("ENOSPC"));
  process.stdout.emit("error", failWith("ENOSPC"));
  expect(process.exitCode).toBe(1);
  expect(complained).toBe(
    "error: file.unwritable: standard output cannot be written (ENOSPC: its disk is full); send it elsewhere\n",
  );
});

test("standard error cannot be written: there is nowhere left to say so", () => {
  watchOutput();
  expect(process.stderr.emit("error", failWith("ENOSPC"))).toBe(true);
  expect(complained).toBe("");
});
