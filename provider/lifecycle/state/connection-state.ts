// Pure: what state keeps of a Connection, as inputs and as outputs. It holds no credentials.

import { digestInputs } from "./inputs.js";
import { hasUnknown, type Properties, readUrn, secret, toStruct, unknownValue } from "../engine/wire.js";

/** The inputs of a Connection as `check` returned them; without an earlier run, its members are missing. */
export interface ConnectionInputs {
  readonly urn: string;
  readonly app: unknown;
  readonly method: unknown;
  readonly baseUrl: unknown;
  readonly credentialsHash: unknown;
  readonly salt: string | undefined;
  readonly digest: string;
  readonly hasUnknown: boolean;
  /** The arguments that outputs repeat. */
  readonly visible: Properties;
}

export function readConnectionInputs(properties: Properties): ConnectionInputs {
  const { salt, ...visible } = properties;
  const { app, method, baseUrl, credentialsHash } = visible;
  return {
    urn: readUrn(properties),
    app,
    method,
    baseUrl,
    credentialsHash,
    salt: typeof salt === "string" ? salt : undefined,
    digest: digestInputs(properties),
    hasUnknown: hasUnknown(properties),
    visible,
  };
}

export interface CheckedConnection {
  readonly urn: string;
  readonly args: Properties;
  /** Undefined while the credentials are not known yet. */
  readonly credentialsHash: string | undefined;
  readonly salt: string;
  /** The salt belongs to a preview: the update draws another one. */
  readonly isHidden: boolean;
}

/** Inputs without credentials. */
export function writeConnectionInputs(checked: CheckedConnection): Properties {
  const { urn, args, credentialsHash, salt, isHidden } = checked;
  const { app, method, name, description, baseUrl } = args;
  return toStruct({
    app,
    method,
    name,
    description,
    baseUrl,
    __resource: "connection",
    __urn: urn,
    credentialsHash: credentialsHash === undefined ? unknownValue : secret(isHidden ? unknownValue : credentialsHash),
    salt: secret(isHidden ? unknownValue : salt),
  });
}

/** The outputs of a Connection. */
export interface ConnectionState {
  readonly app: unknown;
  readonly method: unknown;
  readonly baseUrl: unknown;
  readonly credentialsHash: unknown;
  readonly account: string;
  readonly version: number;
  readonly createdAt: string;
  /** Digest of the inputs of the last run that changed anything. */
  readonly digest: unknown;
}

export function readConnectionState(properties: Properties): ConnectionState {
  const { app, method, baseUrl, credentialsHash, account, version, createdAt, mark } = properties;
  return {
    app,
    method,
    baseUrl,
    credentialsHash,
    account: String(account),
    version: Number(version ?? 0),
    createdAt: String(createdAt),
    digest: mark,
  };
}

export interface ConnectionFacts {
  readonly account: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** FROZEN name: `mark` is the digest of the inputs. */
export function writeConnectionState({ visible, digest }: ConnectionInputs, facts: ConnectionFacts): Properties {
  return toStruct({ ...visible, ...facts, mark: secret(digest) });
}
