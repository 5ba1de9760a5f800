// Pure but for its memory: one session per authority, so that syncs share its login, its connections and its pace.

import { createHash } from "node:crypto";
import type { Authority } from "../connections/authority.js";

/** Remembers what was opened for the same credentials, endpoint and, where the vendor has them, namespace. */
export function createSessions<S>(
  open: (authority: Authority, part: string) => S,
): (authority: Authority, part?: string) => S {
  const sessions = new Map<string, S>();
  return (authority, part = "") => {
    const name = nameSession(authority, part);
    const session = sessions.get(name) ?? open(authority, part);
    sessions.set(name, session);
    return session;
  };
}

function nameSession({ app, baseUrl, credentials }: Authority, part: string): string {
  const secrets = [...credentials].map(([field, value]) => [field, value.reveal()]);
  return createHash("sha256")
    .update(JSON.stringify([app, baseUrl ?? null, part, secrets]))
    .digest("base64url");
}
