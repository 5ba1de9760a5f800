// Pure: what the program sends, under names of its own. The names of the wire are read here and nowhere else; nothing is parsed yet.

import { connectionArguments } from "../../argument-names.js";
import type { Declared } from "../../reconciler/batch/arrivals.js";
import { hasUnknown, type Properties, readUrn } from "../engine/wire.js";

/** The raw inputs of a SecretSync: any member may be missing, not known yet, or wrong. */
export interface SentSync {
  readonly urn: unknown;
  readonly resourceName: unknown;
  readonly stack: unknown;
  /** `organization/project/stack`. */
  readonly stackPath: unknown;
  /** Undefined if the host does not know it in `check`. */
  readonly isDryRun: boolean | undefined;
  /** Random text that a saved plan and its update share, if the engine gives one. */
  readonly seed: unknown;
  readonly settledAt: unknown;
  /** The resource option `customTimeouts`. */
  readonly timeouts: unknown;
  readonly name: unknown;
  readonly description: unknown;
  readonly isEnabled: unknown;
  readonly source: unknown;
  /** The program's own list of sources; `source` differs from it if the engine puts the recorded list back. */
  readonly declaredSources: unknown;
  readonly destination: unknown;
  readonly syncOptions: unknown;
  /** Inline values and environments of commands, by the source's index in the list. */
  readonly values: unknown;
  /** The explicit connection of the destination. */
  readonly connection: unknown;
  /** The connections of the sources, by the source's index in the list. */
  readonly sourceConnections: unknown;
}

/** FROZEN name of the text in which the program sends what is no argument: every property of a resource costs the SDK and the engine time. */
export const programInput = "__program";

/** What the program sends, each part under its own name, as programs of earlier versions send it. */
export function openProgram(news: Properties): Properties {
  const { [programInput]: text, ...rest } = news;
  return typeof text === "string" ? { ...rest, ...(JSON.parse(text) as Properties) } : news;
}

/** FROZEN names: programs of every version send them. */
export function readSent(news: Properties): SentSync {
  return {
    urn: news["__urn"],
    resourceName: news["__resourceName"],
    stack: news["__stack"],
    stackPath: news["__stackPath"],
    isDryRun: readDryRun(news),
    seed: news["__seed"],
    settledAt: news["__settledAt"],
    timeouts: news["__timeouts"],
    name: news["name"],
    description: news["description"],
    isEnabled: news["isEnabled"],
    source: news["source"],
    declaredSources: news["__sources"],
    destination: news["destination"],
    syncOptions: news["syncOptions"],
    values: news["__values"],
    connection: news["__authority"],
    sourceConnections: news["__authorities"],
  };
}

/** The same names, for a host whose programs do not send them. Members that are undefined are not sent. */
export function writeSent(sent: Partial<SentSync>): Properties {
  const written = {
    __urn: sent.urn,
    __resourceName: sent.resourceName,
    __stack: sent.stack,
    __stackPath: sent.stackPath,
    // Null means not known; a missing member was taken away by `ignoreChanges`.
    __dryRun: sent.isDryRun ?? null,
    __seed: sent.seed,
    __settledAt: sent.settledAt,
    __timeouts: sent.timeouts,
    name: sent.name,
    description: sent.description,
    isEnabled: sent.isEnabled,
    source: sent.source,
    destination: sent.destination,
    syncOptions: sent.syncOptions,
    __values: sent.values,
    __authority: sent.connection,
    __authorities: sent.sourceConnections,
  };
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
}

/** What the program says about the syncs that it has declared for the same target. A program in another language says nothing. */
export function readDeclared(news: Properties): Declared | undefined {
  const told = news["__declared"];
  if (typeof told !== "object" || told === null) return undefined;
  const { group, count, steps } = told as Properties;
  if (typeof group !== "string" || typeof count !== "number") return undefined;
  return { group, count, ...(typeof steps === "number" ? { steps } : {}) };
}

/** The full name of the stack. */
export function readStack(news: Properties): string | undefined {
  const { stackPath } = readSent(news);
  return typeof stackPath === "string" ? stackPath : undefined;
}

/** The URNs under which state may have the sync, too, by the option `aliases`. A program in another language says nothing. */
export function readAliases(news: Properties): readonly string[] {
  const given = news["__aliases"];
  return Array.isArray(given) ? given.filter((one) => typeof one === "string") : [];
}

type ConnectionArgument = keyof typeof connectionArguments.known;

const connectionArgs = Object.keys(connectionArguments.known) as ConnectionArgument[];

/** The raw inputs of a Connection. */
export interface SentConnection {
  readonly urn: string;
  readonly resourceName: string;
  readonly isDryRun: boolean | undefined;
  readonly seed: unknown;
  /** The given arguments, under the names of the schema. */
  readonly args: Readonly<Partial<Record<ConnectionArgument, unknown>>>;
}

export function readSentConnection(news: Properties): SentConnection {
  const given = connectionArgs.filter((name) => news[name] !== undefined).map((name) => [name, news[name]] as const);
  return {
    urn: readUrn(news),
    resourceName: String(news["__resourceName"]),
    isDryRun: readDryRun(news),
    seed: news["__seed"],
    args: Object.fromEntries(given),
  };
}

/** What the program says, if it does. Only a preview has unknown inputs, so these show it, too. */
function readDryRun(news: Properties): boolean | undefined {
  const told = news["__dryRun"];
  if (typeof told === "boolean") return told;
  return hasUnknown(news) ? true : undefined;
}
