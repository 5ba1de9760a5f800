// Pure: a run in one line, for people or for a log collector; the state of all stacks for a health check. Names and counts only.

import { printable, printableJson } from "../../printable.js";
import type { Outcome, RunResult } from "./run.js";
import type { Cause } from "./schedule.js";

/** One run that has ended. */
export interface Report {
  readonly stack: string;
  readonly causes: readonly Cause[];
  readonly outcome: Outcome;
  /** Milliseconds since the epoch, when it ended. */
  readonly endedAt: number;
  readonly durationMs: number;
}

/** `2026-01-01T10:00:00.000Z shop/prod: synced web (1 changed), after file, 4.2 s`. */
export function renderLine(report: Report): string {
  const { stack, causes, outcome, endedAt, durationMs } = report;
  const time = new Date(endedAt).toISOString();
  const line = `${time} ${stack}: ${sayResult(outcome)}, after ${causes.join(" and ")}, ${(durationMs / 1000).toFixed(1)} s`;
  return printable(line);
}

function sayResult({ result, changes, waiting, problems }: Outcome): string {
  const written = changes.map(({ sync, did }) => `${sync} (${did})`).join(", ");
  switch (result) {
    case "synced":
      return `synced ${written}`;
    case "unchanged":
      return "nothing to do";
    case "waiting":
      return [...(written === "" ? [] : [`synced ${written}`]), `waiting: ${waiting.join("; ")}`].join("; ");
    case "stopped":
      return "stopped before anything was written";
    case "failed":
    case "locked":
      return `${result}: ${listCodes(problems).join(", ")}`;
  }
}

function listCodes(problems: Outcome["problems"]): string[] {
  return [...new Set(problems.map(({ code }) => code))];
}

/** One JSON object, in one line. */
export function renderJson({ stack, causes, outcome, endedAt, durationMs }: Report): string {
  const { result, changes, waiting, problems } = outcome;
  return printableJson({
    time: new Date(endedAt).toISOString(),
    stack,
    cause: causes,
    result,
    changes,
    ...(waiting.length === 0 ? {} : { waiting }),
    ...(problems.length === 0 ? {} : { code: problems[0]?.code, codes: listCodes(problems) }),
    durationMs,
  });
}

/** What went wrong, for standard error, one line each. */
export function renderProblemLines({ stack, outcome }: Report): string[] {
  return outcome.problems.map(({ code, message, lines = [] }) =>
    printable(`${stack}: ${code}: ${[message, ...lines].join(" | ")}`),
  );
}

/** One stack as the runner sees it now. Milliseconds since the epoch. */
export interface StackHealth {
  readonly stack: string;
  readonly startedAt: number;
  readonly isRunning: boolean;
  readonly last?: { readonly endedAt: number; readonly result: RunResult } | undefined;
  readonly nextAt: number;
}

/** Fine: no last run has failed, and none is overdue by three intervals. A run under way is not overdue, its waits are bounded. */
export function judgeHealth(
  stacks: readonly StackHealth[],
  { now, interval }: { now: number; interval: number },
): { readonly fine: boolean; readonly body: string } {
  const told = stacks.map(({ stack, startedAt, isRunning, last, nextAt }) => {
    const overdue = !isRunning && now - (last?.endedAt ?? startedAt) > 3 * interval;
    const failed = last !== undefined && isTrouble(last.result);
    const at = (time: number) => new Date(time).toISOString();
    return {
      stack,
      fine: !overdue && !failed,
      running: isRunning,
      lastRun: last === undefined ? null : at(last.endedAt),
      result: last?.result ?? null,
      next: at(nextAt),
    };
  });
  return { fine: told.every(({ fine }) => fine), body: `${printableJson({ stacks: told })}\n` };
}

export function isTrouble(result: RunResult): boolean {
  return result === "failed" || result === "locked";
}

/** Exit codes of `--once`: 1 when a run failed or found the stack locked, 3 when one waits for a person, else 0. */
export function readExitCode(results: readonly RunResult[]): 0 | 1 | 3 {
  if (results.some(isTrouble)) return 1;
  return results.includes("waiting") ? 3 : 0;
}
