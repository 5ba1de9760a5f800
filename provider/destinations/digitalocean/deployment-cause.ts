// Pure: what a deployment was made from: the spec that was stored at that time, or a copy of an earlier deployment.
// https://docs.digitalocean.com/reference/api/reference/apps/ lists the types; that `cloned_from` is always there is not promised.

import type { Deployment } from "./wire.js";

/** `unknown` where the answer leaves out what would tell. */
type Making = "stored" | "copy" | "unknown";

/** A person's rollback stores the earlier spec; the platform's own one and a restart only run it. */
export function readMaking({ cloned_from: clonedFrom, cause_details: details }: Deployment): Making {
  if (details?.type === "MANUAL_ROLLBACK") return "stored";
  const action = details?.digitalocean_user_action?.name;
  if (clonedFrom || details?.type === "AUTO_ROLLBACK" || action === "RESTART") return "copy";
  return action ? "stored" : "unknown";
}

export function isCopy(deployment: Deployment): boolean {
  return readMaking(deployment) === "copy";
}
