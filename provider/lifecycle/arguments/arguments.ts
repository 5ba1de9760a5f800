// Pure: unknown-aware parsing of what the program sends. Each part is known, not known yet, or wrong.

import type { ZodType } from "zod";
import type { Problem } from "../../errors.js";
import type { Redacted } from "../../redacted.js";
import { type Credentials, resolveCredentials } from "../../credentials/credentials.js";
import { nameApp } from "../../credentials/destination-lookup.js";
import { addressFields } from "../../destinations/address.js";
import {
  type ConnectionApp,
  connection as connectionSchema,
  description as descriptionSchema,
  destination as destinationSchema,
  type Destination,
  type Source,
  secretSync,
  source as sourceSchema,
  syncName,
  type SyncOptions,
  syncOptions as optionsSchema,
} from "../../../schema/index.js";
import { describeIssues, nameKind } from "./issues.js";
import type { Part } from "./known-fields.js";
import { findOddValues, findWrongMap, isUnknownMap, listSecrets } from "./secret-maps.js";
import type { SentSync } from "./sent.js";
import { readTimeouts, type Timeouts } from "./timeouts.js";
import { hasUnknown, unknownValue } from "../engine/wire.js";

/** One source with the secrets and credentials that travel beside it; undefined values are not known yet. */
export interface SourceArguments {
  readonly source: Source;
  readonly secrets: ReadonlyMap<string, Redacted | undefined>;
  readonly credentials: Credentials | undefined;
}

/** The arguments of a sync. Undefined parts are not known yet, or wrong and reported in `problems`. */
export interface SyncArguments {
  readonly urn: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly isEnabled: boolean;
  /** Undefined until the write that follows shows it. */
  readonly isPreview: boolean | undefined;
  readonly sources: readonly SourceArguments[] | undefined;
  /** The sources that can be read now, even if others are wrong or not known yet. */
  readonly readable: readonly SourceArguments[];
  /** Complete but for a target that does not exist yet. */
  readonly destination: Destination | undefined;
  /** False while the target's address, or the credentials, do not exist yet. */
  readonly isAddressed: boolean;
  /** When the target's address was settled, if a resource of this run had to be waited for. */
  readonly settledAt: number | undefined;
  readonly credentials: Credentials | undefined;
  readonly timeouts: Timeouts;
  readonly options: SyncOptions | undefined;
  readonly environment: string;
  /** `organization/project/stack`. */
  readonly stack: string | undefined;
  readonly problems: readonly Problem[];
}

/** Reads everything, and reports everything that is wrong. */
export function readArguments(sent: SentSync): SyncArguments {
  const problems: Problem[] = [];
  const others = listParts(sent);
  const part = <T>(schema: ZodType<T>, value: unknown, name: string) =>
    parsePart({ name, schema, value }, { others, problems });
  const resourceName = text(sent.resourceName) ?? "secret-sync";
  const sources: readonly unknown[] = Array.isArray(sent.source) ? sent.source : [sent.source];
  const parsed = sources.map((value, index) => {
    const path = sources.length > 1 ? `source[${index}]` : "source";
    const source = part(sourceSchema, withEmptyValues(value), path);
    const wrong = source === undefined ? [] : findWrongMap(sent.values, { index, type: source.type, path });
    problems.push(...wrong, ...findOddValues(sent.values, { index, type: source?.type, path }));
    if (wrong.length > 0) return undefined;
    const secrets = listSecrets(sent.values, index);
    return source && withCredentials({ source, secrets }, sent, { index, path, problems });
  });
  problems.push(...refuseNone(sources));
  const { syncOptions: given = {} } = sent;
  const options = part(optionsSchema, given, "syncOptions");
  return {
    urn: text(sent.urn) ?? resourceName,
    name: sent.name === undefined ? slugify(resourceName) : (part(syncName, sent.name, "name") ?? resourceName),
    description: sent.description === undefined ? undefined : part(descriptionSchema, sent.description, "description"),
    isEnabled: readSwitch(sent.isEnabled, problems),
    isPreview: sent.isDryRun,
    sources: allKnown(parsed),
    readable: parsed.filter((one) => one !== undefined).filter(isReadable),
    destination: part(destinationSchema, sent.destination, "destination"),
    isAddressed: !hasUnknown(sent.destination) && !hasUnknown(sent.connection),
    settledAt: typeof sent.settledAt === "number" ? sent.settledAt : undefined,
    credentials: readCredentials(sent.connection, { path: "destination.connection", problems, wanted: findApp(sent) }),
    timeouts: readTimeouts(sent.timeouts),
    options,
    environment: options?.environment ?? findEnvironment(parsed) ?? text(sent.stack) ?? "",
    stack: text(sent.stackPath),
    problems,
  };
}

/** The parts that a misplaced field may belong to. */
function listParts({ source, destination, syncOptions }: SentSync): Part[] {
  const first: unknown = Array.isArray(source) ? source[0] : source;
  return [
    { name: "syncOptions", schema: optionsSchema, value: syncOptions },
    { name: "destination", schema: destinationSchema, value: destination },
    { name: "source", schema: sourceSchema, value: first },
    { name: "the arguments of the sync", schema: topSchema, value: undefined },
  ];
}

const topSchema = secretSync.pick({ name: true, description: true, isEnabled: true });

function parsePart<T>(
  whole: Part & { readonly schema: ZodType<T> },
  { others, problems }: { others: readonly Part[]; problems: Problem[] },
): T | undefined {
  const { schema, value } = whole;
  const parsed = schema.safeParse(value);
  // What has parsed is a map.
  if (parsed.success) return hasUnknown(withoutAddress(value as object)) ? undefined : parsed.data;
  problems.push(...describeIssues(parsed.error.issues, { whole, others }));
  return undefined;
}

/** Inline values travel beside the source; the schema of the public arguments asks for them here. */
function withEmptyValues(value: unknown): unknown {
  const inline = typeof value === "object" && value !== null && "type" in value && value.type === "inline";
  return inline ? { ...value, values: {} } : value;
}

/** To the schema, an address that is not known yet is a text like any other; other unknown fields are not. */
function withoutAddress(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([field]) => !addressFields.includes(field)));
}

function refuseNone(sources: readonly unknown[]): Problem[] {
  return sources.length > 0 ? [] : [{ code: "argument.invalid", message: "source: must hold at least one source" }];
}

function allKnown<T>(parts: readonly (T | undefined)[]): T[] | undefined {
  const known = parts.filter((part) => part !== undefined);
  return parts.length > 0 && known.length === parts.length ? known : undefined;
}

function readSwitch(value: unknown, problems: Problem[]): boolean {
  if (value === undefined || value === unknownValue) return true;
  if (typeof value === "boolean") return value;
  problems.push({ code: "argument.invalid", message: `isEnabled: must be true or false, not ${nameKind(value)}` });
  return true;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== unknownValue ? value : undefined;
}

/** Resource names are free; names of syncs are slugs. */
export function slugify(name: string): string {
  const slug = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return slug === "" ? "secret-sync" : slug.slice(0, 256);
}

/** Whether secrets are missing that a source cannot be read without. A single inline value may be missing. */
export function hasUnknownSecrets(sent: SentSync, sources: readonly SourceArguments[]): boolean {
  if (sent.values === unknownValue || !sources.every(isReadable)) return true;
  return sources.some((_source, index) => isUnknownMap(sent.values, index));
}

/** An inline source passes on unknown values; a command cannot run without a part of its environment. */
function isReadable({ source, secrets }: SourceArguments): boolean {
  return source.type === "inline" || ![...secrets.values()].includes(undefined);
}

/** A connection that is not known yet makes its source unknown as a whole: without credentials nothing can be read. */
function withCredentials(
  known: Omit<SourceArguments, "credentials">,
  { sourceConnections: all }: SentSync,
  { index, path, problems }: { index: number; path: string; problems: Problem[] },
): SourceArguments | undefined {
  const own = all === unknownValue ? all : (all as Record<string, unknown> | undefined)?.[String(index)];
  if (own === undefined) return { ...known, credentials: undefined };
  if (hasUnknown(own)) return undefined;
  const credentials = readCredentials(own, { path: `${path}.connection`, problems });
  return credentials && { ...known, credentials };
}

/** The environment that a source itself is about; of several, the last, because its values win, too. */
function findEnvironment(sources: readonly (SourceArguments | undefined)[]): string | undefined {
  return sources
    .map((known) => (known !== undefined && "environment" in known.source ? known.source.environment : undefined))
    .findLast((environment) => environment !== undefined);
}

/** The app whose connection the destination needs. */
function findApp({ destination }: SentSync): ConnectionApp | undefined {
  const { data } = destinationSchema.safeParse(destination);
  return data && nameApp(data.type);
}

function readCredentials(
  value: unknown,
  { path, problems, wanted }: { path: string; problems: Problem[]; wanted?: ConnectionApp | undefined },
): Credentials | undefined {
  if (value === undefined) return undefined;
  if (hasUnknown(value)) {
    // Credentials that do not exist yet open a target that cannot be observed.
    const { app } = typeof value === "object" && value !== null ? (value as Partial<Credentials>) : {};
    const given = app === undefined || hasUnknown(app) ? wanted : app;
    return given && { app: given, fields: new Map(), baseUrl: undefined };
  }
  const parsed = parsePart({ name: path, schema: connectionSchema, value }, { others: [], problems });
  return parsed && resolveCredentials(parsed);
}
