// Pure: what a deployment was made from: the spec that was stored at that time, or a copy of an earlier deployment.
// https://docs.digitalocean.com/reference/api/reference/apps/ lists the types; that `cloned_from` is always there is not promised.

import type { Deployment } from "./wire.js";

/** `unknown` where the answer leaves out what would tell. */
type Making = "stored" | "copy" | "unknown";

/** A person's rollback stores the earlier spec; the platform's own one and a restart only run it. */
export function readMaking({ cloned_from: clonedFrom, cause_details: details }: Deployment): Making {
  const { type, digitalocean_user_action: action } = details ?? {};
  if (type === "MANUAL_ROLLBACK") return "stored";
  if (type === "AUTO_ROLLBACK" || action?.name === "RESTART") return "copy";
  // Whoever made the clone: a person's rollback is one as well.
  if (clonedFrom) return type ? "copy" : "unknown";
  return action?.name ? "stored" : "unknown";
}

export function isCopy(deployment: Deployment): boolean {
  return readMaking(deployment) === "copy";
}
