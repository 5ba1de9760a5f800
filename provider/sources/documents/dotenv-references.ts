// Pure: references in dotenv values, `$NAME` and `${NAME…}`: found in place, and replaced by values of the same source only.

import { maxDepth } from "./tree.js";

/** `-`, `?` and `+` as in a shell; with a colon an empty value counts as none. */
export type Operator = "-" | ":-" | "?" | ":?" | "+" | ":+";

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "reference";
      readonly name: string;
      readonly braced: boolean;
      readonly operator?: Operator;
      /** The default, the message or the other value. */
      readonly argument?: string;
      /** It begins with two `$`, which only Docker Compose takes for an escaped one. */
      readonly afterDollar: boolean;
    }
  /** `$(…)` */
  | { readonly kind: "command" }
  /** `${…}` with something in it that is not a reference. */
  | { readonly kind: "odd" };

/** Docker Compose takes every `$NAME` for a reference, and `$$` for one `$`. */
export type Style = "compose" | "shell";

/** Password hashes look like references: `$2b$10$…`, `$argon2id$v=19$…`, and `user:$apr1$…`. */
const hashShape =
  /\$(?:\d\w?|argon2(?:id|i|d)|apr1|g?y|scrypt|md5|sha1|bcrypt(?:-\w+)*|pbkdf2(?:-\w+)*|[HPS](?=\$[\w./]{20}))\$(?!\{)[^\s"'`{}()]*/y;
const bareName = /\$([A-Za-z_]\w*)/y;

/** A text in its parts, in order. */
export function scanReferences(text: string, style: Style): Part[] {
  const parts: Part[] = [];
  const closings = matchBrackets(text);
  for (let at = 0; ;) {
    const dollar = text.indexOf("$", at);
    parts.push({ kind: "text", text: text.slice(at, dollar === -1 ? undefined : dollar) });
    if (dollar === -1) return parts;
    const { part, end } = readPart(text, { at: dollar, style, closings });
    parts.push(part);
    at = end;
  }
}

interface Place {
  readonly at: number;
  readonly style: Style;
  readonly closings: ReadonlyMap<number, number>;
}

interface Read {
  readonly part: Part;
  readonly end: number;
}

function readPart(text: string, place: Place): Read {
  const { at, style, closings } = place;
  const next = text.charAt(at + 1);
  if (next === "{") return readBraces(text, place);
  if (next === "$" && style === "compose") return { part: { kind: "text", text: "$" }, end: at + 2 };
  // A value with a command is refused as a whole.
  if (style === "shell" && closings.has(at + 1)) return { part: { kind: "command" }, end: text.length };
  const [shape] = (style === "shell" ? matchAt(hashShape, text, at) : undefined) ?? ["$"];
  const name = shape === "$" ? matchAt(bareName, text, at)?.[1] : undefined;
  if (name === undefined) return { part: { kind: "text", text: shape }, end: at + shape.length };
  const afterDollar = followsDollar(text, place);
  return { part: { kind: "reference", name, braced: false, afterDollar }, end: at + 1 + name.length };
}

function followsDollar(text: string, { at, style }: Place): boolean {
  return style === "shell" && text.charAt(at - 1) === "$";
}

function readBraces(text: string, place: Place): Read {
  const { at, style, closings } = place;
  const closing = closings.get(at + 1);
  if (closing !== undefined) {
    const inside = text.slice(at + 2, closing);
    return { part: readReference(inside, { afterDollar: followsDollar(text, place), style }), end: closing + 1 };
  }
  // Docker Compose refuses the whole text; to all other readers it is text.
  if (style === "compose") return { part: { kind: "odd" }, end: text.length };
  return { part: { kind: "text", text: "${" }, end: at + 2 };
}

function readReference(inside: string, { afterDollar, style }: { afterDollar: boolean; style: Style }): Part {
  // Docker Compose allows no dots in a name, and no line breaks in what follows it.
  const pattern =
    style === "compose" ? /^([A-Za-z_]\w*)(?:(:?[-?+])(.*))?$/ : /^([A-Za-z_][\w.]*)(?:(:?[-?+])([^]*))?$/;
  // `${db.pool-1.DATABASE_URL}`: the name of an App Platform component may contain a hyphen, and a dotted name has no default.
  if (style === "shell" && /^[A-Za-z_][\w-]*(?:\.[\w-]+)+$/.test(inside))
    return { kind: "reference", name: inside, braced: true, afterDollar };
  const match = pattern.exec(inside);
  const [, name, operator, argument = ""] = match ?? [];
  if (name === undefined) return { kind: "odd" };
  if (operator === undefined) return { kind: "reference", name, braced: true, afterDollar };
  return { kind: "reference", name, braced: true, operator: operator as Operator, argument, afterDollar };
}

/** Where each `{` and `(` is closed, found in one pass; those nested too deeply are left out. */
function matchBrackets(text: string): Map<number, number> {
  const closings = new Map<number, number>();
  for (const [opening, closing] of ["{}", "()"] as const) {
    const open: number[] = [];
    for (let at = 0; at < text.length; at += 1) {
      const character = text.charAt(at);
      if (character === opening) open.push(at);
      if (character !== closing) continue;
      const start = open.pop();
      if (start !== undefined && open.length < maxDepth) closings.set(start, at);
    }
  }
  return closings;
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text) ?? undefined;
}
