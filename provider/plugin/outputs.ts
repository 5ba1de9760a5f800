// Pure: outputs as this host keeps them: what is secret in them is sealed, credentials are in the inputs alone, and what every request
// of the engine tells is left out.

import { joinConnection, splitConnection } from "../lifecycle/state.js";
import { type Properties, secret } from "../lifecycle/wire.js";
import { open } from "./envelopes.js";
import { isKey, isSealed, seal, unseal } from "./sealing.js";
import type { Subject } from "./subject.js";

/** The input that keeps the credentials of explicit connections. */
export const credentialsInput = "__credentials";

/** Outputs of the lifecycle, for the engine. */
export function closeOutputs(outputs: Properties, inputs: Properties): Properties {
  const { properties, secrets } = open(outputs);
  const salt = inputs["salt"];
  const members = Object.entries(properties).filter(([name]) => !name.startsWith("__"));
  return Object.fromEntries(
    members.map(([name, value]) => {
      const isSecret = name === "record" || secrets.has(JSON.stringify([name]));
      if (!isSecret) return [name, value];
      const text = name === "record" ? splitConnection(String(value)).record : String(value);
      return [name, isKey(salt) ? seal(text, salt, name) : secret(text)];
    }),
  );
}

/** Outputs as the lifecycle left them. What cannot be opened is left out: nothing is then provably ours. */
export function openOutputs(outputs: Properties, inputs: Properties, subject: Subject): Properties {
  const opened = Object.entries(outputs).map(([name, value]) => [name, openOutput(name, value, inputs)] as const);
  const known = Object.fromEntries(opened.filter(([, value]) => value !== undefined));
  return { ...known, __resource: subject.kind, __urn: subject.urn };
}

function openOutput(name: string, value: unknown, inputs: Properties): unknown {
  const salt = inputs["salt"];
  const text = isSealed(value) ? (isKey(salt) ? unseal(value, salt, name) : undefined) : value;
  if (name !== "record" || typeof text !== "string") return text;
  return joinConnection(text, readKept(inputs).destination);
}

/** Credentials that the inputs of an earlier run keep: of the destination, and of sources by their place in the list. */
export interface KeptCredentials {
  readonly destination?: Properties | undefined;
  readonly sources?: Readonly<Record<string, Properties>> | undefined;
}

export function readKept(inputs: Properties): KeptCredentials {
  return inputs[credentialsInput] ?? {};
}
