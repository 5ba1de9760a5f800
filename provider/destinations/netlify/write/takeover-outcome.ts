// Pure: what a failed takeover has left of a variable.

import { formatLabel, type Shape, slotsOfAll, allSlot } from "../contexts.js";
import type { NewVariable } from "../program.js";
import { slotOfValue, type Variable } from "../wire.js";

/** Whether nothing has changed but times, and the ids of readable values. */
export function isSame(a: Variable, b: Variable): boolean {
  const values = ({ values: all }: Variable) =>
    all.map(({ slot, value, masked, id }) => `${slot}\u0000${masked ? id : value}`).sort();
  return formatLabel(a) === formatLabel(b) && values(a).join("\u0001") === values(b).join("\u0001");
}

/** Whether all that was sent is there. What is masked now was readable before, so the write has masked it. */
export function isWritten(found: Variable, { sent, shape }: { sent: NewVariable; shape: Shape }): boolean {
  const wanted = new Map(sent.values.map((one) => [slotOfValue(one), one.value]));
  const arrived = found.values.filter(({ slot, value, masked }) => masked || wanted.get(slot) === value);
  return (
    formatLabel(found) === formatLabel(shape) &&
    found.values.length === wanted.size &&
    arrived.length === wanted.size &&
    arrived.every(({ slot }) => wanted.has(slot))
  );
}

/** Which contexts have a value now, and which had one before. Names only. */
export function describeLoss(found: Variable | "unseen" | undefined, from: Variable): string {
  if (found === "unseen") return "what it holds now could not be read";
  const had = from.values.flatMap(({ slot }) => (slot === allSlot ? slotsOfAll : [slot]));
  const has = found?.values.map(({ slot }) => slot) ?? [];
  const lost = has.includes(allSlot) ? [] : had.filter((slot) => !has.includes(slot));
  const held = has.length === 0 ? "it has no value now" : `it has values for ${has.join(", ")}`;
  return lost.length === 0 ? held : `${held}, and none for ${[...new Set(lost)].join(", ")}`;
}
