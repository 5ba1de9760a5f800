// Pure: a run in one line, for people or for a log collector. Names and counts only.

import { isErrorCode, errorCodes } from "../../error-codes.js";
import { printable, printableJson } from "../../printable.js";
import { isTrouble } from "./health.js";
import type { Outcome, RunResult } from "./outcome.js";
import { readName } from "../pulumi/urn.js";
import type { RunProblem } from "../pulumi/preview.js";
import type { Cause } from "./schedule.js";

/** One run that has ended. */
export interface Report {
  /** Identifies the run in every line about it. */
  readonly run: string;
  readonly stack: string;
  readonly causes: readonly Cause[];
  readonly outcome: Outcome;
  /** 1 after a run that succeeded; one more with each failure of the whole stack in a row. */
  readonly attempt: number;
  /** Milliseconds since the epoch: when it ended, and when the next run is due. */
  readonly endedAt: number;
  readonly nextAt: number;
  readonly durationMs: number;
}

/** `2026-01-01T10:00:00.000Z shop/prod: synced web (1 changed), after file, 4.2 s`. */
export function renderLine(report: Report): string {
  const { stack, causes, outcome, endedAt, durationMs } = report;
  const time = new Date(endedAt).toISOString();
  const line = `${time} ${stack}: ${sayResult(outcome)}, after ${causes.join(" and ")}, ${(durationMs / 1000).toFixed(1)} s`;
  return printable(line);
}

function sayResult({ result, changes, waiting, problems, holds, syncs }: Outcome): string {
  if (result === "stopped") return "stopped before anything was written";
  const written = changes.map(({ sync, did }) => `${sync} (${did})`).join(", ");
  const planned = syncs.filter((one) => one.result === "planned").map(({ sync }) => sync);
  const resting = syncs.filter((one) => one.result === "resting").map(({ sync }) => sync);
  const parts = [
    ...(written === "" ? [] : [`synced ${written}`]),
    ...(planned.length === 0 ? [] : [`would write ${planned.join(", ")}`]),
    ...(problems.length === 0
      ? []
      : [`${result === "locked" ? "locked" : "failed"}: ${listFailures(problems).join(", ")}`]),
    ...(resting.length === 0 ? [] : [`tried again later: ${resting.join(", ")}`]),
    ...holds.map(({ sync, reason }) => `held ${sync}: ${reason}`),
    ...(waiting.length === 0 ? [] : [`waiting: ${waiting.join("; ")}`]),
  ];
  return parts.length === 0 ? "nothing to do" : parts.join("; ");
}

function listFailures(problems: Outcome["problems"]): string[] {
  return [...new Set(problems.map(({ code, urn }) => (urn === undefined ? code : `${readName(urn)} (${code})`)))];
}

function listCodes(problems: Outcome["problems"]): string[] {
  return [...new Set(problems.map(({ code }) => code))];
}

/** One JSON object, in one line. */
export function renderJson(report: Report): string {
  const { run, stack, causes, outcome, attempt, endedAt, nextAt, durationMs } = report;
  const { result, changes, waiting, problems, holds, syncs } = outcome;
  return printableJson({
    time: new Date(endedAt).toISOString(),
    severity: readSeverity(outcome),
    run,
    stack,
    cause: causes,
    result,
    message: sayResult(outcome),
    changes,
    syncs: syncs.map(({ sync, result: one }) => ({ sync, result: one })),
    ...(waiting.length === 0 ? {} : { waiting }),
    ...(holds.length === 0 ? {} : { holds: holds.map(({ sync, kind, reason }) => ({ sync, kind, reason })) }),
    ...(problems.length === 0
      ? {}
      : { code: problems[0]?.code, codes: listCodes(problems), problems: problems.map(describe) }),
    attempt,
    next: new Date(nextAt).toISOString(),
    durationMs,
  });
}

function describe({ code, message, lines, urn }: RunProblem) {
  const retryable = isErrorCode(code) && errorCodes[code].retryable;
  return {
    code,
    message,
    ...(lines === undefined ? {} : { lines }),
    ...(urn === undefined ? {} : { sync: readName(urn) }),
    retryable,
  };
}

function readSeverity({ result, holds }: Outcome): "info" | "warning" | "error" {
  if (isTrouble(result)) return "error";
  return result === "waiting" || holds.some(({ kind }) => kind === "person") ? "warning" : "info";
}

/** What went wrong, for standard error, one line each. */
export function renderProblemLines({ stack, outcome }: Report): string[] {
  return outcome.problems.map(({ code, message, lines = [] }) =>
    printable(`${stack}: ${code}: ${[message, ...lines].join(" | ")}`),
  );
}

/** Exit codes of `--once`: 1 when a run failed or found the stack locked, 3 when one waits or holds something back, else 0. */
export function readExitCode(results: readonly RunResult[]): 0 | 1 | 3 {
  if (results.some(isTrouble)) return 1;
  return results.includes("waiting") || results.includes("held") ? 3 : 0;
}
