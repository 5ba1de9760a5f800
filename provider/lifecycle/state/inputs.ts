// Pure: the inputs that state records, parsed at the door. No value is among them: fingerprints take their place.

import type { Naming } from "../../core/decision.js";
import { digest } from "../../core/fingerprint.js";
import {
  type Destination,
  destination as destinationSchema,
  type SyncOptions,
  syncOptions as optionsSchema,
} from "../../../schema/index.js";
import { openInputs } from "./stored-inputs.js";
import { hasUnknown, type Properties, readTimeoutMs, readUrn } from "../engine/wire.js";

/** The inputs of a SecretSync as `check` returned them, in this run or in an earlier one. */
export interface SyncInputs {
  readonly urn: string;
  readonly name: string;
  readonly resourceName: string;
  readonly isEnabled: boolean;
  /** Undefined while not known yet. */
  readonly destination: Destination | undefined;
  readonly options: SyncOptions;
  /** The fingerprint of each key; undefined for a sync that has never looked at its target. */
  readonly keys: Readonly<Record<string, string>> | undefined;
  /** Keys that left the source but stay ours. */
  readonly retained: readonly string[];
  /** Recorded by an import that no update has followed: the keys are those that were there; none of them is ours yet. */
  readonly isImported: boolean;
  readonly naming: Naming | undefined;
  readonly targetId: string | undefined;
  readonly live: string | undefined;
  readonly salt: string | undefined;
  /** Of everything that a run may have to act on. */
  readonly digest: string;
  /** Some input is not known yet, which happens in a preview only. */
  readonly hasUnknown: boolean;
  /** The option `customTimeouts` in milliseconds, if the host knows it. */
  readonly timeoutMs: number | undefined;
  /** The text that loads the provider. */
  readonly provider: unknown;
  /** All inputs as state has them. */
  readonly recorded: Properties;
}

/** Reads inputs that `check` has returned; those of a new sync are empty. */
export function readInputs(recorded: Properties): SyncInputs {
  const properties = openInputs(recorded);
  const { keys } = properties;
  const urn = readUrn(properties);
  const destination = destinationSchema.safeParse(properties["destination"]);
  const options = optionsSchema.safeParse(properties["syncOptions"] ?? {});
  return {
    urn,
    name: String(properties["name"]),
    resourceName: urn.slice(urn.lastIndexOf("::") + 2),
    isEnabled: properties["isEnabled"] !== false,
    destination: destination.success ? destination.data : undefined,
    options: options.success ? options.data : {},
    keys: typeof keys === "object" ? (keys as SyncInputs["keys"]) : undefined,
    retained: (properties["retained"] ?? []) as readonly string[],
    isImported: properties["__imported"] === true,
    naming: properties["__naming"] as Naming | undefined,
    targetId: readText(properties["__targetId"]),
    live: readLive(properties),
    salt: readText(properties["salt"]),
    digest: digestInputs(properties),
    hasUnknown: hasUnknown(properties),
    timeoutMs: readTimeoutMs(properties),
    provider: properties["__provider"],
    recorded,
  };
}

/** Every key that the sync owned when these inputs were recorded. */
export function ownedKeys({
  keys,
  retained,
  isImported,
}: Pick<SyncInputs, "keys" | "retained" | "isImported">): string[] {
  return isImported ? [] : [...Object.keys(keys ?? {}), ...retained];
}

/** Inputs that a run shows, but does not act on. */
const told = ["salt", "live", "seen"];

/** Digest of everything in the inputs that a run may have to act on. */
export function digestInputs(inputs: Properties): string {
  const acted = Object.entries(inputs).filter(([name]) => !name.startsWith("__") && !told.includes(name));
  return digest(Object.fromEntries(acted));
}

/** The line and the digest of what was seen, as one. */
function readLive(properties: Properties): string | undefined {
  const [line, seen] = [readText(properties["live"]), readText(properties["seen"])];
  return line === undefined || seen === undefined ? line : `${line} #${seen}`;
}

function readText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
