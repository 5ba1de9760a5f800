// Standard output that nobody reads any more, or that is full: the exit code that is due, or one line and 1, and never a stack trace.

import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { patient, playPulumi, withFailed } from "./played-pulumi.js";

const unread = "| true; exit ${PIPESTATUS[0]}";
const full = ">/dev/full";
const hasFull = existsSync("/dev/full");
const told =
  "error: file.unwritable: standard output cannot be written (ENOSPC: its disk is full); send it elsewhere\n";

test("status --check keeps its code when nobody reads what it prints", patient, () => {
  const { inShell } = playPulumi(withFailed);
  expect(inShell({}, "status", "--check")).toMatchObject({ code: 3, stderr: "" });
  expect(inShell({ after: unread }, "status", "--check")).toEqual({ code: 3, stdout: "", stderr: "" });
  expect(inShell({ after: unread }, "status", "--json")).toEqual({ code: 0, stdout: "", stderr: "" });
});

// Skipped where there is no /dev/full.
test.skipIf(!hasFull)(
  "what cannot be written because of a full disk is one line, and a failure also beside a code of its own",
  patient,
  () => {
    const { inShell } = playPulumi(withFailed);
    expect(inShell({ after: full }, "status", "--check")).toEqual({ code: 1, stdout: "", stderr: told });
    expect(inShell({ after: full }, "map")).toEqual({ code: 1, stdout: "", stderr: told });
  },
);

// Skipped where there is no /dev/full.
test.skipIf(!hasFull)("a plan that is refused, and one whose comment goes nowhere, end as they would", patient, () => {
  const { inShell } = playPulumi({ preview: "echo 'error: no' >&2; exit 1" });
  expect(inShell({ after: unread }, "plan")).toEqual({ code: 1, stdout: "", stderr: "" });
  const comment = inShell({ after: full }, "plan", "--markdown");
  expect(comment.code).toBe(1);
  expect(comment.stderr).toContain(told);
  expect(comment.stderr).toContain("stack.failed");
});

// Skipped where there is no /dev/full.
test.skipIf(!hasFull)("an error that nobody reads still ends with its code", () => {
  const { inShell } = playPulumi({ list: "exit 1" });
  expect(inShell({ after: "2>/dev/full" }, "status")).toEqual({ code: 1, stdout: "", stderr: "" });
});
