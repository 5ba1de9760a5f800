// Pure: how long an update may take, from what its syncs wait for.

/** What an update writes. */
export interface LimitedWrite {
  /** Id of the target; that of the sync where it is not known yet. */
  readonly target: string;
  /** As the program says it. */
  readonly destination: unknown;
}

/** The provider's own limit of a deployment or build, in seconds, where the program names none. */
const usualSeconds = 1800;

/**
 * Milliseconds. Syncs of one target write one after the other at worst, each with a deployment of its own; targets do not wait for
 * each other. `look` is what everything else may take.
 */
export function updateLimit(writes: readonly LimitedWrite[], look: number): number {
  const perTarget = new Map<string, number>();
  for (const { target, destination } of writes)
    perTarget.set(target, (perTarget.get(target) ?? 0) + waitSeconds(destination));
  return look + Math.max(0, ...perTarget.values()) * 1000;
}

/** Shared code asks no vendor: every destination that waits says so in one of these two. */
function waitSeconds(destination: unknown): number {
  const { deployment, build } = (destination ?? {}) as { deployment?: Waits; build?: Waits };
  const seconds = [deployment, build]
    .map((waits) => waits?.timeoutSeconds)
    .filter((one) => typeof one === "number" && one > 0) as number[];
  return seconds.length === 0 ? usualSeconds : Math.max(...seconds);
}

interface Waits {
  readonly timeoutSeconds?: unknown;
}
