// The option `ignoreChanges` as the engine applies it: before `check`, and once more where it compares by itself.

import type { Properties } from "../../provider/lifecycle/engine/wire.js";

/** Before `check`, and once more where the engine compares: an ignored input is what state has, or is not there. */
export function ignoreInputs(news: Properties, olds: Properties, ignored: readonly string[]): Properties {
  const names = ignored.includes("*") ? Object.keys({ ...olds, ...news }) : ignored;
  const kept = names.filter((name) => name in olds).map((name) => [name, olds[name]]);
  const rest = Object.entries(news).filter(([name]) => !names.includes(name));
  const inner = Object.fromEntries(rest.map(([name, value]) => [name, ignoreWithin(name, { value, olds, names })]));
  return { ...inner, ...(Object.fromEntries(kept) as Properties) };
}

interface Within {
  readonly value: unknown;
  readonly olds: Properties;
  readonly names: readonly string[];
}

/** A member of a map that both sides have is put back, or taken away. */
function ignoreWithin(name: string, { value, olds, names }: Within): unknown {
  const members = names.flatMap((path) => (path.startsWith(`${name}.`) ? [path.slice(name.length + 1)] : []));
  if (members.length === 0 || typeof value !== "object") return value;
  const before = membersOf(olds[name]);
  const rest = Object.entries(membersOf(value)).filter(([member]) => !members.includes(member));
  const kept = members.filter((member) => member in before).map((member) => [member, before[member]]);
  return Object.fromEntries([...rest, ...kept]);
}

/** The two inputs that hold keys: a map of fingerprints, which may be unknown as a whole, and a list of names. */
export function membersOf(value: unknown): Properties {
  if (Array.isArray(value)) return Object.fromEntries(value.map((name: string) => [name, true]));
  return typeof value === "object" && value !== null ? (value as Properties) : {};
}
