// Pure: JSON as a tree. JSON.parse would round numbers, keep the last of two equal keys, and quote the text in its errors.

import { describePlace, failParsing, maxDepth, type Tree } from "./tree.js";

/** A structural character, a string, another scalar, or the end. The inside of a string is checked by JSON.parse afterwards. */
const pattern =
  /[ \t\n\r]*(?:(?<structure>[{}[\],:]|$)|(?<string>"[^"\\]*(?:\\[^][^"\\]*)*")|(?<word>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

interface Token {
  readonly kind: "structure" | "string" | "word";
  readonly text: string;
  readonly start: number;
}

/** Walks over the text one token at a time; `next` looks without taking. */
interface Reader {
  readonly next: () => Token;
  readonly take: () => Token;
  /** Takes the next token, which has to be one of these characters. */
  readonly expect: (...characters: readonly string[]) => string;
  readonly fail: (offset: number, reason?: string) => Error;
}

/** Parses strict JSON (RFC 8259). Numbers and booleans keep their source text; doubles keep both entries. */
export function parseJson(text: string, origin: string): Tree {
  const reader = createReader(text, origin);
  const tree = readValue(reader, 0);
  reader.expect("");
  return tree;
}

function createReader(text: string, origin: string): Reader {
  const fail = (offset: number, reason = "is not valid JSON") =>
    failParsing(origin, `${reason} (${describePlace(text, offset)}); correct it, or give another \`format\``);
  const scan = (from: number): Token => {
    pattern.lastIndex = from;
    const { structure, string, word } = pattern.exec(text)?.groups ?? {};
    if (structure !== undefined)
      return { kind: "structure", text: structure, start: pattern.lastIndex - structure.length };
    if (string !== undefined) return { kind: "string", text: string, start: pattern.lastIndex - string.length };
    if (word !== undefined) return { kind: "word", text: word, start: pattern.lastIndex - word.length };
    throw fail(from + (/^[ \t\n\r]*/.exec(text.slice(from))?.[0].length ?? 0));
  };
  let ahead = scan(0);
  const next = () => ahead;
  const take = () => {
    const taken = ahead;
    // The end remains the next token for ever.
    if (taken.kind !== "structure" || taken.text !== "") ahead = scan(taken.start + taken.text.length);
    return taken;
  };
  const expect = (...characters: readonly string[]) => {
    const { kind, text: structure, start } = ahead;
    if (kind !== "structure" || !characters.includes(structure)) throw fail(start);
    return take().text;
  };
  return { next, take, expect, fail };
}

function readValue(reader: Reader, depth: number): Tree {
  const { kind, text, start } = reader.next();
  if (depth > maxDepth) throw reader.fail(start, `nests deeper than ${maxDepth} levels`);
  if (kind === "structure" && text === "{") return { kind: "map", entries: readEntries(reader, depth) };
  if (kind === "structure" && text === "[") return skipList(reader, depth);
  if (kind === "structure") throw reader.fail(start);
  if (kind === "string") return { kind: "text", text: readString(reader) };
  reader.take();
  return text === "null" ? { kind: "null" } : { kind: "text", text };
}

function readEntries(reader: Reader, depth: number): [string, Tree][] {
  const entries: [string, Tree][] = [];
  reader.expect("{");
  if (isStructure(reader.next(), "}")) reader.expect("}");
  else
    do {
      const key = readString(reader);
      reader.expect(":");
      entries.push([key, readValue(reader, depth + 1)]);
    } while (reader.expect(",", "}") === ",");
  return entries;
}

/** A list is refused later, with the name of its key; here it only has to be valid. */
function skipList(reader: Reader, depth: number): Tree {
  reader.expect("[");
  if (isStructure(reader.next(), "]")) reader.expect("]");
  else
    do {
      readValue(reader, depth + 1);
    } while (reader.expect(",", "]") === ",");
  return { kind: "list" };
}

function readString(reader: Reader): string {
  const { kind, text, start } = reader.take();
  if (kind !== "string") throw reader.fail(start);
  try {
    return String(JSON.parse(text));
  } catch {
    throw reader.fail(start);
  }
}

function isStructure(token: Token, structure: string): boolean {
  return token.kind === "structure" && token.text === structure;
}
