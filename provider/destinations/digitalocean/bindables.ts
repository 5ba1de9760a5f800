// Pure: bindable variables in values, and the names in a spec that they may refer to.
// https://docs.digitalocean.com/products/app-platform/how-to/use-environment-variables/

import type { Problem } from "../../errors.js";
import type { Redacted } from "../../redacted.js";
import type { Spec } from "./wire.js";

/**
 * `${component.X}`, `${database.X}`, `${database.pool.X}`. A reference without a dot is to the app (`${APP_URL}`) or to a variable.
 * Anything not exactly of this form may be part of the value, and is neither judged nor shown.
 */
const reference = /\$\{([A-Za-z_][A-Za-z0-9_-]{0,63})(?:\.[A-Za-z0-9_-]+)+\}/g;

/** References of this form that name nothing in the spec. Only the name before the first dot is shown, nothing else of the value. */
export function findUnknownReferences(key: string, value: Redacted, spec: Spec): Problem[] {
  const names = listNames(spec);
  const known = new Set(["_self", ...names]);
  const asked = [...value.reveal().matchAll(reference)].map(([, name]) => name ?? "");
  const has = names.length === 0 ? "none" : names.join(", ");
  return [...new Set(asked)]
    .filter((name) => !known.has(name))
    .map((name) => ({
      code: "value.unknown_bindable",
      message: `${key} refers to "\${${name}.…}", and the app has no component or database of that name; it has ${has}; correct the name in the value`,
    }));
}

/** Everything in the lists of a spec that has a name, and the log destinations of each: kinds that are newer than this code count. */
function listNames(spec: Spec): string[] {
  const named = Object.values(spec).flatMap((list) => (Array.isArray(list) ? list.filter(isNamed) : []));
  const destinations = named.flatMap((one) =>
    Array.isArray(one["log_destinations"]) ? one["log_destinations"].filter(isNamed) : [],
  );
  return [...new Set([...named, ...destinations].map(({ name }) => name))].sort();
}

function isNamed(value: unknown): value is Spec & { readonly name: string } {
  return typeof (value as Spec | null)?.["name"] === "string";
}
