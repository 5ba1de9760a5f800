// Pure: the credentials that a source or a destination works with, resolved, and what a live call shows about them.

import type { Connection, ConnectionApp } from "../../schema/index.js";
import { redact, type Redacted } from "../redacted.js";

/** Credentials and endpoint, resolved. */
export interface Credentials {
  readonly app: ConnectionApp;
  readonly fields: ReadonlyMap<string, Redacted>;
  readonly baseUrl: string | undefined;
  /** The namespace of sources that name none, if it is set outside of the program; one among the fields goes before. */
  readonly namespace?: string | undefined;
  /** Where they were found, for the person who has to replace them: `the environment variable NETLIFY_AUTH_TOKEN`. */
  readonly foundIn?: string;
}

/** The owner of a token, if that may be read, and what it is known to lack. */
export interface Account {
  readonly account: string | undefined;
  /** Rights that a sync needs, but that the token is known not to have. */
  readonly missingScopes?: readonly string[];
}

/** Where to find credentials without a connection. */
export interface CredentialSettings {
  readonly config: (key: string) => string | undefined;
  /** How a person writes such a key; undefined for one that cannot be set. Missing if it is the key itself. */
  readonly nameConfig?: ((key: string) => string | undefined) | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** There is no program and no stack, so neither a connection nor stack configuration can help. */
  readonly isBare?: boolean;
}

/** A key of stack configuration as a person writes it; undefined if it cannot be set. */
export function nameConfig(key: string, settings: Pick<CredentialSettings, "nameConfig">): string | undefined {
  return settings.nameConfig === undefined ? key : settings.nameConfig(key);
}

/** Follows the word for refused credentials. */
export function tellOrigin({ foundIn }: Pick<Credentials, "foundIn">): string {
  return foundIn === undefined ? "" : ` from ${foundIn}`;
}

/** A connection's credentials as sources and destinations take them. */
export function resolveCredentials({
  app,
  credentials,
  baseUrl,
}: Pick<Connection, "app" | "credentials" | "baseUrl">): Credentials {
  const known = Object.entries(credentials).flatMap(([field, value]: [string, string | undefined]) =>
    value === undefined ? [] : [[field, redact(value)] as const],
  );
  return { app, fields: new Map(known), baseUrl };
}
