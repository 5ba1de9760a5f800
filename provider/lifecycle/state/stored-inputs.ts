// Pure: the inputs of a SecretSync as state keeps them. What no one reads is one secret text, because the engine wraps every secret and
// carries every property by itself. Beside it, a diff shows people counts: they say that something changed, but never what it is.

import { canonical } from "../../core/fingerprint.js";
import { findId } from "../../destinations/address.js";
import { hasUnknown, type Properties, readUrn, secret, shortenUrn, toStruct, unknownValue } from "../engine/wire.js";

/** FROZEN name of the text. */
export const hiddenInput = "__state";

/** FROZEN names: what the text holds. */
interface Hidden {
  readonly salt?: string;
  /** The fingerprint of each of `keys`. */
  readonly keys?: Readonly<Record<string, string>>;
  readonly connection?: unknown;
  readonly seen?: string;
  /** Left out if keys have the names of the source; null if unknown. */
  readonly naming?: unknown;
  /** The target's id: left out if the arguments say it, null if unknown. */
  readonly target?: string | null;
}

/**
 * Inputs with one name for each fact, as earlier versions recorded them; theirs come back unchanged. A preview in which something is not
 * known yet gives back what is known.
 */
export function openInputs(properties: Properties): Properties {
  const { [hiddenInput]: text, keys, live, connection, ...rest } = properties;
  if (text === undefined) return properties;
  const facts = { ...rest, __urn: readUrn(properties), isEnabled: rest["isEnabled"] ?? true };
  if (text === unknownValue) return present({ ...facts, salt: text, keys: mapMembers(keys, () => text), connection });
  const hidden = readHidden(text);
  return present({
    ...facts,
    __targetId: hidden.target === undefined ? readId(rest) : (hidden.target ?? undefined),
    __naming: readNaming(hidden, keys),
    keys: mapMembers(keys, (_count, key) => memberOf(hidden.keys, key) ?? ""),
    connection: connection === undefined ? undefined : hidden.connection,
    live: typeof live === "string" ? live.replace(changes, "") : undefined,
    seen: hidden.seen,
    salt: hidden.salt,
  });
}

/** The reverse, for state. `before` are the inputs that the last run recorded, in either form: counts go on from there. */
export function closeInputs(facts: Properties, before: Properties): Properties {
  const { salt, keys, seen, live, connection, __naming, __targetId, __urn, isEnabled, ...rest } = facts;
  const last = openInputs(before);
  const text = canonical({
    salt,
    keys,
    connection,
    seen,
    naming: writeNaming(__naming, keys),
    target: __targetId === readId(rest) ? undefined : (__targetId ?? null),
  } satisfies Record<keyof Hidden, unknown>);
  return toStruct({
    ...rest,
    __urn: shortenUrn(String(__urn)),
    isEnabled: isEnabled === true ? undefined : isEnabled,
    keys: mapMembers(keys, (one, key) => count(one, memberOf(last["keys"], key), memberOf(before["keys"], key))),
    connection: connection && count(connection, last["connection"], before["connection"]),
    live: typeof live === "string" ? `${live}${countChanges({ live, seen }, last, before["live"])}` : undefined,
    [hiddenInput]: secret(hasUnknown([salt, keys, connection]) ? unknownValue : text),
  });
}

/** Recorded inputs of either form, in the current form, for comparison. */
export function renewInputs(recorded: Properties): Properties {
  const isOfBefore = recorded[hiddenInput] === undefined && recorded["destination"] !== undefined;
  return isOfBefore ? closeInputs(recorded, recorded) : recorded;
}

/** Inputs without what was seen at the target, for a host whose detailed diff names what drifted. */
export function withoutLook({ live: _live, [hiddenInput]: sealed, ...inputs }: Properties): Properties {
  const { value: text } = sealed as { readonly value: unknown };
  if (text === unknownValue) return { ...inputs, [hiddenInput]: sealed };
  const { seen: _seen, ...hidden } = readHidden(text);
  return { ...inputs, [hiddenInput]: secret(canonical(hidden)) };
}

/** The salt of recorded inputs, in either form. */
export function readSalt(properties: Properties): unknown {
  const text = properties[hiddenInput];
  return text === undefined ? properties["salt"] : readHidden(text).salt;
}

/** A text that an edit of state has broken counts as empty: every value then counts as changed. */
function readHidden(text: unknown): Hidden {
  try {
    return (JSON.parse(String(text)) ?? {}) as Hidden;
  } catch {
    return {};
  }
}

/** How many values there have been since this form began to count them. */
function count(now: unknown, last: unknown, before: unknown): unknown {
  if (hasUnknown(now)) return unknownValue;
  if (last === undefined) return 1;
  const counted = typeof before === "number" ? before : 1;
  return canonical(last) === canonical(now) ? counted : counted + 1;
}

/** Follows a line that may stay the same while what it counts changes. */
const changes = /, change (\d+)$/;

function countChanges({ live, seen }: Properties, last: Properties, before: unknown): string {
  if (last["live"] !== live) return "";
  const counted = Number(changes.exec(String(before))?.[1] ?? 0);
  const number = last["seen"] === seen ? counted : counted + 1;
  return number === 0 ? "" : `, change ${number}`;
}

/** Without a schema, the environment has no effect on names. */
function writeNaming(naming: unknown, keys: unknown): unknown {
  if (naming === undefined) return isMap(keys) ? null : undefined;
  return isMap(naming) && (naming["keySchema"] ?? "") === "" ? undefined : naming;
}

function readNaming({ naming }: Hidden, keys: unknown): unknown {
  if (naming === undefined && isMap(keys)) return { environment: "" };
  return naming ?? undefined;
}

/** The id in arguments that are not parsed yet. */
function readId({ destination }: Properties): string | undefined {
  return isMap(destination) ? findId(destination) : undefined;
}

function isMap(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function memberOf(map: unknown, name: string): unknown {
  return isMap(map) && Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Not by assignment, which would lose `__proto__`, a legal key. Anything but a map is not known yet, or missing. */
function mapMembers(map: unknown, change: (member: unknown, name: string) => unknown): unknown {
  if (!isMap(map)) return map;
  return Object.fromEntries(Object.entries(map).map(([name, member]) => [name, change(member, name)]));
}

function present(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
