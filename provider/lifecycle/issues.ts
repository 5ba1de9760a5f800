// Pure: what a shape found wrong, in the words of the arguments: which field, what it may be, and never what it was.

import type { Problem } from "../errors.js";

/** The parts of zod's issues that are looked at. https://zod.dev/error-customization */
export interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly values?: readonly unknown[];
  readonly options?: readonly unknown[];
  readonly keys?: readonly string[];
  readonly expected?: string;
}

/** One problem for each issue. `whole` is what was parsed: it tells a field that is missing from one that is wrong. */
export function describeIssue(issue: Issue, whole: unknown, path: readonly string[] = []): Problem {
  const at = [...path, ...issue.path.map(String)].join(".");
  const sentence = describe(issue, valueAt(whole, issue.path) === undefined);
  return { code: "argument.invalid", message: at === "" ? sentence : `${at}: ${sentence}` };
}

function describe({ code, message, values, options, keys, expected }: Issue, isMissing: boolean): string {
  // A shape's own words say more than its kind.
  if (!/^(?:Invalid|Unrecognized) /.test(message)) return message.charAt(0).toLowerCase() + message.slice(1);
  const choices = values ?? options;
  const missing = isMissing ? "is missing; it " : "";
  if (choices !== undefined && choices.length > 0) return `${missing}must be ${listChoices(choices)}`;
  if (code === "unrecognized_keys" && keys !== undefined)
    return `unknown ${keys.length === 1 ? "field" : "fields"} ${keys.map((key) => JSON.stringify(key)).join(" and ")}; check the spelling and the nesting`;
  if (code === "invalid_type" && expected !== undefined) return `${missing}must be ${nouns[expected] ?? expected}`;
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function listChoices(choices: readonly unknown[]): string {
  const names = choices.map((choice) => JSON.stringify(choice));
  const last = names.at(-1) ?? "";
  return names.length === 1 ? last : `${names.slice(0, -1).join(", ")} or ${last}`;
}

const nouns: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What stands at a path of a value. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, key) => {
    if (typeof part !== "object" || part === null) return part;
    return Object.hasOwn(part, key) ? (part as Record<PropertyKey, unknown>)[key] : undefined;
  }, value);
}
