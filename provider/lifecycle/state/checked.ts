// Pure: what `check` returns: the inputs of this run without values. Fingerprints take their place.

import type { Desired } from "../../core/desired.js";
import { canonical, fingerprint } from "../../core/fingerprint.js";
import { redact } from "../../redacted.js";
import type { SyncArguments } from "../arguments/arguments.js";
import { digestInputs, ownedKeys, type SyncInputs } from "./inputs.js";
import type { RunSalt } from "./salt.js";
import type { SentSync } from "../arguments/sent.js";
import { closeInputs } from "./stored-inputs.js";
import { hasUnknown, type Properties, toStruct, unknownValue } from "../engine/wire.js";

export interface Checked {
  readonly args: SyncArguments;
  readonly sent: SentSync;
  readonly olds: SyncInputs;
  readonly run: RunSalt;
  /** What was read; or that it is not known yet; or that it was not looked at. */
  readonly keys: Desired | "unknown" | "as before";
  /**
   * One line about the owned entries as observed. It decides nothing: `diff` answers `true` on drift, and the CLI would then
   * print every input, unless one of them differs. So the body of a drift shows this line, and our message names the keys.
   */
  readonly live?: string | undefined;
  /** The vendor's id of the target, if it was looked up: a name may come to mean another app, or an app may get another name. */
  readonly targetId?: string | undefined;
}

/** The inputs of this run. Secret values and credentials of sources stay behind. */
export function writeInputs(checked: Checked): Properties {
  const { args, sent, olds, run, keys, live, targetId } = checked;
  const isHidden = run.isDrawn && args.isPreview === true;
  const bare = {
    name: args.name,
    description: args.description,
    // Nobody knows whether anything will be done: a preview of a sync that may be disabled by the update is no preview of an unchanged one.
    isEnabled: sent.isEnabled === unknownValue ? unknownValue : args.isEnabled,
    source: sent.source,
    destination: sent.destination,
    syncOptions: sent.syncOptions,
    connection: describeConnection(sent, run),
    keys: pickFingerprints(keys, olds),
    retained: findRetained(keys, { args, olds }),
  };
  const changes = digestInputs(toStruct(bare)) !== olds.digest;
  const facts = {
    __urn: args.urn,
    __targetId: targetId ?? olds.targetId,
    // Keys that were not looked at keep the names of the run that wrote them, and are owned as little as after an import.
    __naming: keys === "as before" ? olds.naming : nameKeys(args),
    __imported: keys === "as before" && olds.isImported ? true : undefined,
    ...bare,
    // Where the run has something to write anyway, our own last write must not look like drift.
    ...splitLive(changes ? olds.live : live),
    salt: isHidden ? unknownValue : run.salt,
  };
  return closeInputs(toStruct(facts), olds.recorded);
}

type Fingerprints = Readonly<Record<string, string>>;

/** The fingerprint of each key. */
function pickFingerprints(keys: Checked["keys"], olds: SyncInputs): Fingerprints | string | undefined {
  if (keys === "unknown") return unknownValue;
  // A sync that starts out disabled has no keys yet: its first run is still to come.
  if (keys === "as before") return olds.keys;
  return Object.fromEntries(keys.entries.map((entry) => [entry.key, entry.fingerprint ?? unknownValue]));
}

/** The count is for people. The digest covers readable values, and a short one could be guessed from it. */
function splitLive(line: string | undefined): Properties {
  const at = line?.indexOf(" #") ?? -1;
  return at < 0 ? { live: line } : { live: line?.slice(0, at), seen: line?.slice(at + 2) };
}

/** Keys that left the source but stay ours under `disableSecretDeletion`: `keys` no longer has their names. */
function findRetained(
  keys: Checked["keys"],
  { args, olds }: { args: SyncArguments; olds: SyncInputs },
): readonly string[] | undefined {
  if (keys === "unknown" || keys === "as before") return olds.retained.length > 0 ? olds.retained : undefined;
  if (args.options?.disableSecretDeletion !== true) return undefined;
  const wanted = new Set(keys.keys);
  const retained = [...new Set(ownedKeys(olds))].filter((key) => !wanted.has(key)).sort();
  return retained.length > 0 ? retained : undefined;
}

/**
 * The destination's explicit connection, so that another token is a change that reaches the outputs, which destroy needs. It leaves out
 * the token itself: a preview answers the program with these inputs, and a debug log shows the answer.
 */
function describeConnection({ connection: sent }: SentSync, { salt }: RunSalt): Properties | undefined {
  if (typeof sent !== "object" || sent === null) return undefined;
  const { app, baseUrl, credentials } = sent as Properties;
  const isKnown = !hasUnknown(credentials);
  return { app, baseUrl, credentials: isKnown ? fingerprint(salt, redact(canonical(credentials))) : unknownValue };
}

function nameKeys({ options, environment }: SyncArguments): Properties {
  return { keySchema: options?.keySchema, environment };
}
