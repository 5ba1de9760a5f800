// Pure: writes values into YAML text by position: comments, order, quotes and folding of everything else stay byte for byte.

import { isMap, isScalar, parseDocument as parseYamlDocument, type Node, type Pair, type YAMLMap } from "yaml";
import { type Problem, SecretSyncError } from "../../errors.js";
import { failPlacing, type TextEditing } from "./edit.js";
import { placeKeys } from "./tree-path.js";
import { parseYaml } from "./yaml.js";

interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Replaces plain values in place; new keys come after the last one at the top. */
export function editYaml(text: string, { edits, separator, origin }: TextEditing): string {
  const places = placeKeys(parseYaml(text, origin), { edits, separator, origin });
  const { contents } = parseYamlDocument(text, { stringKeys: true, keepSourceTokens: true });
  const problems: Problem[] = [];
  const replacements: Replacement[] = [];
  const added: string[] = [];
  for (const { key, value } of edits) {
    const node = find(contents, places.get(key) ?? []);
    const quoted = JSON.stringify(value.reveal());
    const replacement = replace(text, node, quoted);
    if (replacement !== undefined) replacements.push(replacement);
    else if (node !== undefined) problems.push(failPlacing(origin, key, "it is an alias, or has an anchor or a tag"));
    else if ((places.get(key)?.length ?? 0) > 1) problems.push(failPlacing(origin, key, "a merge key (<<) brings it"));
    else added.push(`${/^[A-Za-z_][\w.-]*$/.test(key) ? key : JSON.stringify(key)}: ${quoted}`);
  }
  if (problems.length > 0) throw new SecretSyncError(problems);
  if (added.length > 0) replacements.push(append(text, contents, { added, origin, edits }));
  return replacements
    .sort((a, b) => b.from - a.from)
    .reduce((done, { from, to, text: piece }) => done.slice(0, from) + piece + done.slice(to), text);
}

function find(node: unknown, path: readonly string[]): Node | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return node as Node;
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && (key.value === name || key.source === name));
  return pair?.value === undefined || pair.value === null ? undefined : find(pair.value, rest);
}

/** Undefined for anything but a simple value of its own. */
function replace(text: string, node: Node | undefined, quoted: string): Replacement | undefined {
  if (!isScalar(node) || !node.range || node.anchor !== undefined || node.tag !== undefined) return undefined;
  const [from, to] = node.range;
  const written = text.slice(from, to);
  // A block ends with the line break that also ends the pair.
  const ending = /\r?\n$/.exec(written)?.[0] ?? "";
  const comment = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED" ? readHeadComment(written) : "";
  return { from, to, text: quoted + comment + ending };
}

/** Behind the sign that begins a block, with the space before it. */
function readHeadComment(block: string): string {
  return /^[|>][^\s#]*([ \t]+#[^\r\n]*)/.exec(block)?.[1] ?? "";
}

interface Addition {
  readonly added: readonly string[];
  readonly origin: string;
  readonly edits: TextEditing["edits"];
}

function append(text: string, contents: unknown, { added, origin, edits }: Addition): Replacement {
  if (!isMap(contents) || !contents.range)
    throw new SecretSyncError(edits.map(({ key }) => failPlacing(origin, key, "it holds no keys to add one to")));
  return contents.flow === true ? appendFlow(contents, added) : appendBlock(text, contents, added);
}

/** Right behind the last member, before its comma and whatever else follows. */
function appendFlow(map: YAMLMap, added: readonly string[]): Replacement {
  const at = map.items.reduce((last, pair) => Math.max(last, readEnd(pair)), (map.range?.[0] ?? 0) + 1);
  const comma = map.items.length === 0 ? "" : ", ";
  return { from: at, to: at, text: comma + added.join(", ") };
}

/** After the last line of the last pair, with the indentation of the first. */
function appendBlock(text: string, map: YAMLMap, added: readonly string[]): Replacement {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const end = map.items.reduce((last, pair) => Math.max(last, readEnd(pair)), map.range?.[1] ?? 0);
  const start = map.range?.[0] ?? 0;
  const indent = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const lineEnd = text.startsWith("\n", end - 1) ? end - 1 : text.indexOf("\n", end);
  const at = lineEnd < 0 ? text.length : lineEnd + 1;
  const gap = lineEnd < 0 ? eol : "";
  return { from: at, to: at, text: gap + added.map((line) => indent + line + eol).join("") };
}

function readEnd({ key, value }: Pair): number {
  return Math.max(...[key, value].map((node) => (node as Node | null)?.range?.[1] ?? 0));
}
