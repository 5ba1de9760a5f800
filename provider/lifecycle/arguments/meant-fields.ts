// Pure: arguments read as they were meant. A misspelt field, or one in the wrong place, is one mistake; what is missing because of it, or
// any rule that it breaks, does not count again.

import type { ZodType } from "zod";
import { findMeant } from "../../spelling.js";
import { type ExplainInput, findHomes, listFields, type Part, valueAt } from "./known-fields.js";

/** The parts of zod's issues that tell one from another. https://zod.dev/error-customization */
interface Found {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

/** The issues of a part that remain once its fields have the names that were meant, and the issues about names themselves. */
export function withoutConsequences<T extends Found>(issues: readonly T[], { whole, others }: ExplainInput): T[] {
  const renamed = issues.reduce((value, issue) => renameFields(value, { issue, whole }), whole.value);
  const meant = others.reduce((value, other) => takeStrays(value, { other, whole }), renamed);
  if (meant === whole.value) return [...issues];
  const left = new Set((whole.schema.safeParse(meant).error?.issues ?? []).map(nameIssue));
  return issues.filter((issue) => issue.keys !== undefined || left.has(nameIssue(issue)));
}

function nameIssue({ path, message }: Found): string {
  return JSON.stringify([path.map(String), message]);
}

function renameFields(value: unknown, { issue, whole }: { issue: Found; whole: Part }): unknown {
  const { path, keys = [] } = issue;
  const known = keys.length === 0 ? [] : listFields(whole.schema, path, whole.value);
  return keys.reduce<unknown>((changed, key) => {
    const [name] = findMeant(key, known);
    return name === undefined ? changed : changeAt(changed, path, (map) => rename(map, key, name));
  }, value);
}

type Map = Readonly<Record<string, unknown>>;

function rename(map: Map, key: string, name: string): Map {
  const { [key]: given, ...rest } = map;
  return { ...rest, [name]: rest[name] ?? given };
}

/** Takes over fields of another part that belong in this one. */
function takeStrays(value: unknown, { other, whole }: { other: Part; whole: Part }): unknown {
  if (other.name === whole.name) return value;
  return listUnknown(other).reduce<unknown>((changed, { key, path, given }) => {
    if (findMeant(key, listFields(other.schema, path, other.value)).length > 0) return changed;
    const [home] = findHomes(key, whole);
    if (home !== whole.name) return changed;
    return changeAt(changed, [], (map) => (Object.hasOwn(map, key) ? map : { ...map, [key]: given }));
  }, value);
}

function listUnknown({ schema, value }: { schema: ZodType; value: unknown }) {
  const issues: readonly Found[] = schema.safeParse(value).error?.issues ?? [];
  return issues.flatMap(({ path, keys = [] }) =>
    keys.map((key) => ({ key, path, given: (valueAt(value, path) as Map)[key] })),
  );
}

/** A copy with a changed map at a path; the value itself if there is no map. */
function changeAt(value: unknown, path: readonly PropertyKey[], change: (map: Map) => Map): unknown {
  const [step, ...rest] = path;
  if (typeof value !== "object" || value === null) return value;
  if (step === undefined) return Array.isArray(value) ? value : change(value as Map);
  const member: unknown = Reflect.get(value, step);
  const changed = changeAt(member, rest, change);
  if (changed === member) return value;
  return Array.isArray(value) ? value.with(Number(step), changed) : { ...value, [step]: changed };
}
