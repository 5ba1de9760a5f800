// Pure: does for programs in every language what the TypeScript classes do in the program: secrets and credentials leave the description
// of a sync and travel beside it, under the names that `check` reads.

import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../errors.js";
import { readSent, type SentSync, writeSent } from "../lifecycle/arguments/sent.js";
import { hasUnknown, type Properties, unknownValue } from "../lifecycle/engine/wire.js";
import { type FoundConnection, findConnection, keepNeeded, type KnownConnections } from "./connections.js";
import { isMap, withoutNulls } from "./plain-data.js";
import type { Subject } from "./subject.js";

export interface Separated {
  /** The arguments as `check` expects them. */
  readonly news: Properties;
  /** Explicit connections, to be kept for runs that bring none. */
  readonly kept: Properties | undefined;
  readonly problems: readonly Problem[];
  /** Indexes of commands that have an environment, which their recorded description does not show. */
  readonly commands?: readonly number[];
}

/** The TypeScript classes separate their arguments themselves. */
export function isSeparated(news: Properties): boolean {
  return news["__urn"] !== undefined;
}

export function readSeparated(news: Properties): Separated {
  const { connection } = readSent(news);
  // Sources need theirs only together with the program, which brings them.
  const needed = isMap(connection) ? keepNeeded(connection) : undefined;
  const kept = needed === undefined || hasUnknown(needed) ? undefined : { destination: needed };
  return { news, kept, problems: [] };
}

/** Inputs that `check` reads but no program writes. */
export interface Told {
  readonly settledAt: number | undefined;
  /** The inputs of the last run. */
  readonly olds: Properties;
}

/** The input that records which commands have an environment. */
export const commandsInput = "__commands";

export function separateSync(news: Properties, subject: Subject, input: KnownConnections & Told): Separated {
  const sources: readonly unknown[] = Array.isArray(news["source"]) ? news["source"] : [news["source"]];
  const destination = findConnection(news["destination"], {
    ...input,
    path: "destination",
    old: input.kept.destination,
  });
  const found = sources.map((source, index) => {
    const path = sources.length > 1 ? `source[${index}]` : "source";
    return findConnection(source, { ...input, path, old: input.kept.sources?.[String(index)] });
  });
  const sent: Partial<SentSync> = {
    ...describeSubject(subject),
    settledAt: input.settledAt,
    source: sources.map(describeSource),
    destination: withoutNulls(without(news["destination"], "connection")),
    values: byPlace(sources.map((source) => listSecrets(source))),
    connection: destination.connection,
    sourceConnections: byPlace(found.map(({ connection }) => connection)),
  };
  // Anything else may be recorded inputs that `ignoreChanges` has put back: `check` reports them.
  const rest = withoutNulls(news) as Properties;
  return {
    news: { ...rest, ...writeSent(sent) },
    kept: keep(destination, found),
    problems: [
      ...[destination, ...found].flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
      ...sources.flatMap((source, index) =>
        hasLostValues(source, { index, olds: input.olds }) ? [refuse(index, sources)] : [],
      ),
    ],
    commands: sources.flatMap((source, index) => (isMap(source) && isMap(source["env"]) ? [index] : [])),
  };
}

export function separateConnection(news: Properties, subject: Subject): Separated {
  const rest = withoutNulls(news) as Properties;
  return { news: { ...rest, ...writeSent(describeSubject(subject)) }, kept: undefined, problems: [] };
}

/** The stack's own name is enough: this process runs in the program's folder, where the CLI knows it. */
function describeSubject({ urn, name, stack }: Subject): Partial<SentSync> {
  return { urn, resourceName: name, stack, stackPath: stack };
}

/** The description without secrets: it stays readable in state and in diffs. */
function describeSource(source: unknown): unknown {
  const secrets = isMap(source) ? secretMember(source) : undefined;
  return withoutNulls(without(secrets === undefined ? source : without(source, secrets), "connection"));
}

/** Inline values and the environment of a command; undefined if the program gives none. */
function listSecrets(source: unknown): unknown {
  if (source === unknownValue) return source;
  const member = isMap(source) ? secretMember(source) : undefined;
  if (member === undefined || !isMap(source)) return {};
  const given = source[member] ?? (member === "env" ? {} : undefined);
  // A text would be read as the JSON that the TypeScript class makes of a map.
  return given === undefined || given === unknownValue || isMap(given) ? given : null;
}

function secretMember({ type }: Properties): "values" | "env" | undefined {
  if (type === "inline") return "values";
  return type === "exec" ? "env" : undefined;
}

/**
 * Whether these are the recorded inline values, as `ignoreChanges` puts them back. A command may do without an environment, so that only
 * the comparison, which is told the option, knows whether it was taken away.
 */
function hasLostValues(source: unknown, { index, olds }: { index: number; olds: Properties }): boolean {
  if (!isMap(source) || source["type"] !== "inline" || source["values"] !== undefined) return false;
  const { source: recorded } = olds;
  return Array.isArray(recorded) && isDeepStrictEqual(recorded[index], describeSource(source));
}

function refuse(index: number, { length }: readonly unknown[]): Problem {
  const path = length > 1 ? `source[${index}]` : "source";
  return {
    code: "source.ignored",
    message: `${path}: ignoreChanges keeps the recorded source, and its secrets are in no state, so nothing is written or removed; take "source" out of ignoreChanges, or freeze the whole sync with ignoreChanges: ["*"]`,
  };
}

/** By the source's index in the list; undefined if there is nothing for any of them. */
function byPlace(parts: readonly unknown[]): Properties | undefined {
  const given = parts.flatMap((part, index) => (part === undefined ? [] : [[String(index), part] as const]));
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function keep(destination: FoundConnection, sources: readonly FoundConnection[]): Properties | undefined {
  const known = byPlace(sources.map(({ kept }) => kept));
  if (destination.kept === undefined && known === undefined) return undefined;
  return { ...(destination.kept && { destination: destination.kept }), ...(known && { sources: known }) };
}

function without(value: unknown, name: string): unknown {
  if (!isMap(value)) return value;
  const { [name]: _left, ...rest } = value;
  return rest;
}
