// Program side: the SecretSync resource. It separates secret values from their description and seals them before they leave.

import * as pulumi from "@pulumi/pulumi";
import { syncArguments } from "../argument-names.js";
import { listFormerUrns } from "./aliases.js";
import { Connection, sealConnection } from "./connection.js";
import { readHost, withHost } from "./host.js";
import { refuseImport } from "./import-option.js";
import { nameInErrors, refuseUnknown } from "./known-arguments.js";
import { refuseOldNode } from "./old-node.js";
import { isKnown, isLater, isPlain, keepPlain, refuseOddData, requireMap, requirePlain } from "./plain-data.js";
import { addressInputs, hideDiffs, hideInputs, programInputs, type Registration } from "./registration.js";
import type { DestinationArgs, SecretSyncArgs } from "./secret-sync-args.js";
import { countSiblings } from "./siblings.js";
import type { RemoteSourceArgs, SourceArgs } from "./source-args.js";
import { readType, typeToken } from "../type-tokens.js";

/**
 * Reconciles secrets from sources into one destination. Only keys that this sync wrote are ever changed or removed;
 * everything else at the destination survives. No value is kept in state.
 */
export class SecretSync extends pulumi.CustomResource {
  /** `succeeded`; `written-not-live`: stored, but not seen live by this sync; `failed`: the write could not be confirmed; `disabled`. */
  declare public readonly syncStatus: pulumi.Output<"succeeded" | "written-not-live" | "failed" | "disabled">;
  /** RFC 3339 time of the last run that wrote, even if its values are not live yet. */
  declare public readonly lastSyncedAt: pulumi.Output<string | undefined>;
  /** What the last run did, in counts, or why it failed. Never a value. */
  declare public readonly lastSyncMessage: pulumi.Output<string>;
  /** The vendor's id of the last deployment or build that this sync started. */
  declare public readonly lastDeploymentId: pulumi.Output<string | undefined>;
  /** Goes up by one with every write. */
  declare public readonly version: pulumi.Output<number>;
  /** Destination keys that this sync owns. */
  declare public readonly managedKeys: pulumi.Output<string[]>;
  /** Owned keys that were adopted; destroy gives them back with `onDestroy: "restore"`. */
  declare public readonly adoptedKeys: pulumi.Output<string[] | undefined>;
  /** The vendor's id of the app, site or team. */
  declare public readonly targetId: pulumi.Output<string>;
  /** The last recorded name of the app, site or team. */
  declare public readonly targetName: pulumi.Output<string | undefined>;
  /** The address of the app or site, if it has one. */
  declare public readonly targetUrl: pulumi.Output<string | undefined>;
  /** Changes that the last refresh found at the destination: places, scopes and types only. */
  declare public readonly drift: pulumi.Output<string[]>;

  constructor(name: string, args: SecretSyncArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseOldNode();
    const host = readHost();
    const type = typeToken("SecretSync", host);
    const options = withHost("SecretSync", host, hideDiffs(opts));
    const { present, connections } = nameInErrors(`SecretSync ${JSON.stringify(name)}`, () => {
      if (host === "dynamic")
        refuseImport(opts, "declare the sync, and take over existing keys with syncOptions.adoptExisting");
      return readArgs(args, { host, type, name, opts: options });
    });
    super(type, name, { ...present, ...outputs }, withDependencies(options, connections));
    hideInputs(this, ["__values", "__authority", "__authorities", "__program", "keys"]);
  }

  /** Whether a value is a SecretSync, of this or another copy of the package. */
  static override isInstance(value: unknown): value is SecretSync {
    return (
      pulumi.CustomResource.isInstance(value) &&
      readType((value as { __pulumiType?: string }).__pulumiType ?? "")?.resource === "SecretSync"
    );
  }
}

const outputs = {
  syncStatus: undefined,
  lastSyncedAt: undefined,
  lastSyncMessage: undefined,
  lastDeploymentId: undefined,
  version: undefined,
  managedKeys: undefined,
  adoptedKeys: undefined,
  targetId: undefined,
  targetName: undefined,
  targetUrl: undefined,
  drift: undefined,
};

/** @throws RunError for every mistake that can be seen in the program */
function readArgs(
  args: SecretSyncArgs,
  resource: Registration,
): { present: pulumi.Inputs; connections: AnyConnection[] } {
  const sources = readSources(args);
  const connection = args.destination?.connection;
  const described = sources.map(describeSource);
  const inputs: pulumi.Inputs = {
    name: args.name,
    description: args.description,
    isEnabled: args.isEnabled,
    source: described,
    destination: describeDestination(args.destination),
    syncOptions: isLater(args.syncOptions) ? keepPlain(args.syncOptions) : args.syncOptions,
    __settledAt: settledAt(args.destination),
    __values: Object.fromEntries(
      sources.map((source, index) => [String(index), listSecrets(source, nameSource(sources, index))]),
    ),
    // FROZEN names, as lifecycle/sent.ts reads them.
    __authority: connection === undefined ? undefined : sealCredentials(connection),
    __authorities: sealSourceCredentials(sources),
    // `check` writes it. An ignored path into it, also one that a transform adds, puts a recorded member here, and is refused by name.
    keys: {},
    ...addressInputs(resource),
  };
  return {
    present: joinHidden(withoutAbsent(inputs), { args, described, resource }),
    connections: [connection, ...sources.map(readConnection)],
  };
}

interface Declared {
  readonly args: SecretSyncArgs;
  /** Secrets go by the place in this list; with `ignoreChanges` the engine replaces the one that is an argument. */
  readonly described: readonly pulumi.Inputs[];
  readonly resource: Registration;
}

/** Known inputs that are not arguments travel as one text, because every property of a resource costs the SDK and the engine time. */
function joinHidden(inputs: pulumi.Inputs, declared: Declared): pulumi.Inputs {
  const { described } = declared;
  const separate = isKnown(described) ? inputs : { ...inputs, __sources: described };
  const __sent = Object.keys(separate).filter((input) => input.startsWith("__"));
  const __sources = isKnown(described) ? described : undefined;
  return { ...separate, __program: describeProgram({ __sources, __sent }, declared) };
}

function describeProgram(facts: Readonly<Record<string, unknown>>, { args, resource }: Declared): pulumi.Input<string> {
  const { name, opts } = resource;
  const known = {
    ...facts,
    ...programInputs(name),
    __ignored: opts.ignoreChanges,
    __timeouts: opts.customTimeouts,
  };
  const told = Promise.all([countSiblings(args, opts), listFormerUrns(resource)]);
  return told.then(([__declared, __aliases]) => JSON.stringify({ ...known, __declared, __aliases }));
}

/** The SDK makes an output of every input, even of one that is not there. */
function withoutAbsent(inputs: pulumi.Inputs): pulumi.Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}

/** Reports mistakes that types would have caught, before anything is registered. */
function readSources(args: SecretSyncArgs): SourceArgs[] {
  requirePlain(args, "the second argument");
  const { source, destination, syncOptions } = args;
  refuseUnknown(args, syncArguments);
  const sources = Array.isArray(source) ? source : [source];
  if (sources.length === 0) throw new pulumi.RunError("argument.invalid: source must hold at least one source");
  sources.forEach((one, index) => refuseOddPart(one, nameSource(sources, index)));
  refuseOddPart(destination, "destination");
  if (syncOptions !== undefined && !isLater(syncOptions)) requirePlain(syncOptions, "syncOptions");
  const { source: _source, destination: _destination, ...rest } = args;
  refuseOddData(rest, "");
  return sources;
}

/** A source or a destination; secret values and connections are checked separately. */
function refuseOddPart(part: unknown, name: string): void {
  requirePlain(part, name);
  const { values: _values, env: _env, connection, ...rest } = part;
  refuseOddData(rest, name);
  if (connection === undefined || Connection.isInstance(connection)) return;
  requirePlain(connection, `${name}.connection`);
  refuseOddData(connection, `${name}.connection`);
}

function nameSource(sources: readonly SourceArgs[], index: number): string {
  return sources.length > 1 ? `source[${index}]` : "source";
}

/** The description without secrets: it stays readable in state and in diffs. */
function describeSource(source: SourceArgs): pulumi.Inputs {
  if (source.type === "inline") {
    const { values: _values, ...rest } = source;
    return rest;
  }
  if (source.type === "exec") {
    const { env: _env, ...rest } = source;
    return rest;
  }
  if ("connection" in source) {
    const { connection: _connection, ...rest } = source;
    return rest;
  }
  return source;
}

/**
 * Inline values and the environment of a command. Plain texts travel as one JSON text: an output for each of many keys costs the program
 * seconds. If there are outputs, each value is a secret of its own, so that the known ones can be read.
 */
function listSecrets(source: SourceArgs, name: string): pulumi.Input<unknown> {
  const given = readSecretMap(source, name);
  if (given === undefined) return {};
  const map = requireMap(...given);
  // An undefined member would vanish on the wire, and a vanished key would be removed at the destination: null is refused by name.
  if (pulumi.Output.isInstance(map)) return pulumi.secret(map.apply(withNulls));
  if (Object.values(map).every((value) => typeof value === "string")) return pulumi.secret(JSON.stringify(map));
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, pulumi.secret(value)]));
}

/** A command needs no environment of its own; inline values must be there. */
function readSecretMap(source: SourceArgs, name: string): [map: unknown, name: string] | undefined {
  if (source.type === "inline") return [source.values, `${name}.values`];
  return source.type === "exec" && source.env !== undefined ? [source.env, `${name}.env`] : undefined;
}

function withNulls(map: unknown): Record<string, unknown> | null {
  if (!isPlain(map)) return null;
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value === undefined ? null : value]));
}

function describeDestination(destination: DestinationArgs): pulumi.Inputs {
  const { connection: _connection, ...rest } = destination;
  return rest;
}

/**
 * When the address became known. If it comes from a resource of this program, that resource may just have changed the target (a
 * `digitalocean.App` wipes foreign envs), so what another sync saw earlier in this run does not count.
 */
function settledAt({ connection: _connection, ...rest }: DestinationArgs): pulumi.Input<number> | undefined {
  const pending = Object.values(rest).filter((field) => pulumi.Output.isInstance(field));
  if (pending.length === 0 || pulumi.runtime.isDryRun()) return undefined;
  return pulumi.all(pending).apply(() => Date.now());
}

type AnyConnection = DestinationArgs["connection"] | RemoteSourceArgs["connection"];

/**
 * The credentials travel beside the destination; `check` keeps only what destroy will need. A field that no connection has goes with them,
 * to be refused: without a misspelt `baseUrl` the credentials would go to the public service.
 */
function sealCredentials(connection: NonNullable<AnyConnection>): pulumi.Inputs {
  return Connection.isInstance(connection)
    ? { ...connection.sealed() }
    : { ...connection, ...sealConnection(connection) };
}

function readConnection(source: SourceArgs): AnyConnection {
  return "connection" in source ? source.connection : undefined;
}

/** By the source's place in the list, like inline values; `check` keeps none of them. */
function sealSourceCredentials(sources: readonly SourceArgs[]): pulumi.Inputs | undefined {
  const sealed = sources.flatMap((source, index) => {
    const connection = readConnection(source);
    return connection === undefined ? [] : [[String(index), sealCredentials(connection)] as const];
  });
  return sealed.length === 0 ? undefined : Object.fromEntries(sealed);
}

/** A refused token fails at the connection first. */
function withDependencies(
  opts: pulumi.CustomResourceOptions,
  connections: readonly AnyConnection[],
): pulumi.CustomResourceOptions {
  const resources = connections.filter((connection) => Connection.isInstance(connection));
  return resources.length === 0 ? opts : pulumi.mergeOptions(opts, { dependsOn: [...new Set(resources)] });
}
