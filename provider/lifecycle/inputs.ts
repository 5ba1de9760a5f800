// Pure: the inputs that state records. No value is among them: fingerprints take their place, each a secret of its own.

import { digest } from "../core/fingerprint.js";
import type { Desired } from "../core/desired.js";
import type { SyncArguments } from "./arguments.js";
import { hasUnknown, type Properties, secret, toStruct, unknownValue, wireNames } from "./wire.js";

export interface Checked {
  readonly args: SyncArguments;
  readonly news: Properties;
  readonly olds: Properties;
  readonly salt: string;
  /** What was read; or that it is not known yet; or that it was not looked at. */
  readonly keys: Desired | "unknown" | "as before";
  /**
   * One line about the owned entries as they were seen. It decides nothing: `diff` answers `true` on drift, and the CLI would
   * then print every input, unless one of them differs. So the body of a drift shows this line, and our message names the keys.
   */
  readonly live?: string | undefined;
  /** The vendor's id of the target, as far as it was looked up: a name may come to mean another app, or an app another name. */
  readonly targetId?: string | undefined;
}

/** The inputs of this run. Secret values and credentials of sources stay behind. */
export function checkedInputs(checked: Checked): Properties {
  const { args, news, olds, salt, keys, live, targetId } = checked;
  const bare = {
    name: args.name,
    description: args.description,
    isEnabled: args.isEnabled,
    source: news["source"],
    destination: news["destination"],
    syncOptions: news["syncOptions"],
    connection: readConnection(news),
    keys: readFingerprints(keys, olds),
    retained: readRetained(keys, { args, olds }),
  };
  const changes = digestInputs(toStruct(bare)) !== digestInputs(olds);
  return toStruct({
    __resource: "secret-sync",
    __urn: args.urn,
    __targetId: targetId ?? olds["__targetId"],
    // Keys that were not looked at keep the names of the run that wrote them.
    __naming:
      keys === "as before" ? olds["__naming"] : { keySchema: args.options?.keySchema, environment: args.environment },
    ...bare,
    connection: sealConnection(bare.connection),
    keys: sealFingerprints(bare.keys),
    // Where the run has something to write anyway, our own last write must not look like drift.
    live: changes ? olds["live"] : live,
    salt: secret(salt),
  });
}

type Fingerprints = Readonly<Record<string, string>>;

/** The fingerprint of each key. */
function readFingerprints(keys: Checked["keys"], olds: Properties): Fingerprints | string | undefined {
  if (keys === "unknown") return unknownValue;
  // A sync that begins disabled has no keys yet: its first run is still to come.
  if (keys === "as before") return olds["keys"] as Fingerprints | undefined;
  return Object.fromEntries(keys.entries.map((entry) => [entry.key, entry.fingerprint ?? unknownValue]));
}

/** Per-key envelopes make `preview --diff` name each key and hide each fingerprint. */
function sealFingerprints(fingerprints: Fingerprints | string | undefined): unknown {
  if (typeof fingerprints !== "object") return fingerprints;
  return Object.fromEntries(
    Object.entries(fingerprints).map(([key, one]) => [key, one === unknownValue ? one : secret(one)]),
  );
}

/** Keys that left the source but stay ours under `disableSecretDeletion`: their names must outlive `keys`. */
function readRetained(
  keys: Checked["keys"],
  { args, olds }: { args: SyncArguments; olds: Properties },
): string[] | undefined {
  const before = (olds["retained"] ?? []) as string[];
  if (keys === "unknown" || keys === "as before") return before.length > 0 ? before : undefined;
  if (args.options?.disableSecretDeletion !== true) return undefined;
  const wanted = new Set(keys.keys);
  const owned = new Set([...before, ...Object.keys((olds["keys"] ?? {}) as Properties)]);
  const retained = [...owned].filter((key) => !wanted.has(key)).sort();
  return retained.length > 0 ? retained : undefined;
}

/** The destination's explicit connection: destroy runs without the program and needs it from state. */
function readConnection(news: Properties): Properties | undefined {
  const sent = news[wireNames.destinationCredentials] as Properties | undefined;
  if (sent === undefined) return undefined;
  const { app, baseUrl, credentials } = sent;
  return { app, baseUrl, credentials: hasUnknown(credentials) ? unknownValue : credentials };
}

function sealConnection(connection: Properties | undefined): Properties | undefined {
  if (connection === undefined) return undefined;
  const { credentials } = connection;
  return { ...connection, credentials: credentials === unknownValue ? credentials : secret(credentials) };
}

/** Digest of everything in the inputs that a run may have to act on. */
export function digestInputs(inputs: Properties): string {
  const acted = Object.entries(inputs).filter(([name]) => !name.startsWith("__") && name !== "salt" && name !== "live");
  return digest(Object.fromEntries(acted));
}
