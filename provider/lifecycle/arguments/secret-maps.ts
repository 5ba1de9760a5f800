// Pure: the maps of secret texts that travel beside the sources, by the source's index in the list: inline values, and
// the environments of commands.

import type { Problem } from "../../errors.js";
import { redact, type Redacted } from "../../redacted.js";
import { nameKind } from "./issues.js";
import { type Properties, unknownValue } from "../engine/wire.js";

/** What came for one source. Anything but a map is wrong, never an empty map. */
type SecretMap =
  | { readonly is: "known"; readonly members: Properties }
  | { readonly is: "unknown" | "absent" | "wrong" };

/** A map in which everything is known comes as one JSON text. */
function readSecretMap(all: unknown, index: number): SecretMap {
  if (all === undefined || all === unknownValue) return { is: all === undefined ? "absent" : "unknown" };
  if (!isMap(all)) return { is: "wrong" };
  const own = Object.hasOwn(all, String(index)) ? all[String(index)] : undefined;
  if (own === undefined || own === unknownValue) return { is: own === undefined ? "absent" : "unknown" };
  const members = typeof own === "string" ? parseText(own) : own;
  return isMap(members) ? { is: "known", members } : { is: "wrong" };
}

function isMap(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The parser's own message would quote the text. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The secrets of one source; an undefined value is not known yet. */
export function listSecrets(all: unknown, index: number): ReadonlyMap<string, Redacted | undefined> {
  const map = readSecretMap(all, index);
  if (map.is !== "known") return new Map();
  return new Map(
    Object.entries(map.members).map(([key, value]) => [
      key,
      value === unknownValue ? undefined : redact(String(value)),
    ]),
  );
}

/** Why a source must not be read: its map is not a map, or an inline source has none. */
export function findWrongMap(
  all: unknown,
  { index, type, path }: { readonly index: number; readonly type: string; readonly path: string },
): Problem[] {
  const { is } = readSecretMap(all, index);
  if (is === "known" || is === "unknown" || (is === "absent" && type !== "inline")) return [];
  const name = nameMap(type);
  const message = `${path}.${name}: must be a plain object of strings; parse JSON first, convert a Map with Object.fromEntries, and let an output have at least one key`;
  return [{ code: "argument.invalid", message }];
}

function nameMap(type: string | undefined): string {
  return type === "exec" ? "env" : "values";
}

/** Whether the map of any source as a whole is not known yet. */
export function isUnknownMap(all: unknown, index: number): boolean {
  return readSecretMap(all, index).is === "unknown";
}

/** Values other than strings would silently be turned into some text: refused instead, by name and kind. */
export function findOddValues(
  all: unknown,
  { index, type, path }: { readonly index: number; readonly type: string | undefined; readonly path: string },
): Problem[] {
  const map = readSecretMap(all, index);
  if (map.is !== "known") return [];
  const name = nameMap(type);
  return Object.entries(map.members)
    .filter(([, value]) => typeof value !== "string")
    .map(([key, value]) => ({ code: "value.not_text", message: `${path}.${name}.${key} ${explainOdd(value)}` }));
}

function explainOdd(value: unknown): string {
  if (value === null) return "has no value (null or undefined); give it one, or leave the key out";
  const kind = nameKind(value);
  const text = typeof value === "object" ? "a JSON text" : "a string";
  return `is ${kind}, and values are strings; write it in quotes, or convert it to ${text}`;
}
