// API tokens and what each of them may do.
import { ApiError } from "./model.js";

export interface Token {
  scopes: readonly string[];
  email?: string;
}

/** Everything an unrestricted token may do here. */
export const ALL_SCOPES: readonly string[] = [
  "account:read",
  "app:read",
  "app:create",
  "app:update",
  "app:delete",
  "app:access_console",
  "actions:read",
  "database:read",
  "database:create",
  "database:update",
  "database:view_credentials",
  "project:read",
  "project:assign_resource",
  "regions:read",
  "sizes:read",
];

export const FORBIDDEN = "You are not authorized to perform this operation";

export const DEFAULT_TOKEN = `dop_v1_${"e".repeat(64)}`;

export function bearer(header: string | undefined): string {
  return /^Bearer (\S+)$/i.exec(header ?? "")?.[1] ?? "";
}

export function findToken(tokens: Map<string, Token>, presented: string): Token {
  const token = tokens.get(presented);
  if (!token) throw new ApiError(401, "unauthorized", "Unable to authenticate you.");
  return token;
}

export function requireScope(token: Token, scope: string): void {
  if (!token.scopes.includes(scope)) throw new ApiError(403, "forbidden", FORBIDDEN);
}
