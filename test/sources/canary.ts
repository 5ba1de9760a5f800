// Test support: a value that may never be seen, and what somebody would see of a failure or a result.

import { inspect } from "node:util";
import { expect } from "vitest";
import type { Redacted } from "../../provider/redacted.js";
import { isSecretSyncError, type Problem } from "../../provider/errors.js";
import type { SourceOptions } from "../../provider/sources/source.js";

export const canary = "cnry-7f3a9b-do-not-show";

/** Options with nothing in them but what is given. */
export function sourceOptions(given: Partial<SourceOptions> = {}): SourceOptions {
  return { environment: {}, directory: "/", secrets: new Map(), ...given };
}

/** The plain values of a result, for comparing. */
export function reveal(values: ReadonlyMap<string, Redacted | undefined>): Record<string, string | undefined> {
  return Object.fromEntries([...values].map(([key, value]) => [key, value?.reveal()]));
}

/** The problems of a failed reading. Every form in which the error could be printed is searched for the canary. */
export async function problemsOfFailure(reading: Promise<unknown>): Promise<readonly Problem[]> {
  const error = await reading.then(
    (values) => expect.fail(`read ${inspect(values)} instead of failing`),
    (thrown: unknown) => thrown,
  );
  if (!isSecretSyncError(error)) throw error;
  const seen = [
    JSON.stringify(error),
    error.message,
    error.stack ?? "",
    inspect(error, { depth: 9, showHidden: true }),
  ];
  for (const form of seen) expect(form).not.toContain(canary);
  expect(error.cause).toBeUndefined();
  for (const { message } of error.problems) expect(message).toMatch(/^(the output of )?[a-z-]+ source\b/);
  return error.problems;
}

/** Code and message of each problem, one a line. */
export async function failureOf(reading: Promise<unknown>): Promise<string[]> {
  return (await problemsOfFailure(reading)).map(({ code, message }) => `${code}: ${message}`);
}
