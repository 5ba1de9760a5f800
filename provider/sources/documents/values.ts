// Pure: turns a part of a JSON answer into values, by the rules of a JSON file: numbers keep their digits, null and lists are refused.

import type { Redacted } from "../../redacted.js";
import { redact } from "../../redacted.js";
import { type Content, mapContent } from "./content.js";
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

export function readValues(request: ValuesRequest): Content<Redacted> {
  const { separator = "_", origin } = request;
  const { values, faults } = flattenTree(readTree(request), { separator, origin });
  return mapContent({ values, faults }, redact);
}

/** The same part with its nesting. */
export function readTree({ text, at, origin }: Omit<ValuesRequest, "separator">): Tree {
  return at.reduce<Tree>(enter, parseJson(text, origin));
}

function enter(tree: Tree, key: string): Tree {
  const entry = tree.kind === "map" ? tree.entries.find(([name]) => name === key) : undefined;
  return entry?.[1] ?? { kind: "null" };
}
