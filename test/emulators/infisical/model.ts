// Test side: what an Infisical instance holds, reduced to what a reader of secrets can notice.

import type { StoredConnection } from "./connections.js";
import type { StoredSync } from "./syncs.js";

export interface Secret {
  readonly value: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** `personal`: an override of one user. */
  readonly type?: "shared" | "personal";
}

export interface Import {
  readonly environment: string;
  readonly path: string;
  readonly isReplication?: boolean;
}

export interface Folder {
  readonly secrets: Readonly<Record<string, string | Secret>>;
  /** In order; the last one wins. What an imported folder imports comes with it, one level deep, after its own. */
  readonly imports?: readonly Import[];
}

/** Environment slug → path → folder. */
export type Project = Readonly<Record<string, Readonly<Record<string, Folder>>>>;

/** `describe`: names without values. `none`: not even names, and without an error. */
export type Access = "read" | "describe" | "none";

export interface Identity {
  readonly clientId: string;
  readonly clientSecret: string;
  /** @default everything may be read */
  readonly access?: (environment: string, path: string) => Access;
  /** Whether it may read which imports a folder declares. @default everywhere */
  readonly seesImports?: (environment: string, path: string) => boolean;
  /** What its role lets it see besides secrets. @default both */
  readonly sees?: readonly ("secret-syncs" | "app-connections")[];
  /** Seconds that a token lives. @default 7200 */
  readonly ttl?: number;
  /**
   * The one folder of a service token: the server answers for it, whatever is asked
   * (Infisical: backend/src/server/routes/v4/secret-router.ts).
   */
  readonly scope?: { readonly projectId: string; readonly environment: string; readonly path: string };
  /** How often a token may be used; 0: without end. @default 0 */
  readonly tokenUses?: number;
}

export interface Instance {
  readonly projects: Map<string, Project>;
  readonly identities: Identity[];
  /** Token → whose it is. */
  readonly tokens: Map<string, { readonly identity: Identity; readonly until: number; uses: number }>;
  /** `v3`: a server before `/api/v4` and `/api/v2/secret-imports`. */
  generation: "v3" | "v4";
  /** How a token is refused that has expired or is none: recent servers have one answer for a wrong token and another for a revoked one. */
  wrongToken: "UnauthorizedError" | "TokenError";
  /** What a value is that may only be described: recent servers refuse the whole call, others send a placeholder. */
  hidden: "forbid" | "placeholder";
  /** Older servers answer an unknown folder with nothing. */
  missingFolder: "not-found" | "empty";
  /** An import that may not be read: older servers leave it out, newer ones leave out its secrets and keep the import. */
  hiddenImport: "left out" | "empty";
  /** Whether tags and metadata select among imported secrets, too. Where they do not, imported secrets come whole and without their tags. */
  selectsImports: boolean;
  /** A protection policy: changes wait until somebody approves them. */
  approval: boolean;
  /** App connections of the organisation. */
  readonly connections: StoredConnection[];
  readonly syncs: StoredSync[];
  /**
   * How a sync is told: in the words of the server's schema, or in those of the documentation's samples, which have `isEnabled`,
   * `syncOptions.autoSyncEnabled` and the destination `digital-ocean`.
   */
  syncWords: "served" | "documented";
  /** Whether a connection of a project may have the name of another place's, which the API reference does not say. */
  connectionNames: "once" | "once per place";
}

export function createInstance(): Instance {
  return {
    projects: new Map(),
    identities: [],
    tokens: new Map(),
    generation: "v4",
    wrongToken: "UnauthorizedError",
    hidden: "forbid",
    missingFolder: "not-found",
    hiddenImport: "empty",
    selectsImports: false,
    approval: false,
    connections: [],
    syncs: [],
    syncWords: "served",
    connectionNames: "once",
  };
}

/** An answer that is no success, in the server's own shape. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    message: string,
  ) {
    super(message);
  }
}

export function asSecret(secret: string | Secret): Secret {
  return typeof secret === "string" ? { value: secret } : secret;
}
