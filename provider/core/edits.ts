// Pure: a plan as the edits that a destination makes, with the values that the plan itself does not hold.

import type { Desired, Placement } from "./desired.js";
import { type Edit, type Ledger, type LiveEntry, placeName, type Spot } from "./entry.js";
import { ledgerAt } from "./ledger.js";
import { type Change, changesToWrite, type Plan } from "./plan.js";
import { indexByPlace } from "./own-entries.js";

interface EditsRequest {
  readonly desired: Desired;
  readonly ledger: Ledger;
  /** Needed to remove or give back entries of ours: there may be others of the same key beside them. */
  readonly live?: readonly LiveEntry[];
  readonly place: (key: string) => readonly Placement[];
}

/** The edits that a plan asks for, with the values that the plan itself does not hold. */
export function listEdits(plan: Plan, { desired, ledger, live = [], place }: EditsRequest): Edit[] {
  const spotOf = findSpots(live, ledger);
  return changesToWrite(plan).map((change): Edit => {
    const { slot, key } = change;
    if (change.action === "delete") return { action: "remove", ...spotOf(change) };
    if (change.action === "restore")
      return { action: "restore", ...spotOf(change), prior: ledgerAt(ledger, change)?.prior };
    const value = desired.values.get(key);
    const placement = place(key).find((candidate) => candidate.slot === slot);
    if (value === undefined || placement === undefined) throw new Error(`no value at hand for ${placeName(change)}`);
    const over = "over" in change && change.over !== undefined ? { over: change.over } : {};
    return { action: "set", slot, key, value, attributes: placement.attributes, label: placement.label, ...over };
  });
}

/** Which entry of a place is meant: ours. What is pruned belongs to no sync of this program, and goes completely. */
function findSpots(live: readonly LiveEntry[], ledger: Ledger): (change: Change) => Spot {
  const isTwice = live.some(({ nth }) => nth !== undefined);
  const index = isTwice ? indexByPlace(live, ledger) : new Map<string, LiveEntry>();
  return (change) => {
    const { slot, key } = change;
    const nth = ledgerAt(ledger, change) === undefined ? undefined : index.get(placeName(change))?.nth;
    return nth === undefined ? { slot, key } : { slot, key, nth };
  };
}

/** How the target looks to the next sync of a batch after the edits of the earlier ones. */
export function afterEdits(live: readonly LiveEntry[], edits: readonly Edit[]): LiveEntry[] {
  const touched = new Map(edits.map((edit) => [placeName(edit), edit.nth]));
  const isKept = (entry: LiveEntry) => {
    const name = placeName(entry);
    const nth = touched.get(name);
    return !touched.has(name) || (nth !== undefined && nth !== entry.nth);
  };
  const written = edits.filter(({ action }) => action !== "remove").map(listWritten);
  return [...live.filter(isKept), ...written];
}

/** What is given back is somebody else's again; how it looks, only the destination can tell. */
function listWritten(edit: Edit): LiveEntry {
  const label = edit.action === "set" ? edit.label : "given back by another sync";
  return { slot: edit.slot, key: edit.key, label, fingerprint: "pending" };
}
