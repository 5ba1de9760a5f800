// Pure: what a deployment was made from: the spec that was stored at that time, or a copy of an earlier deployment.
// https://docs.digitalocean.com/reference/api/reference/apps/ lists the types, but does not promise that `cloned_from` is always there.

import type { Deployment } from "../wire.js";

/** `unknown` if the answer leaves out what would show it. */
type Making = "stored" | "copy" | "unknown";

/** A person's rollback stores the earlier spec; the platform's own one and a restart only run it. */
export function readMaking({ cloned_from: clonedFrom, cause_details: details }: Deployment): Making {
  const { type, digitalocean_user_action: action } = details ?? {};
  if (type === "MANUAL_ROLLBACK") return "stored";
  if (type === "AUTO_ROLLBACK" || action?.name === "RESTART") return "copy";
  // It matters who made the clone: a person's rollback is one, too.
  if (clonedFrom) return type ? "copy" : "unknown";
  return action?.name ? "stored" : "unknown";
}

export function isCopy(deployment: Deployment): boolean {
  return readMaking(deployment) === "copy";
}
