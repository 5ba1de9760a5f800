// Program side: the SecretSync resource. It separates secret values from their description and seals them before they leave.

import * as pulumi from "@pulumi/pulumi";
import { Connection, sealConnection, type SealedConnection } from "./connection.js";
import { refuseUnknown } from "./known-arguments.js";
import { refuseOldNode } from "./old-node.js";
import { hiddenInputs, hideInputs, typeToken } from "./registration.js";
import type { DestinationArgs, SecretSyncArgs } from "./secret-sync-args.js";
import type { RemoteSourceArgs, SourceArgs } from "./source-args.js";

/**
 * Reconciles secrets from sources into one destination. Only keys that this sync wrote are ever changed or removed;
 * everything else at the destination survives. No value is kept in state.
 */
export class SecretSync extends pulumi.CustomResource {
  /** `succeeded`; `written-not-live`: stored, but the deployment failed; `failed`: the write could not be confirmed; `disabled`. */
  declare public readonly syncStatus: pulumi.Output<"succeeded" | "written-not-live" | "failed" | "disabled">;
  /** RFC 3339 time of the last run that wrote. */
  declare public readonly lastSyncedAt: pulumi.Output<string | undefined>;
  /** What the last run did, in counts, or why it failed. Never a value. */
  declare public readonly lastSyncMessage: pulumi.Output<string>;
  /** The vendor's id of the last deployment or build that this sync started. */
  declare public readonly lastDeploymentId: pulumi.Output<string | undefined>;
  /** +1 with every write. */
  declare public readonly version: pulumi.Output<number>;
  /** Destination keys that this sync owns. */
  declare public readonly managedKeys: pulumi.Output<string[]>;
  /** The vendor's id of the app, site or team. */
  declare public readonly targetId: pulumi.Output<string>;
  /** The address of the app or site, where it has one. */
  declare public readonly targetUrl: pulumi.Output<string | undefined>;
  /** What the last refresh found changed at the destination; places, scopes and types only. */
  declare public readonly drift: pulumi.Output<string[]>;

  constructor(name: string, args: SecretSyncArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseOldNode();
    const type = typeToken("SecretSync");
    const sources = readSources(args);
    const connection = args.destination?.connection;
    const inputs: pulumi.Inputs = {
      name: args.name,
      description: args.description,
      isEnabled: args.isEnabled,
      source: sources.map(describeSource),
      destination: describeDestination(args.destination),
      syncOptions: args.syncOptions,
      __settledAt: settledAt(args.destination),
      __values: Object.fromEntries(sources.map((source, index) => [String(index), listSecrets(source)])),
      // FROZEN names, as lifecycle/sent.ts reads them.
      __authority: connection === undefined ? undefined : sealCredentials(connection),
      __authorities: sealSourceCredentials(sources),
      ...hiddenInputs({ kind: "secret-sync", type, name, opts }),
    };
    super(
      type,
      name,
      { ...withoutAbsent(inputs), ...outputs },
      withDependencies(opts, [connection, ...sources.map(readConnection)]),
    );
    hideInputs(this, ["__values", "__authority", "__authorities"]);
  }

  /** Whether something is a SecretSync, also one of another copy of this package. */
  static override isInstance(value: unknown): value is SecretSync {
    return (
      pulumi.CustomResource.isInstance(value) &&
      (value as { __pulumiType?: string }).__pulumiType === typeToken("SecretSync")
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
  targetId: undefined,
  targetUrl: undefined,
  drift: undefined,
};

const known = {
  name: true,
  description: true,
  source: true,
  destination: true,
  syncOptions: true,
  isEnabled: true,
} as const;

/** The program makes an output of every input, also of one that is not there. */
function withoutAbsent(inputs: pulumi.Inputs): pulumi.Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}

/** Mistakes that types would have told are told in words before anything is registered. */
function readSources(args: SecretSyncArgs): SourceArgs[] {
  const { source, destination } = args ?? {};
  refuseUnknown<SecretSyncArgs>(args, known);
  refuseUnlessPlain(source, "source");
  refuseUnlessPlain(destination, "destination");
  const sources = Array.isArray(source) ? source : [source];
  if (sources.length === 0) throw new pulumi.RunError("argument.invalid: source must hold at least one source");
  sources.forEach((one, index) => refuseUnlessPlain(one, sources.length > 1 ? `source[${index}]` : "source"));
  return sources;
}

function refuseUnlessPlain(value: unknown, name: string): void {
  const isPlain =
    typeof value === "object" && value !== null && !pulumi.Output.isInstance(value) && !(value instanceof Promise);
  if (isPlain) return;
  throw new pulumi.RunError(`argument.invalid: ${name} has to be a plain object; its members may be outputs`);
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
 * Inline values and the environment of a command. Plain texts travel as one JSON text: an output for each of many keys costs the
 * program seconds. Where there are outputs, each value is a secret of its own, so that those which are known can be read.
 */
function listSecrets(source: SourceArgs): pulumi.Input<unknown> {
  const map = source.type === "inline" ? source.values : source.type === "exec" ? source.env : undefined;
  if (map === undefined) return {};
  // An undefined member would vanish on the wire, and a vanished key would be removed at the destination: null is refused by name.
  if (pulumi.Output.isInstance(map) || map instanceof Promise)
    return pulumi.secret(pulumi.output(map).apply(withNulls));
  if (Object.values(map).every((value) => typeof value === "string")) return pulumi.secret(JSON.stringify(map));
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, pulumi.secret(value)]));
}

function withNulls(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, value === undefined ? null : value]));
}

function describeDestination(destination: DestinationArgs): pulumi.Inputs {
  const { connection: _connection, ...rest } = destination;
  return rest;
}

/**
 * When the address became known. Where it comes from a resource of this program, that resource may just have changed the target
 * (a `digitalocean.App` wipes foreign envs): what another sync saw earlier in this run is no answer then.
 */
function settledAt({ connection: _connection, ...rest }: DestinationArgs): pulumi.Input<number> | undefined {
  const pending = Object.values(rest).filter((field) => pulumi.Output.isInstance(field));
  if (pending.length === 0 || pulumi.runtime.isDryRun()) return undefined;
  return pulumi.all(pending).apply(() => Date.now());
}

type AnyConnection = DestinationArgs["connection"] | RemoteSourceArgs["connection"];

/** The credentials travel beside the destination; `check` keeps only what destroy will need. */
function sealCredentials(connection: NonNullable<AnyConnection>): pulumi.Inputs {
  const sealed: SealedConnection = Connection.isInstance(connection) ? connection.sealed() : sealConnection(connection);
  return { ...sealed };
}

function readConnection(source: SourceArgs): AnyConnection {
  return "connection" in source ? source.connection : undefined;
}

/** By the source's place in the list, as with inline values; `check` keeps none of them. */
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
