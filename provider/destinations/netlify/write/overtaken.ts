// Pure: secrets that somebody else may have changed between our write and the look after it. A mask shows no value, so the author decides.

import { type Edit, type Place } from "../../../core/entry.js";
import type { View } from "../live/view.js";
import type { Variable } from "../wire.js";

/** Masked values that were written, and whose variable has had another last author since. */
export function findOvertaken(
  edits: readonly Edit[],
  { before, after }: { before: View; after: View },
): readonly Place[] {
  const { ourselves } = after;
  if (ourselves === undefined) return [];
  return edits.flatMap(({ action, slot, key }) => {
    const now = find(after, key);
    const isMasked = now?.values.some((one) => one.slot === slot && one.masked) === true;
    if (action !== "set" || now === undefined || !isMasked) return [];
    const { id: author } = now.updatedBy;
    return author !== undefined && author !== ourselves && hasMoved(find(before, key), now) ? [{ slot, key }] : [];
  });
}

/** It is not documented whether a change of one value renews the variable's time and author, so an earlier author proves nothing. */
function hasMoved(was: Variable | undefined, now: Variable): boolean {
  return was === undefined || was.updatedAt !== now.updatedAt || was.updatedBy.id !== now.updatedBy.id;
}

function find({ variables }: View, key: string): Variable | undefined {
  return variables.find((one) => one.key === key);
}
