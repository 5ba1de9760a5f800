// Provider process: an address that led to a target in an earlier run, and leads nowhere or to another one now. It costs one look.

import type { Problem } from "../errors.js";
import { isSameAddress } from "../destinations/address.js";
import type { Snapshot, Target } from "../destinations/destination.js";
import type { SyncArguments } from "./arguments.js";
import type { SyncInputs } from "./inputs.js";

interface Addressed {
  readonly args: SyncArguments;
  /** The inputs of the earlier run. */
  readonly olds: SyncInputs;
  readonly target: Target;
}

/** The same problems; a target that is not found is told with what became of it, as far as state knows which one it was. */
export async function explainMissing(problems: readonly Problem[], addressed: Addressed): Promise<Problem[]> {
  if (!problems.some(isMissing)) return [...problems];
  const message = await explainAddress(addressed, undefined);
  return problems.map((problem) => (message !== undefined && isMissing(problem) ? { ...problem, message } : problem));
}

/**
 * What became of the target of the earlier run, when the same address leads to another one now, or nowhere. A look that fails
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
