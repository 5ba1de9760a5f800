// Leaf: whose credentials a source or a destination works with, resolved, and what a live call told about them.

import type { Connection, ConnectionApp } from "../../schema/index.js";
import { redact, type Redacted } from "../redacted.js";

/** Credentials and endpoint, resolved. */
export interface Authority {
  readonly app: ConnectionApp;
  readonly credentials: ReadonlyMap<string, Redacted>;
  readonly baseUrl: string | undefined;
}

/** Whose token it is, where that may be read, and what it is known to lack. */
export interface Account {
  readonly account: string | undefined;
  /** Rights that a sync needs and that the token is known not to have. */
  readonly missingScopes?: readonly string[];
}

/** A connection's credentials as sources and destinations take them. */
export function authorityFrom({
  app,
  credentials,
  baseUrl,
}: Pick<Connection, "app" | "credentials" | "baseUrl">): Authority {
  const known = Object.entries(credentials).flatMap(([field, value]: [string, string | undefined]) =>
    value === undefined ? [] : [[field, redact(value)] as const],
  );
  return { app, credentials: new Map(known), baseUrl };
}
