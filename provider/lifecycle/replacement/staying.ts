// Provider process: says which keys a removal leaves where they are, and why. A disabled sync does not observe, and state may be all that
// knows of them.

import { findHandedOver } from "../../core/claims.js";
import { placeName } from "../../core/entry.js";
import { ledgerAt, ledgerPlaces } from "../../core/ledger.js";
import { nameSome } from "../../core/policy.js";
import { countKeys } from "../../core/render.js";
import type { World } from "../../reconciler/world.js";
import { listOthers } from "../state/formers.js";
import type { SyncState } from "../state/state.js";

interface Staying {
  readonly state: Pick<SyncState, "targetId" | "targetName" | "record">;
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
export async function sayStaying(urn: string, { state, keys: given = [], why }: Staying, world: World): Promise<void> {
  const left = listLeft(urn, state, world);
  const keys = given.filter((key) => left.has(key));
  if (keys.length === 0) return;
  const { targetName = "the destination" } = state;
  const stay = `${countKeys(keys.length)} ${keys.length === 1 ? "stays" : "stay"} at ${targetName}`;
  const isAsked = why === "retain" || why === "kept";
  await world.reporter.say(urn, isAsked ? "info" : "warning", `${stay}, ${reasons[why]}: ${nameSome(keys)}`);
}

/** The keys that no other sync has: a disabled one does not take note of what others take over. */
function listLeft(urn: string, { targetId, record }: Staying["state"], world: World): Set<string> {
  const taken = findHandedOver(record.ledger, [], world.memory.claimsAt(targetId, urn));
  // What an earlier run has replaced stands in state as well, maybe under another URN, and is this sync.
  const isOther = (other: SyncState) => other.record.isEnabled && other.record.salt !== record.salt;
  const others = listOthers(urn, world).filter((other) => other.targetId === targetId && isOther(other));
  const ledgers = others.map((other) => world.memory.ownedNow({ targetId, ...other.record }));
  const left = ledgerPlaces(record.ledger).filter(
    (place) => !taken.has(placeName(place)) && ledgers.every((ledger) => ledgerAt(ledger, place) === undefined),
  );
  return new Set(left.map(({ key }) => key));
}
