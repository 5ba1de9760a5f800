// Pure: a part of a JSON answer becomes values, by the same rules as a JSON file: numbers keep their digits, null and lists are refused.

import type { Redacted } from "../redacted.js";
import { redact } from "../redacted.js";
import { checkCharacters } from "./document.js";
import { parseJson } from "./json.js";
import { flattenTree, type Tree } from "./tree.js";

export interface ValuesRequest {
  /** The whole answer. */
  readonly text: string;
  /** Where in it the keys and values are. */
  readonly at: readonly string[];
  /** Joins nested keys. @default "_" */
  readonly separator?: string | undefined;
  readonly origin: string;
}

export function readValues({ text, at, separator = "_", origin }: ValuesRequest): Map<string, Redacted> {
  const tree = at.reduce<Tree>(enter, parseJson(text, origin));
  const values = flattenTree(tree, { separator, origin });
  checkCharacters(values, origin);
  return new Map([...values].map(([key, value]) => [key, redact(value)]));
}

function enter(tree: Tree, key: string): Tree {
  const entry = tree.kind === "map" ? tree.entries.find(([name]) => name === key) : undefined;
  return entry?.[1] ?? { kind: "null" };
}
