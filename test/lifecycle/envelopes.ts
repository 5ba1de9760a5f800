// Envelopes of Pulumi's wire format, as the engine puts them on and takes them off.

import type { Properties } from "../../provider/lifecycle/engine/wire.js";

const signatureKey = "4dabf18193072939515e22adb298388d";

/** Takes the envelopes off. Refuses what gRPC's Struct cannot hold. */
function strip(value: unknown): unknown {
  if (value === undefined) throw new Error("Unexpected struct type.");
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Properties;
  if (signatureKey in object) return strip(object["value"]);
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, strip(member)]));
}

export function plain(properties: Properties): Properties {
  return strip(properties) as Properties;
}

/** As a preview prints it: `[secret]` where there is one. */
export function hide(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hide);
  if (typeof value !== "object" || value === null) return value;
  if (signatureKey in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hide(member)]));
}
