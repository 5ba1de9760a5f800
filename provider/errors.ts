// Leaf: the error shape of the whole package. Stable code, lower-case sentence, offending name, remedy; never a value.

import { type ErrorCode, errorCodes, isErrorCode } from "./error-codes.js";

import { joinLines, printable } from "./printable.js";

export type { ErrorCode };

const brand = Symbol.for("pulumi-secret-sync.error");

/** One thing that is wrong: a stable dotted code and one sentence that names the offender and the remedy. */
export interface Problem {
  /** Stable and dotted, for example `conflict.exists`; `docs/errors.md` lists them all. */
  readonly code: ErrorCode;
  /** One lower-case sentence: what is wrong with which name, and what to do. Never holds a value. */
  readonly message: string;
  /** Names that the sentence is about, if there are many: a line for each. */
  readonly lines?: readonly string[];
  /** True when the same run may succeed later without a change. Filled in from the code by `SecretSyncError`. */
  readonly retryable?: boolean;
}

/** The only error this package throws on purpose. It carries every problem of one pass, sorted. */
export class SecretSyncError extends Error {
  readonly [brand] = true;
  /** Everything that is wrong, sorted by code and sentence. */
  readonly problems: readonly Problem[];
  /** True when it is not known whether a write was applied; network code overrides it. */
  readonly ambiguous: boolean = false;

  constructor(problems: Problem | readonly Problem[]) {
    const all = sortProblems([problems].flat());
    super(renderProblems(all));
    this.name = "SecretSyncError";
    this.problems = all.map(judgeProblem);
    // The dynamic provider server prints `stack` to the user's terminal, where a trace does not help and may quote text.
    this.stack = this.message;
  }

  /** The code of the first problem. */
  get code(): ErrorCode {
    return this.problems[0]?.code ?? "internal.unexpected";
  }

  /** Whether every problem may go away by itself. */
  get retryable(): boolean {
    return this.problems.every(isRetryable);
  }
}

/** Tells a SecretSyncError apart from others, also across two copies of this package. */
export function isSecretSyncError(error: unknown): error is SecretSyncError {
  return typeof error === "object" && error !== null && (error as { [brand]?: unknown })[brand] === true;
}

/** Whether the error says that a write may or may not have been applied. */
export function isAmbiguous(error: unknown): boolean {
  return isSecretSyncError(error) && error.ambiguous;
}

/** Problems of anything thrown. An unknown error keeps only its message: its stack or cause may hold a value. */
export function listProblems(error: unknown): readonly Problem[] {
  if (isSecretSyncError(error)) return error.problems;
  const text = error instanceof Error ? error.message : String(error);
  return [{ code: "internal.unexpected", message: `unexpected failure: ${text}` }];
}

/** The first of them, where there is room for one sentence. */
export function firstProblem(error: unknown): Problem {
  return listProblems(error)[0] ?? { code: "internal.unexpected", message: "no reason given" };
}

/** Foreign text stops here: every way out of the package is a problem of an error, or `renderProblems`. */
function judgeProblem({ code, message, lines }: Problem): Problem {
  const shown = { code, message: printable(message), ...(lines === undefined ? {} : { lines: lines.map(printable) }) };
  return isRetryable(shown) ? { ...shown, retryable: true } : shown;
}

/** By the code only. An error of another copy of the package may have a code that this one does not know. */
function isRetryable({ code }: Problem): boolean {
  return isErrorCode(code) && errorCodes[code].retryable;
}

/** A fixed order, whichever problem was found first; duplicates are reported once. */
function sortProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [`${problem.code}\u0000${problem.message}`, problem]));
  return [...seen.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
}

/** One line for one problem, a numbered heading for several. */
export function renderProblems(problems: readonly Problem[]): string {
  const listed = problems.map(listLines);
  if (listed.length <= 1) return joinLines(listed.flat());
  const items = listed.flatMap(([sentence, ...lines]) => [`  - ${sentence}`, ...lines]);
  return joinLines([`${problems.length} problems:`, ...items]);
}

function listLines({ code, message, lines = [] }: Problem): [string, ...string[]] {
  const again = isRetryable({ code, message }) ? " (retrying may help)" : "";
  return [`${code}: ${message}${again}`, ...lines.map((line) => `      ${line}`)];
}
