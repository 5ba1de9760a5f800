// Pure: how much environment the functions of a site would get. AWS Lambda takes 4 KB, and the deploy fails beyond that.
// https://docs.netlify.com/build/functions/environment-variables/, netlify/cli#6791

import type { Desired } from "../../../core/desired.js";
import { type Place, placeName } from "../../../core/entry.js";
import { allSlot, fallbacks, type Shape } from "../contexts.js";
import { isLocal, type Variable } from "../wire.js";

const limitBytes = 4096;
/** Netlify's own variables take up a part. */
const scarceBytes = 3584;

export interface Environment {
  readonly desired: Desired;
  /** What this sync places where, and how. */
  readonly shapeAt: (place: Place) => Shape | undefined;
  readonly variables: readonly Variable[];
  /** Values that this run removes. */
  readonly leaving: ReadonlySet<string>;
  /** Shared variables of the team; undefined when they cannot be read. */
  readonly team: readonly Variable[] | undefined;
}

export interface Load {
  readonly slot: string;
  readonly bytes: number;
  /** Masked values of others: their lengths are unknown and not counted. */
  readonly unknown: number;
  /** Largest first. */
  readonly keys: ReadonlyArray<{ readonly key: string; readonly bytes: number }>;
  readonly state: "fits" | "scarce" | "too large";
}

/** The load of every deployed context that this sync writes to. */
export function measureLoads(environment: Environment): Load[] {
  const slots = new Set(environment.desired.entries.map(({ slot }) => slot));
  const concerned = [...slots].flatMap((slot) =>
    slot === allSlot ? ["production", "deploy-preview", "branch-deploy"] : isLocal(slot) ? [] : [slot],
  );
  return [...new Set(concerned)].sort().map((slot) => measureLoad(environment, slot));
}

function measureLoad(environment: Environment, slot: string): Load {
  const { desired, variables, team } = environment;
  const site = new Map(variables.map((one) => [one.key, one]));
  const shared = new Map((team ?? []).map((one) => [one.key, one]));
  const keys = new Set([...desired.keys, ...site.keys(), ...shared.keys()]);
  const sizes = [...keys].map((key) => {
    const bytes =
      sizeDesired(environment, key, slot) ??
      sizeLive(site.get(key), slot, environment.leaving) ??
      sizeLive(shared.get(key), slot);
    return { key, bytes };
  });
  const counted = sizes.flatMap(({ key, bytes }) =>
    typeof bytes === "number" && bytes > 0 ? [{ key, bytes: bytes + Buffer.byteLength(key) }] : [],
  );
  const total = counted.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    slot,
    bytes: total,
    unknown: sizes.filter(({ bytes }) => bytes === "unknown").length,
    keys: counted.sort((a, b) => b.bytes - a.bytes || (a.key < b.key ? -1 : 1)),
    state: total > limitBytes ? "too large" : total > scarceBytes ? "scarce" : "fits",
  };
}

/** Zero for a value that functions do not get; undefined when this layer has none. */
function sizeDesired({ desired, shapeAt }: Environment, key: string, slot: string): number | undefined {
  const value = desired.values.get(key);
  for (const candidate of fallbacks(slot)) {
    const shape = shapeAt({ slot: candidate, key });
    if (shape === undefined || value === undefined) continue;
    return shape.scopes.includes("functions") ? Buffer.byteLength(value.reveal()) : 0;
  }
  return undefined;
}

function sizeLive(
  variable: Variable | undefined,
  slot: string,
  leaving: ReadonlySet<string> = new Set(),
): number | "unknown" | undefined {
  for (const candidate of fallbacks(slot)) {
    const value = variable?.values.find((one) => one.slot === candidate);
    if (variable === undefined || value === undefined) continue;
    if (leaving.has(placeName({ slot: candidate, key: variable.key }))) continue;
    if (!variable.scopes.includes("functions")) return 0;
    return value.masked ? "unknown" : Buffer.byteLength(value.value);
  }
  return undefined;
}

/** One sentence for one context; names the largest keys and no values. */
export function describeLoad({ slot, bytes, unknown, keys }: Load): string {
  const largest = keys
    .slice(0, 3)
    .map((one) => `${one.key} ${one.bytes}`)
    .join(", ");
  const hidden = unknown === 0 ? "" : `, not counting ${unknown} hidden ${unknown === 1 ? "value" : "values"}`;
  return `functions would get ${bytes} bytes of variables in ${slot}${hidden}, and AWS Lambda takes 4096, of which Netlify uses some (largest: ${largest})`;
}
