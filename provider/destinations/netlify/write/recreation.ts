// Network side: deletes a variable and creates it again, the only way to make a secret plain. Between the two requests it is gone.

import { firstProblem, SecretSyncError } from "../../../errors.js";
import { createChunk } from "./create.js";
import { checkUnchanged, lookAt } from "./last-look.js";
import { explain } from "../refusal.js";
import { describeLoss } from "./takeover-outcome.js";
import type { Call } from "../program.js";
import type { View } from "../live/view.js";
import { mayHaveArrived, note, type WriteProgress, type Writer } from "./write-progress.js";

export type Recreation = Extract<Call, { kind: "recreate" }>;

interface RecreationInput {
  readonly call: Recreation;
  readonly before: View;
  readonly progress: WriteProgress;
}

/**
 * The creation is followed to its end, like any other.
 *
 * @returns the calls for values that are still missing
 * @throws SecretSyncError `write.contested` when the variable has changed since it was read, `variable.incomplete` when it is gone
 */
export async function recreate(writer: Writer, input: RecreationInput): Promise<ReadonlyArray<readonly Call[]>> {
  const { call, before, progress } = input;
  await checkUnchanged(writer, call.from, before);
  try {
    await writer.api.deleteVariable(before.owner, call.key);
  } catch (error) {
    if (mayHaveArrived(error)) note(progress.open, call.places);
    throw error;
  }
  try {
    return await createChunk(writer, { creates: [call], before, progress });
  } catch (error) {
    note(progress.open, call.places);
    throw await describe(writer, input, error);
  }
}

async function describe(writer: Writer, { call, before }: RecreationInput, error: unknown): Promise<SecretSyncError> {
  const left = await lookAt(writer, { key: call.key, before }).catch(() => "unseen" as const);
  const reason = firstProblem(explain(error, before)).message;
  return new SecretSyncError({
    code: "variable.incomplete",
    message: `${call.key} was deleted to be created anew, and that failed: ${describeLoss(left, call.from)}; run the same command again, which creates it (${reason})`,
  });
}
