// Pure: outputs as this host keeps them: what is secret in them is sealed, credentials are in the inputs only, and what every request
// of the engine contains is left out.

import { readSalt } from "../lifecycle/state/stored-inputs.js";
import { joinRecord, splitRecord } from "../lifecycle/state/stored-record.js";
import { type Properties, secret } from "../lifecycle/engine/wire.js";
import { open, openPlain } from "./envelopes.js";
import { isKey, isSealed, seal, unseal } from "./sealing.js";
import type { Subject } from "./subject.js";

/** The input that keeps the credentials of explicit connections. */
export const credentialsInput = "__credentials";

/**
 * Outputs of the lifecycle, for the engine. What they repeat of the inputs stays secret where it is secret there. After a look, `like` are
 * the recorded outputs: what nobody has changed must be the same.
 */
export function closeOutputs(outputs: Properties, inputs: Properties, like = inputs): Properties {
  const { properties, secrets } = open(outputs);
  const before = open(like);
  const salt = readKey(openPlain(inputs));
  const hide = (text: string, name: string) => (salt === undefined ? secret(text) : seal(text, salt, name));
  const members = Object.entries(properties).filter(([name]) => !name.startsWith("__"));
  return Object.fromEntries(
    members.map(([name, value]) => {
      if (name === "record") return [name, hide(splitRecord(String(value), salt).record, name)];
      if (isMarked(secrets, name) || isSealed(before.properties[name])) return [name, hide(String(value), name)];
      return [name, isMarked(before.secrets, name) ? secret(value) : value];
    }),
  );
}

/** What a preview knows of the outputs. */
export function keepSecrets(outputs: Properties, inputs: Properties): Properties {
  const { secrets } = open(inputs);
  const members = Object.entries(outputs);
  return Object.fromEntries(members.map(([name, value]) => [name, isMarked(secrets, name) ? secret(value) : value]));
}

/** Whether a property is a secret, or contains one. */
function isMarked(secrets: ReadonlySet<string>, name: string): boolean {
  const path = JSON.stringify([name]);
  return secrets.has(path) || [...secrets].some((one) => one.startsWith(`${path.slice(0, -1)},`));
}

/** Outputs as the lifecycle left them. What cannot be opened is left out: then nothing is provably ours. */
export function openOutputs(outputs: Properties, inputs: Properties, subject: Subject): Properties {
  const opened = Object.entries(outputs).map(([name, value]) => [name, openOutput(name, value, inputs)] as const);
  const known = Object.fromEntries(opened.filter(([, value]) => value !== undefined));
  return { ...known, __resource: subject.kind, __urn: subject.urn };
}

function openOutput(name: string, value: unknown, inputs: Properties): unknown {
  const salt = readKey(inputs);
  const text = isSealed(value) ? salt && unseal(value, salt, name) : value;
  if (name !== "record" || typeof text !== "string") return text;
  return joinRecord(text, { salt, connection: readKept(inputs).destination });
}

/** The key of sealed outputs, if the inputs hold one. */
function readKey(inputs: Properties): string | undefined {
  const salt = readSalt(inputs);
  return isKey(salt) ? salt : undefined;
}

/** Credentials that the inputs of an earlier run keep: of the destination, and of sources by their index in the list. */
export interface KeptCredentials {
  readonly destination?: Properties | undefined;
  readonly sources?: Readonly<Record<string, Properties>> | undefined;
}

export function readKept(inputs: Properties): KeptCredentials {
  return inputs[credentialsInput] ?? {};
}
