// Provider process: says which keys a removal leaves where they are, and why. A disabled sync does not observe, and state may be all that
// knows of them.

import { nameSome } from "../core/policy.js";
import { countKeys } from "../core/render.js";
import type { World } from "../reconciler/world.js";
import type { SyncState } from "./state.js";

interface Staying {
  readonly state: Pick<SyncState, "targetName">;
  readonly keys?: readonly string[] | undefined;
  readonly why: keyof typeof reasons;
}

const reasons = {
  retain: 'as onDestroy "retain" says',
  kept: "as disableSecretDeletion says",
  disabled: "and no sync owns them, because this one is disabled",
  frozen: "and no sync owns them, because ignoreChanges freezes this one",
  "not taken over": "and no sync owns them, because the one that goes on has begun anew",
} as const;

/** The program asks for some of this; the rest somebody has to remove by hand. */
export async function sayStaying(urn: string, { state, keys = [], why }: Staying, { reporter }: World): Promise<void> {
  if (keys.length === 0) return;
  const { targetName = "the destination" } = state;
  const stay = `${countKeys(keys.length)} ${keys.length === 1 ? "stays" : "stay"} at ${targetName}`;
  const isAsked = why === "retain" || why === "kept";
  await reporter.say(urn, isAsked ? "info" : "warning", `${stay}, ${reasons[why]}: ${nameSome(keys)}`);
}
