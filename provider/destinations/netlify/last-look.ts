// Network side: the look right before a variable is replaced or deleted whole: what somebody did since the list must not be lost.

import { SecretSyncError } from "../../errors.js";
import { isSame } from "./takeover-outcome.js";
import type { View } from "./view.js";
import { dropUnset, showsMasks, type Variable } from "./wire.js";
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
  if (now !== undefined && isSame(now, from)) return;
  throw new SecretSyncError({
    code: "write.contested",
    message: `${from.key} changed at Netlify between the last read and the write, and was left alone; run up again`,
  });
}
