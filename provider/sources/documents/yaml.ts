// Pure: YAML as a tree, read from the syntax nodes, so that `1.10`, `0o17`, `yes` and dates stay as they were written.

import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Pair,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { SecretSyncError } from "../../errors.js";
import { describePlace, failParsing, maxDepth, type Tree } from "./tree.js";

/** More than any honest file needs; a chain of aliases that doubles at every step, or a circle, ends here. */
const maxAliases = 100;
/** A text that is not YAML breaks everywhere; the first places are enough. */
const maxErrors = 10;

interface Reader {
  readonly document: Document;
  readonly fail: (node: unknown, reason: string) => Error;
  aliases: number;
}

/** Parses one YAML document. Errors and warnings of the parser are failures, reported by place and code only. */
export function parseYaml(text: string, origin: string): Tree {
  const document = parseOne(text, origin);
  const fail = (node: unknown, reason: string) =>
    failParsing(origin, `${reason} (${describePlace(text, findOffset(node))})`);
  return readNode({ document, fail, aliases: 0 }, document.contents, 0);
}

function parseOne(text: string, origin: string): Document {
  // Keys are always text, and flattenTree reports duplicates by name.
  const options = { stringKeys: true, uniqueKeys: false, resolveKnownTags: false, prettyErrors: false } as const;
  const documents: Document[] = [...parseAllDocuments(text, options)];
  const [document] = documents;
  if (document === undefined) throw failParsing(origin, "holds no YAML document; write {} if no key is meant");
  const found = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]).slice(0, maxErrors);
  if (found.length > 0) {
    throw new SecretSyncError(
      found.flatMap(({ code, pos }) => {
        const place = `${code.toLowerCase().replaceAll("_", " ")}, ${describePlace(text, pos[0])}`;
        return failParsing(origin, `is not valid YAML (${place}); correct it, or give another \`format\``).problems;
      }),
    );
  }
  if (documents.length > 1) {
    throw failParsing(
      origin,
      `holds ${documents.length} YAML documents; keep one, and give the others as separate sources`,
    );
  }
  return document;
}

function readNode(reader: Reader, node: unknown, depth: number): Tree {
  if (depth > maxDepth) throw reader.fail(node, `nests deeper than ${maxDepth} levels`);
  if (isMap(node)) return { kind: "map", entries: readEntries(reader, node, depth) };
  if (isSeq(node)) return { kind: "list" };
  if (isScalar(node)) return readScalar(reader, node);
  if (!isAlias(node)) return { kind: "null" };
  reader.aliases += 1;
  if (reader.aliases > maxAliases) throw reader.fail(node, `resolves more than ${maxAliases} aliases; write them out`);
  const anchored = node.resolve(reader.document);
  if (anchored === undefined) throw reader.fail(node, "uses an alias that no anchor before it defines; correct it");
  return readNode(reader, anchored, depth + 1);
}

function readEntries(reader: Reader, map: YAMLMap, depth: number): [string, Tree][] {
  const merges = map.items.filter(isMerge);
  const [first, second] = merges;
  if (second !== undefined) throw reader.fail(second.key, "has two merge keys (<<) in one map; give one a list");
  const own = map.items
    .filter((pair) => !isMerge(pair))
    .map(({ key, value }): [string, Tree] => {
      if (!isScalar(key)) throw reader.fail(key, "has a key that is not plain text; write it out");
      const name = typeof key.value === "string" ? key.value : (key.source ?? "");
      return [name, readNode(reader, value, depth + 1)];
    });
  return first === undefined ? own : [...readMerged(reader, first, { own, depth }), ...own];
}

/** YAML 1.2 has no merge keys, but everybody uses them. A quoted `<<` is a name. https://yaml.org/type/merge.html */
function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.source === "<<" && key.type === "PLAIN";
}

/** The entries of the merged maps; of equal names, the one in the map itself, else the first. */
function readMerged(reader: Reader, { key, value }: Pair, { own, depth }: MergeInput): [string, Tree][] {
  const names = new Set(own.map(([name]) => name));
  const merged: [string, Tree][] = [];
  for (const node of isSeq(value) ? value.items : [value]) {
    const tree = readNode(reader, node, depth + 1);
    if (tree.kind !== "map") throw reader.fail(key, "merges (<<) something that is not a map; write the keys out");
    const added = tree.entries.filter(([name]) => !names.has(name));
    for (const [name, below] of added) merged.push([name, below]);
    for (const [name] of added) names.add(name);
  }
  return merged;
}

interface MergeInput {
  readonly own: readonly (readonly [string, Tree])[];
  readonly depth: number;
}

function readScalar(reader: Reader, scalar: Scalar): Tree {
  const { value, source } = scalar;
  if (value === null) return { kind: "null" };
  if (typeof value === "string") return { kind: "text", text: value };
  const plain = typeof value !== "object" || value instanceof Date;
  if (plain && source !== undefined) return { kind: "text", text: source };
  throw reader.fail(scalar, "holds binary data; give it as text");
}

function findOffset(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
