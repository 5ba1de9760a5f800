// Pure: a short name for credentials and origin, the same for whoever may share requests. It tells nothing of the secrets.

import { createHash } from "node:crypto";
import type { Credentials } from "./credentials.js";

/** By the origin that requests go to, because a base URL may be left out, or written in several ways. */
export function identifyCredentials({ fields }: Credentials, origin: string, part = ""): string {
  const secrets = [...fields].map(([field, value]) => [field, value.reveal()]);
  return createHash("sha256")
    .update(JSON.stringify([origin, part, secrets]))
    .digest("base64url");
}
