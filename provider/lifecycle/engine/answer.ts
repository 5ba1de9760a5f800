// Pure: what `check` answers to the engine: inputs, and each problem as a failure of its own.

import { type Problem, renderProblems } from "../../errors.js";
import type { Properties } from "./wire.js";

export interface CheckResult {
  readonly inputs: Properties;
  readonly failures: Array<{ property: string; reason: string }>;
}

/**
 * The property is empty, because a named one would be printed with its value. One failure for each problem: the CLI says "has a
 * problem" before each of them.
 */
export function answerCheck(inputs: Properties, problems: readonly Problem[]): CheckResult {
  const told = new Set(problems.map((problem) => renderProblems([problem])));
  return { inputs, failures: [...told].map((reason) => ({ property: "", reason })) };
}
