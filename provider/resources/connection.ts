// Program side: the Connection resource. It keeps the credentials for the syncs of this program, and none in its state.

import * as pulumi from "@pulumi/pulumi";
import { connectionArguments } from "../argument-names.js";
import type { DigitalOceanConnectionArgs, NetlifyConnectionArgs } from "./destination-connection-args.js";
import { readHost, withHost } from "./host.js";
import { refuseImport } from "./import-option.js";
import { nameInErrors, refuseUnknown } from "./known-arguments.js";
import { refuseOldNode } from "./old-node.js";
import { refuseOddData, requirePlain } from "./plain-data.js";
import { typeToken } from "../type-tokens.js";
import { addressInputs, hideDiffs, hideInputs, programInputs } from "./registration.js";
import type { SourceConnectionArgs } from "./source-connection-args.js";

/** Arguments of a {@link Connection}, told apart by `app`. */
export type ConnectionArgs = DigitalOceanConnectionArgs | NetlifyConnectionArgs | SourceConnectionArgs;

/** What a sync takes from a connection, inside the program. */
export interface SealedConnection {
  readonly app: string;
  readonly method: string;
  readonly credentials: Record<string, pulumi.Output<string>>;
  readonly baseUrl?: pulumi.Input<string>;
}

/**
 * Fields of the reference that accept a single value, so an editor has nothing to offer. A program that comes from there may keep them;
 * `check` refuses every other value.
 */
interface Unsupported {
  readonly isPlatformManagedCredentials?: unknown;
  readonly isAutoRotationEnabled?: unknown;
  readonly gatewayId?: unknown;
  readonly rotation?: unknown;
}

const brand = Symbol.for("pulumi-secret-sync.Connection");

/**
 * Credentials for a source or a destination.
 *
 * Creating it or changing its credentials makes one live call that proves them; other changes make none.
 * Errors: `argument.invalid` for a wrong field, `http.unauthorized` and `http.forbidden` for a refused token.
 */
export class Connection extends pulumi.CustomResource {
  /** Always true for connections of this package, even across two copies of it. */
  readonly [brand]: true = true;
  /** Goes up by one with every change. */
  declare public readonly version: pulumi.Output<number>;
  /** The token's owner, if the token may read it, and rights it is known to lack: `owner@example.com, lacks app:update`, `unknown`. */
  declare public readonly account: pulumi.Output<string>;
  /** Keyed fingerprint of the credentials; a secret. */
  declare public readonly credentialsHash: pulumi.Output<string>;
  /** RFC 3339 time of the creation. */
  declare public readonly createdAt: pulumi.Output<string>;
  /** RFC 3339 time of the last change. */
  declare public readonly updatedAt: pulumi.Output<string>;
  /** @internal The credentials for the syncs of this program. They are not a property of the resource. */
  declare readonly sealed: () => SealedConnection;

  constructor(name: string, args: ConnectionArgs, opts: pulumi.CustomResourceOptions = {}) {
    refuseOldNode();
    const host = readHost();
    const type = typeToken("Connection", host);
    const sealed = nameInErrors(`Connection ${JSON.stringify(name)}`, () => {
      refuseImport(opts, "declare it without, for a connection is nothing but its credentials");
      requirePlain(args, "the second argument");
      refuseUnknown(args, connectionArguments);
      refuseOddData(args, "");
      return sealConnection(args);
    });
    const { isPlatformManagedCredentials, isAutoRotationEnabled, gatewayId, rotation } = args as Unsupported;
    const inputs: pulumi.Inputs = {
      app: args.app,
      method: args.method,
      name: args.name,
      description: args.description,
      baseUrl: args.baseUrl,
      isPlatformManagedCredentials,
      isAutoRotationEnabled,
      gatewayId,
      rotation,
      credentials: sealed.credentials,
      version: undefined,
      account: undefined,
      credentialsHash: undefined,
      createdAt: undefined,
      updatedAt: undefined,
      __resource: "connection",
      ...addressInputs({ host, type, name, opts }),
      ...programInputs(name),
    };
    super(type, name, inputs, withHost("Connection", host, hideDiffs(opts)));
    hideInputs(this, ["credentials"]);
    // A closure, not data: nothing that walks or prints the resource meets the credentials.
    Object.defineProperty(this, "sealed", { value: () => sealed, enumerable: false });
  }

  /** Whether a value is a connection, of this or another copy of the package. */
  static override isInstance(value: unknown): value is Connection {
    return typeof value === "object" && value !== null && (value as { [brand]?: unknown })[brand] === true;
  }
}

/** Credentials are secrets whatever the program says. */
export function sealConnection(args: ConnectionArgs): SealedConnection {
  requirePlain(args.credentials, "credentials");
  const credentials = Object.fromEntries(
    Object.entries(args.credentials).flatMap(([field, value]: [string, pulumi.Input<string> | undefined]) =>
      value === undefined ? [] : [[field, pulumi.secret(value)]],
    ),
  );
  return {
    app: args.app,
    method: args.method,
    credentials,
    ...(args.baseUrl === undefined ? {} : { baseUrl: args.baseUrl }),
  };
}
