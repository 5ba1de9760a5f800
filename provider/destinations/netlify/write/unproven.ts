// Pure: masked values whose write was answered with success, but not with the variable, as Netlify answers it. Whatever answers otherwise
// may be a gateway that passed nothing on.

import { type Place, placeName } from "../../../core/entry.js";
import { nameSome } from "../../../core/policy.js";
import { SecretSyncError } from "../../../errors.js";
import type { SetCall } from "../program.js";
import type { Variable } from "../wire.js";

interface Looks {
  /** The last look before the request, because all values of a variable share one time; undefined if it is not known. */
  readonly was: Variable | undefined;
  readonly is: Variable | undefined;
}

/** Whether a look shows that something was written there, as far as Netlify can show it. What can be read is compared anyway. */
export function isProven({ slot, isNew }: SetCall, { was, is }: Looks): boolean {
  const [old, value] = [was, is].map((variable) => variable?.values.find((one) => one.slot === slot));
  if (is === undefined || value?.masked !== true || isNew === true || is.updatedAt === "") return true;
  return was !== undefined && (old?.id !== value.id || was.updatedAt !== is.updatedAt);
}

export function notShown(places: readonly Place[]): SecretSyncError {
  return new SecretSyncError({
    code: "write.halted",
    message: `the write of ${nameSome(places.map(placeName))} was answered with success, but not with the variable, and nothing shows that Netlify carried it out; check the base url and what stands in front of it, then run the same command again`,
  });
}
