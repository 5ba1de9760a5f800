// Pure: a short name for credentials and origin, the same for all that may share requests. It reveals nothing about the secrets.

import { createHash } from "node:crypto";
import type { Credentials } from "./credentials.js";

/** By the origin of requests, because a base URL may be left out, or written in several ways. */
export function identifyCredentials({ fields }: Credentials, origin: string, part = ""): string {
  const secrets = [...fields].map(([field, value]) => [field, value.reveal()]);
  return createHash("sha256")
    .update(JSON.stringify([origin, part, secrets]))
    .digest("base64url");
}
