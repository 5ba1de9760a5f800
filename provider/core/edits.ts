// Pure: a plan as the edits that a destination makes, with the values that the plan itself does not hold.

import type { Desired, Placement } from "./desired.js";
import { type Edit, type Ledger, type LiveEntry, placeName } from "./entry.js";
import { ledgerAt } from "./ledger.js";
import { changesToWrite, type Plan } from "./plan.js";

/** The edits that a plan asks for, with the values that the plan itself does not hold. */
export function listEdits(
  plan: Plan,
  { desired, ledger, place }: { desired: Desired; ledger: Ledger; place: (key: string) => readonly Placement[] },
): Edit[] {
  return changesToWrite(plan).map((change): Edit => {
    const { slot, key } = change;
    if (change.action === "delete") return { action: "remove", slot, key };
    if (change.action === "restore") return { action: "restore", slot, key, prior: ledgerAt(ledger, change)?.prior };
    const value = desired.values.get(key);
    const placement = place(key).find((candidate) => candidate.slot === slot);
    if (value === undefined || placement === undefined) throw new Error(`no value at hand for ${placeName(change)}`);
    const over = "over" in change && change.over !== undefined ? { over: change.over } : {};
    return { action: "set", slot, key, value, attributes: placement.attributes, label: placement.label, ...over };
  });
}

/** How the target looks to the next sync of a batch once the edits of the earlier ones are made. */
export function afterEdits(live: readonly LiveEntry[], edits: readonly Edit[]): LiveEntry[] {
  const touched = new Set(edits.map(placeName));
  const written = edits.flatMap((edit) =>
    edit.action === "set" ? [{ slot: edit.slot, key: edit.key, label: edit.label, fingerprint: "pending" }] : [],
  );
  return [...live.filter((entry) => !touched.has(placeName(entry))), ...written];
}
