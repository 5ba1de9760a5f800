// Pure: inputs as this host records them: without what every request of the engine contains anyway.

import { isDeepStrictEqual } from "node:util";
import { readSalt } from "../lifecycle/state/stored-inputs.js";
import type { Properties } from "../lifecycle/engine/wire.js";
import { openPlain } from "./envelopes.js";
import { isMap } from "./plain-data.js";
import type { Recorded } from "../reconciler/past.js";
import { openOutputs } from "./outputs.js";
import { readSubject, type Subject } from "./subject.js";
import { isOfDynamic } from "./takeover.js";

/** Inputs as the lifecycle reads them; those of a new resource stay empty. */
export function withSubject(inputs: Properties, { kind, urn }: Subject): Properties {
  if (Object.keys(inputs).length === 0) return inputs;
  return { ...inputs, __resource: kind, __urn: urn };
}

/** The properties of a write, with the option `customTimeouts` of its resource. */
export function withTimeout(properties: Properties, timeoutMs: number | undefined): Properties {
  return timeoutMs === undefined ? properties : { ...properties, __timeoutMs: timeoutMs };
}

/** Whether the program's inputs are exactly those of the last run, which no program can write. */
export function isUnchanged({ olds, news }: { olds: Properties; news: Properties }): boolean {
  const recorded = openPlain(olds);
  return readSalt(recorded) !== undefined && isDeepStrictEqual(recorded, openPlain(news));
}

/** Whether no update has followed an import yet. */
export function isImported(olds: Properties): boolean {
  return olds["__imported"] === true;
}

/** Only those keys of an import become ours that the program has: the others make no difference. */
export function narrowImported(olds: Properties, news: Properties): Properties {
  const { keys } = olds;
  const wanted = news["keys"];
  if (!isImported(olds) || !isMap(keys) || !isMap(wanted)) return olds;
  return { ...olds, keys: Object.fromEntries(Object.entries(keys).filter(([key]) => Object.hasOwn(wanted, key))) };
}

/** A single source becomes a list of one, so that paths of secrets are the same in what comes and in what is recorded. */
export function listSources(news: Properties): Properties {
  const { source } = news;
  return isMap(source) && "type" in source ? { ...news, source: [source] } : news;
}

/** The syncs of a stack as state has them, by URN, as the lifecycle reads them. */
export function openRecorded(resources: ReadonlyMap<string, Recorded>): ReadonlyMap<string, Recorded> {
  return new Map([...resources].map(([urn, recorded]) => [urn, openOne(recorded, urn)]));
}

/** With another host the engine gives the new URN to what the former one has left, too. */
function openOne({ pending, ...given }: Recorded, urn: string): Recorded {
  const recorded = pending === undefined ? given : { ...given, pending: pending.map((one) => openOne(one, urn)) };
  if (recorded.inputs === undefined || recorded.outputs === undefined) return recorded;
  if (readSubject(urn) === undefined && isOfDynamic(recorded.inputs)) return recorded;
  const subject: Subject = { urn, kind: "secret-sync", name: "", stack: "" };
  const inputs = withSubject(recorded.inputs, subject);
  try {
    return { ...recorded, inputs, outputs: openOutputs(recorded.outputs, inputs, subject) };
  } catch {
    // Somebody has edited it: that matters only to a sync that goes on from it.
    return recorded;
  }
}
