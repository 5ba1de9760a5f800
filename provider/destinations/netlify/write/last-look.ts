// Network side: the look right before something is replaced, deleted or added: what somebody has done since the list must not be lost.

import type { Place } from "../../../core/entry.js";
import { SecretSyncError } from "../../../errors.js";
import type { Removed } from "../program.js";
import { isSame } from "./takeover-outcome.js";
import type { View } from "../live/view.js";
import { dropUnset, showsMasks, type Variable } from "../wire.js";
import type { Writer } from "./write-progress.js";

export interface Looked {
  readonly key: string;
  readonly before: View;
}

export async function lookAt({ api }: Pick<Writer, "api">, { key, before }: Looked): Promise<Variable | undefined> {
  const found = await api.getVariable(before.owner, key);
  return found && dropUnset([found], showsMasks([found, ...before.variables]))[0];
}

/** @throws SecretSyncError `write.contested` when the variable is not what was read */
export async function checkUnchanged(writer: Pick<Writer, "api">, from: Variable, before: View): Promise<void> {
  const now = await lookAt(writer, { key: from.key, before });
  if (now === undefined || !isSame(now, from)) throw contested(from.key);
}

/**
 * Checks that what is to be removed is what was read, as far as it is readable; what has another id is gone already.
 *
 * @returns the variable as it is now
 * @throws SecretSyncError `write.contested` when one of the values has changed
 */
export async function checkValues(
  writer: Pick<Writer, "api">,
  { values, ...look }: Looked & { readonly values: readonly Removed[] },
): Promise<Variable | undefined> {
  const now = await lookAt(writer, look);
  const isOther = ({ id, slot, shown }: Removed) =>
    shown !== undefined && now?.values.some((one) => one.id === id && one.slot === slot && one.value !== shown);
  if (values.some(isOther)) throw contested(look.key);
  return now;
}

/** @throws SecretSyncError `write.contested` when somebody has put a value where none was */
export async function checkVacant(writer: Pick<Writer, "api">, { key, slot }: Place, before: View): Promise<void> {
  const now = await lookAt(writer, { key, before });
  if (now?.values.some((one) => one.slot === slot)) throw contested(key);
}

function contested(key: string): SecretSyncError {
  return new SecretSyncError({
    code: "write.contested",
    message: `${key} changed at Netlify between the last read and the write, and was left alone; run up again`,
  });
}
