// Pure: what differs, path by path, as the engine prints it. Inputs show what the program changed, the plan what somebody else did.

import { findDrift, type Plan } from "../core/plan.js";
import type { Properties } from "../lifecycle/engine/wire.js";
import { isMap } from "./plain-data.js";

export type DetailKind = "add" | "delete" | "update";

export interface Detail {
  readonly kind: DetailKind;
  readonly isReplaced: boolean;
}

export interface Compared {
  readonly recorded: Properties;
  readonly news: Properties;
  readonly plan: Plan;
  readonly replaces: readonly string[];
}

/** By path, in the order of the names. */
export function describeDetails({ recorded, news, plan, replaces }: Compared): ReadonlyMap<string, Detail> {
  const found = new Map<string, DetailKind>();
  for (const name of new Set([...Object.keys(recorded), ...Object.keys(news)]))
    if (!isSilent(name)) compare(memberOf(recorded, name), memberOf(news, name), { path: name, found });
  for (const [path, kind] of listDrift(plan)) if (!found.has(path)) found.set(path, kind);
  if (found.size === 0) for (const path of listAdded(plan)) found.set(path, "add");
  const isReplaced = (path: string) => replaces.some((name) => path === name || path.startsWith(`${name}.`));
  return new Map(
    [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, kind]) => [path, { kind, isReplaced: isReplaced(path) }]),
  );
}

/** What a run keeps only for the next one. */
function isSilent(name: string): boolean {
  return name.startsWith("__") || name === "salt";
}

function compare(before: unknown, after: unknown, at: { path: string; found: Map<string, DetailKind> }): void {
  const { path, found } = at;
  if (before === after) return;
  if (isAbsent(before) || isAbsent(after)) {
    if (isAbsent(before) !== isAbsent(after)) found.set(path, isAbsent(before) ? "add" : "delete");
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1)
      compare(before[index], after[index], { path: `${path}[${index}]`, found });
  } else if (isMap(before) && isMap(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(memberOf(before, name), memberOf(after, name), { path: join(path, name), found });
  } else {
    found.set(path, "update");
  }
}

/** A key may have a name that every object has, such as `constructor`. */
function memberOf(map: Properties, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** A key that drifted at several places is one key: gone at any of them counts more than changed. */
function listDrift(plan: Plan): Array<[string, DetailKind]> {
  return findDrift(plan).map((change) => {
    const path = join("keys", change.key);
    if (change.action === "create") return [path, "add"];
    return [path, change.action === "forget" ? "delete" : "update"];
  });
}

/** What is in the inputs already, because an earlier run has sent it, and did not arrive. */
function listAdded(plan: Plan): string[] {
  return plan.flatMap(({ action, key }) => (action === "create" ? [join("keys", key)] : []));
}

/** https://github.com/pulumi/pulumi/blob/master/sdk/go/property/path.go */
function join(path: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}
