// Pure: what JSON and YAML have in common. A tree of text becomes one flat map, or a failure; no key is ever dropped.

import { type ErrorCode, SecretSyncError, type Problem } from "../../errors.js";

/** A parsed document. Numbers, booleans and dates are kept as the text that stood in the source. */
export type Tree =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "null" }
  | { readonly kind: "list" }
  | { readonly kind: "map"; readonly entries: readonly (readonly [key: string, value: Tree])[] };

/** How deep a document may nest. Secrets are flat; anything deeper is an accident or an attack on the stack. */
export const maxDepth = 100;

export interface FlattenOptions {
  /** Goes between the parts of a nested key. */
  readonly separator: string;
  /** What the text came from, for messages. */
  readonly origin: string;
}

/**
 * Joins nested keys with the separator.
 *
 * Fails rather than guesses: null is no text, a list has no names, and an empty object would vanish.
 */
export function flattenTree(tree: Tree, { separator, origin }: FlattenOptions): Map<string, string> {
  if (tree.kind !== "map") {
    throw new SecretSyncError({
      code: "source.not_flat",
      message: `${origin} must hold an object of keys and values at its top, and holds ${nouns[tree.kind]}`,
    });
  }
  const values = new Map<string, string>();
  const paths = new Map<string, string>();
  const problems: Problem[] = [];
  const report = (code: ErrorCode, message: string) => problems.push({ code, message: `${origin}: ${message}` });

  const visit = (node: Tree, path: readonly string[]): void => {
    const shown = path.map((part) => JSON.stringify(part)).join(" → ");
    if (node.kind === "map" && (node.entries.length > 0 || path.length === 0)) {
      for (const key of findDoubles(node.entries)) {
        const inside = path.length === 0 ? "" : ` in ${shown}`;
        report("source.duplicate_key", `${JSON.stringify(key)} is defined more than once${inside}; remove all but one`);
      }
      for (const [key, value] of node.entries) visit(value, [...path, key]);
    } else if (node.kind === "text") {
      const key = path.join(separator);
      const other = paths.get(key);
      if (other !== undefined && other !== shown) {
        report(
          "source.duplicate_key",
          `${other} and ${shown} both become ${JSON.stringify(key)}; rename one, or choose another \`separator\``,
        );
      }
      paths.set(key, shown);
      values.set(key, node.text);
    } else if (node.kind === "null") {
      report("source.null_value", `${shown} has no value (null); quote it if it is meant as text, or remove it`);
    } else {
      report("source.not_flat", `${shown} is ${nouns[node.kind]}; give it as one quoted text, or remove it`);
    }
  };
  visit(tree, []);
  if (problems.length > 0) throw new SecretSyncError(problems);
  return values;
}

const nouns = { text: "a single value", null: "null", list: "a list", map: "an empty object" } as const;

function findDoubles(entries: readonly (readonly [string, Tree])[]): Set<string> {
  const seen = new Set<string>();
  const doubles = new Set<string>();
  for (const [key] of entries) (seen.has(key) ? doubles : seen).add(key);
  return doubles;
}

/** Where in the text, for people: parsers' own messages quote the line, and with it a secret. */
export function describePlace(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n?|\n/);
  return `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
}

/** The failure of a parser: what kind of text it is not, and where. */
export function failParsing(origin: string, reason: string): SecretSyncError {
  return new SecretSyncError({ code: "source.unparsable", message: `${origin} ${reason}` });
}
