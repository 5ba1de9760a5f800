// Pure: what JSON and YAML have in common. A tree of text becomes one flat map, or a failure; no key is ever dropped.

import { type ErrorCode, SecretSyncError } from "../../errors.js";
import type { Content, Fault } from "./content.js";

/** A parsed document. Numbers, booleans and dates are kept as their source text. */
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
 * Guesses nothing: null is no text, a list has no names, and an empty object would vanish.
 *
 * @throws SecretSyncError `source.not_flat` if the top is not an object
 */
export function flattenTree(tree: Tree, { separator, origin }: FlattenOptions): Content<string> {
  if (tree.kind !== "map") {
    throw new SecretSyncError({
      code: "source.not_flat",
      message: `${origin} must hold an object of keys and values at its top, and holds ${nouns[tree.kind]}`,
    });
  }
  const values = new Map<string, string>();
  const paths = new Map<string, string>();
  const faults: Fault[] = [];
  const join = (path: readonly string[]) => path.join(separator);
  const report = (keys: readonly string[], code: ErrorCode, message: string) =>
    faults.push({ keys, tell: () => ({ code, message: `${origin}: ${message}` }) });

  const visit = (node: Tree, path: readonly string[]): void => {
    const shown = path.map((part) => JSON.stringify(part)).join(" → ");
    if (node.kind === "map" && (node.entries.length > 0 || path.length === 0)) {
      for (const [key, doubles] of findDoubles(node.entries)) {
        const inside = path.length === 0 ? "" : ` in ${shown}`;
        const below = doubles.flatMap((double) => listPaths(double, [...path, key]).map(join));
        const message = `${JSON.stringify(key)} is defined more than once${inside}; remove all but one`;
        report([...new Set(below)], "source.duplicate_key", message);
      }
      for (const [key, value] of node.entries) visit(value, [...path, key]);
    } else if (node.kind === "text") {
      const key = join(path);
      const other = paths.get(key);
      if (other !== undefined && other !== shown) {
        const message = `${other} and ${shown} both become ${JSON.stringify(key)}; rename one, or choose another \`separator\``;
        report([key], "source.duplicate_key", message);
      }
      paths.set(key, shown);
      values.set(key, node.text);
    } else if (node.kind === "null") {
      const message = `${shown} has no value (null); quote it if it is meant as text, or remove it`;
      report([join(path)], "source.null_value", message);
    } else {
      const message = `${shown} is ${nouns[node.kind]}; give it as one quoted string, or remove it`;
      report([join(path)], "source.not_flat", message);
    }
  };
  visit(tree, []);
  return { values, faults };
}

const nouns = { text: "a single value", null: "null", list: "a list", map: "an empty object" } as const;

/** Names that occur more than once, with everything below them. */
function findDoubles(entries: readonly (readonly [string, Tree])[]): Map<string, Tree[]> {
  const found = new Map<string, Tree[]>();
  for (const [key, value] of entries) found.set(key, [...(found.get(key) ?? []), value]);
  return new Map([...found].filter(([, values]) => values.length > 1));
}

/** The paths of all keys at or below a node. */
function listPaths(node: Tree, path: readonly string[]): Array<readonly string[]> {
  if (node.kind !== "map" || node.entries.length === 0) return [path];
  return node.entries.flatMap(([key, value]) => listPaths(value, [...path, key]));
}

/** Where in the text, for people: parsers' own messages quote the line, and with it a secret. */
export function describePlace(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n?|\n/);
  return `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
}

/** A parser's failure: what is wrong with the text, and where. */
export function failParsing(origin: string, reason: string): SecretSyncError {
  return new SecretSyncError({ code: "source.unparsable", message: `${origin} ${reason}` });
}
