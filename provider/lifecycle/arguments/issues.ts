// Pure: what a shape found wrong, in terms of the arguments: which field, and what it may be, but never what it was.

import type { Problem } from "../../errors.js";
import { askMeant } from "../../spelling.js";
import { explainField, type ExplainInput, valueAt } from "./known-fields.js";
import { withoutConsequences } from "./meant-fields.js";
import { hasUnknown } from "../engine/wire.js";

/** The parts of zod's issues that are used. https://zod.dev/error-customization */
export interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly values?: readonly unknown[];
  readonly options?: readonly unknown[];
  readonly keys?: readonly string[];
  readonly expected?: string;
  /** For a union: what was wrong with each of its members. */
  readonly errors?: ReadonlyArray<readonly Issue[]>;
}

/** One problem for each mistake. A value that is not known yet cannot be wrong. */
export function describeIssues(issues: readonly Issue[], known: ExplainInput): Problem[] {
  const { value } = known.whole;
  return withoutConsequences(issues, known)
    .filter(({ path }) => !hasUnknown(valueAt(value, path)))
    .map((issue) => describeIssue(issue, known));
}

/** `whole` is what was parsed: it distinguishes a missing field from a wrong one. */
function describeIssue(issue: Issue, known: ExplainInput): Problem {
  const { whole } = known;
  const at = [...(whole.name === "" ? [] : [whole.name]), ...issue.path.map(String)].join(".");
  const sentence = describe(issue, { found: valueAt(whole.value, issue.path), known });
  return { code: "argument.invalid", message: at === "" ? sentence : `${at}: ${sentence}` };
}

interface Found {
  /** The value found. Only its kind is reported, and which of the choices it looks like. */
  readonly found: unknown;
  readonly known: ExplainInput;
}

function describe(issue: Issue, { found, known }: Found): string {
  const { code, message, path, keys, expected } = issue;
  const choices = listOffered(issue);
  const meant = typeof found === "string" ? askMeant(found, choices) : "";
  // A shape's own words say more than its kind.
  if (!/^(?:Invalid|Unrecognized) /.test(message))
    return message.charAt(0).toLowerCase() + message.slice(1) + (message.startsWith("must be ") ? meant : "");
  const missing = found === undefined ? "is missing; it " : "";
  if (choices.length > 0) return `${missing}must be ${listChoices(choices)}${meant}`;
  if (code === "unrecognized_keys" && keys !== undefined)
    return keys.map((key) => `unknown field ${JSON.stringify(key)}${explainField(key, path, known)}`).join("; ");
  if (code === "invalid_type" && expected !== undefined)
    return `${missing}must be ${nouns[expected] ?? expected}${describeKind(found, expected)}`;
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** The texts that are allowed there. */
function listOffered({ values, options, errors = [] }: Issue): string[] {
  const own = (values ?? options ?? []).filter((choice) => typeof choice === "string");
  return [...own, ...errors.flat().flatMap(listOffered)];
}

/** The kind of the value found, without any of its content. */
function describeKind(found: unknown, expected: string): string {
  if (found === undefined) return "";
  const kind = nameKind(found);
  if (expected === "array" && kind === "a string") return '; put a single one in brackets: ["…"]';
  return `, not ${kind}`;
}

export function nameKind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  const kind = typeof value;
  return kind === "string" || kind === "number" || kind === "boolean" ? `a ${kind}` : "an object";
}

function listChoices(choices: readonly string[]): string {
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
