// Pure: which credentials an argument `connection` means: a Connection of this program, arguments in its place, or what the last run kept,
// if this run does not reach the Connection.

import type { Problem } from "../errors.js";
import { hasUnknown, type Properties, unknownValue } from "../lifecycle/engine/wire.js";
import { ResourceReference } from "./envelopes.js";
import type { KeptCredentials } from "./outputs.js";
import { isMap, withoutNulls } from "./plain-data.js";

export interface KnownConnections {
  /** Arguments of a Connection that was checked in this process. */
  readonly recall: (urn: string) => Properties | undefined;
  /** What the inputs of the last run keep. */
  readonly kept: KeptCredentials;
}

export interface FoundConnection {
  /** As `check` reads it; undefined if none is given. */
  readonly connection?: unknown;
  /** For the inputs; undefined while unknown. */
  readonly kept?: Properties | undefined;
  readonly problem?: Problem;
}

interface Wanted extends Pick<KnownConnections, "recall"> {
  /** The source or the destination, for messages. */
  readonly path: string;
  readonly old: Properties | undefined;
}

/** The connection of one source or of the destination. */
export function findConnection(part: unknown, { recall, path, old }: Wanted): FoundConnection {
  const given = isMap(part) ? part["connection"] : undefined;
  if (given === undefined || given === null) return {};
  if (given === unknownValue) return { connection: given };
  if (!(given instanceof ResourceReference)) return take(given, undefined);
  const known = recall(given.urn);
  if (known !== undefined) return take(known, given.urn);
  // With `--target` the engine leaves the Connection out, and passes the recorded one.
  if (old !== undefined && old["of"] === given.urn) return take(old, given.urn);
  return { problem: outOfReach(path, given.urn) };
}

/** Arguments in the place of a Connection go on as they are, for `check` to refuse what no connection has. Inputs keep what is needed. */
function take(given: unknown, urn: string | undefined): FoundConnection {
  if (!isMap(given)) return { connection: given };
  const needed = keepNeeded(given);
  const connection = urn === undefined ? (withoutNulls(given) as Properties) : needed;
  if (hasUnknown(needed)) return { connection };
  return { connection, kept: { ...needed, ...(urn === undefined ? {} : { of: urn }) } };
}

/** What makes a client. */
export function keepNeeded({ app, method, credentials, baseUrl }: Properties): Properties {
  return { app, method, credentials, ...(baseUrl === undefined || baseUrl === null ? {} : { baseUrl }) };
}

function outOfReach(path: string, urn: string): Problem {
  const name = urn.slice(urn.lastIndexOf("::") + 2);
  return {
    code: "connection.missing",
    message:
      `${path}.connection: this provider has not seen the arguments of the Connection ${JSON.stringify(name)} in this run, and state keeps no credentials of it for this sync; ` +
      `run without --target, or add one for it; give both the same provider; and take ignoreChanges: ["*"] off the Connection for this run`,
  };
}
