// Pure: where in a tree a flat key is, or would be added: at its top, under its own name.

import { type Problem, SecretSyncError } from "../../errors.js";
import { failPlacing, type SourceEdit } from "./edit.js";
import type { Tree } from "./tree.js";

export interface EditInput {
  readonly edits: readonly Pick<SourceEdit, "key">[];
  /** Joins nested keys. */
  readonly separator: string;
  readonly origin: string;
}

/** @throws SecretSyncError `import.unplaceable` if the name is taken by something other than a text */
export function placeKeys(tree: Tree, { edits, separator, origin }: EditInput): Map<string, readonly string[]> {
  const top = new Set(tree.kind === "map" ? tree.entries.map(([name]) => name) : []);
  const problems: Problem[] = [];
  const places = new Map<string, readonly string[]>();
  for (const { key } of edits) {
    const path = findPath(tree, key, separator);
    if (path === undefined && top.has(key))
      problems.push(failPlacing(origin, key, "a group of that name already exists"));
    places.set(key, path ?? [key]);
  }
  if (problems.length > 0) throw new SecretSyncError(problems);
  return places;
}

function findPath(tree: Tree, key: string, separator: string): readonly string[] | undefined {
  if (tree.kind !== "map") return undefined;
  for (const [name, value] of tree.entries) {
    if (value.kind === "text" && name === key) return [name];
    if (value.kind !== "map" || !key.startsWith(name + separator)) continue;
    const below = findPath(value, key.slice(name.length + separator.length), separator);
    if (below !== undefined) return [name, ...below];
  }
  return undefined;
}
