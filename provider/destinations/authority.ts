// Pure: a short name for credentials and endpoint, the same for syncs whose requests may be shared. It tells nothing of the token.

import { createHash } from "node:crypto";
import type { Authority } from "./destination.js";

export function nameAuthority({ baseUrl, credentials }: Authority): string {
  const secrets = [...credentials.values()].map((value) => value.reveal()).join("\u0000");
  return createHash("sha256")
    .update(`${baseUrl ?? ""}\u0000${secrets}`)
    .digest("base64url");
}
