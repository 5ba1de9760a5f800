// Pure: plain data, as opposed to anything else that an argument may be.

import type { Properties } from "../lifecycle/engine/wire.js";
import { ResourceReference } from "./envelopes.js";

export function isMap(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ResourceReference);
}

/** Languages send null for an argument that is left out. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMap(value)) return value;
  const given = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(given.map(([name, member]) => [name, withoutNulls(member)]));
}
