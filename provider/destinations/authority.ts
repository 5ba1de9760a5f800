// Pure: a short name for credentials and endpoint, the same for syncs whose requests may be shared. It tells nothing of the token.

import { createHash } from "node:crypto";
import type { Authority } from "./destination.js";

/** By the origin that requests go to, because a base URL may be left out, or written in several ways. */
export function nameAuthority({ credentials }: Authority, origin: string): string {
  const secrets = [...credentials.values()].map((value) => value.reveal()).join("\u0000");
  return createHash("sha256").update(`${origin}\u0000${secrets}`).digest("base64url");
}
