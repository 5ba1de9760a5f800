// Provider process: an address that led to a target in an earlier run, but now leads nowhere or to another one. It costs one look.

import type { Problem } from "../../errors.js";
import { isSameAddress } from "../../destinations/address.js";
import type { Snapshot, Target } from "../../destinations/destination.js";
import type { SyncArguments } from "../arguments/arguments.js";
import type { SyncInputs } from "../state/inputs.js";

interface Addressed {
  readonly args: SyncArguments;
  /** The inputs of the earlier run. */
  readonly olds: SyncInputs;
  readonly target: Target;
}

/** The same problems; for a target that is not found, the message says what happened to it, if state knows which one it was. */
export async function explainMissing(problems: readonly Problem[], addressed: Addressed): Promise<Problem[]> {
  if (!problems.some(isMissing)) return [...problems];
  const message = await explainAddress(addressed, undefined);
  return problems.map((problem) => (message !== undefined && isMissing(problem) ? { ...problem, message } : problem));
}

/**
 * What happened to the target of the earlier run, if the same address now leads to another one, or nowhere. A look that fails
 * explains nothing, and forbids nothing.
 */
export async function explainAddress(
  { args, olds, target }: Addressed,
  now: Snapshot | undefined,
): Promise<string | undefined> {
  const { targetId: earlier, destination: before } = olds;
  if (earlier === undefined || earlier === now?.targetId) return undefined;
  if (before === undefined || args.destination === undefined || !isSameAddress(before, args.destination))
    return undefined;
  return target.explainAddress?.(earlier, now).catch(() => undefined);
}

/** Whether the address leads nowhere. */
export function isMissing({ code }: Problem): boolean {
  return code === "destination.not_found";
}
