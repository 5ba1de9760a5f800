// Network side: whether what was removed is gone. A removal answered with 404 counts as done, and the look after it decides.

import { type Edit, type Place, placeName } from "../../../core/entry.js";
import { nameSome } from "../../../core/policy.js";
import { SecretSyncError } from "../../../errors.js";
import { lookAt } from "./last-look.js";
import type { View } from "../live/view.js";
import type { Variable } from "../wire.js";
import type { WriteProgress, Writer } from "./write-progress.js";

interface Removals {
  readonly edits: readonly Edit[];
  readonly before: View;
  readonly after: View;
  readonly progress: WriteProgress;
}

/** Places that were removed, but still have the same value. */
export async function findLeft(
  writer: Writer,
  { edits, before, after, progress }: Removals,
): Promise<readonly Place[]> {
  const suspects = edits.filter((edit) => {
    if (edit.action !== "remove" || !progress.done.has(placeName(edit))) return false;
    return isThere(edit, before.variables, after.variables);
  });
  const left = await Promise.all(
    suspects.map(async ({ slot, key }) => {
      // A list may be slightly out of date.
      const now = await lookAt(writer, { key, before }).catch(() => after.variables.find((one) => one.key === key));
      return isThere({ slot, key }, before.variables, now === undefined ? [] : [now]) ? [{ slot, key }] : [];
    }),
  );
  return left.flat();
}

function isThere(place: Place, before: readonly Variable[], after: readonly Variable[]): boolean {
  const id = idAt(place, before);
  return id !== undefined && id !== "" && id === idAt(place, after);
}

function idAt({ slot, key }: Place, variables: readonly Variable[]): string | undefined {
  return variables.find((one) => one.key === key)?.values.find((one) => one.slot === slot)?.id;
}

export function stillThere(left: readonly Place[]): SecretSyncError {
  return new SecretSyncError({
    code: "write.halted",
    message: `Netlify still shows what it was asked to remove: ${nameSome(left.map(placeName))}; run the same command again`,
  });
}
