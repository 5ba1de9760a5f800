// Pure: inputs as this host records them: without what every request of the engine tells by itself.

import { isDeepStrictEqual } from "node:util";
import { readSalt } from "../lifecycle/stored-inputs.js";
import type { Properties } from "../lifecycle/wire.js";
import { openPlain } from "./envelopes.js";
import { isMap } from "./plain-data.js";
import type { Recorded } from "../reconciler/memory.js";
import { openOutputs } from "./outputs.js";
import { readSubject, type Subject } from "./subject.js";

/** Inputs as the lifecycle reads them; those of a new resource stay empty. */
export function withSubject(inputs: Properties, { kind, urn }: Subject): Properties {
  if (Object.keys(inputs).length === 0) return inputs;
  return { ...inputs, __resource: kind, __urn: urn };
}

/** What a write is asked for, with the option `customTimeouts` of its resource. */
export function withTimeout(properties: Properties, timeoutMs: number | undefined): Properties {
  return timeoutMs === undefined ? properties : { ...properties, __timeoutMs: timeoutMs };
}

/** Whether the program's inputs are those of the last run to the letter, as no program can write them. */
export function isUnchanged({ olds, news }: { olds: Properties; news: Properties }): boolean {
  const recorded = openPlain(olds);
  return readSalt(recorded) !== undefined && isDeepStrictEqual(recorded, openPlain(news));
}

/** Whether no update has followed an import yet. */
export function isImported(olds: Properties): boolean {
  return olds["__imported"] === true;
}

/** Of an import only those keys become ours that the program has: the others are no difference. */
export function narrowImported(olds: Properties, news: Properties): Properties {
  const { keys } = olds;
  const wanted = news["keys"];
  if (!isImported(olds) || !isMap(keys) || !isMap(wanted)) return olds;
  return { ...olds, keys: Object.fromEntries(Object.entries(keys).filter(([key]) => Object.hasOwn(wanted, key))) };
}

/** One source stands for a list of one: paths of secrets are then the same in what comes and in what is recorded. */
export function listSources(news: Properties): Properties {
  const { source } = news;
  return isMap(source) && "type" in source ? { ...news, source: [source] } : news;
}

/** The resources of a stack as state has them, by URN, as the lifecycle reads them. */
export function openRecorded(resources: ReadonlyMap<string, Recorded>): ReadonlyMap<string, Recorded> {
  return new Map([...resources].map(([urn, recorded]) => [urn, openOne(recorded, readSubject(urn))]));
}

function openOne(recorded: Recorded, subject: Subject | undefined): Recorded {
  if (recorded.inputs === undefined || recorded.outputs === undefined || subject === undefined) return recorded;
  const inputs = withSubject(recorded.inputs, subject);
  try {
    return { inputs, outputs: openOutputs(recorded.outputs, inputs, subject) };
  } catch {
    // Somebody has edited it: it concerns whoever goes on from it, and nobody else.
    return recorded;
  }
}
