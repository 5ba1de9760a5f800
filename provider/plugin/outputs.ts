// Pure: outputs as this host keeps them: what is secret in them is sealed, credentials are in the inputs only, and what every request
// of the engine contains is left out.

import { readSalt } from "../lifecycle/state/stored-inputs.js";
import { joinRecord, splitRecord } from "../lifecycle/state/stored-record.js";
import { type Properties, secret } from "../lifecycle/engine/wire.js";
import { open } from "./envelopes.js";
import { isKey, isSealed, seal, unseal } from "./sealing.js";
import type { Subject } from "./subject.js";

/** The input that keeps the credentials of explicit connections. */
export const credentialsInput = "__credentials";

/** Outputs of the lifecycle, for the engine. */
export function closeOutputs(outputs: Properties, inputs: Properties): Properties {
  const { properties, secrets } = open(outputs);
  const salt = readKey(inputs);
  const members = Object.entries(properties).filter(([name]) => !name.startsWith("__"));
  return Object.fromEntries(
    members.map(([name, value]) => {
      const isSecret = name === "record" || secrets.has(JSON.stringify([name]));
      if (!isSecret) return [name, value];
      const text = name === "record" ? splitRecord(String(value), salt).record : String(value);
      return [name, salt === undefined ? secret(text) : seal(text, salt, name)];
    }),
  );
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
