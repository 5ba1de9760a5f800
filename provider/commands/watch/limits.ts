// Pure: how long an update may take, from what its syncs wait for.

/** What an update writes. */
export interface LimitedWrite {
  /** Id of the target, or of the sync if the target is not known yet. */
  readonly target: string;
  /** As the program says it. */
  readonly destination: unknown;
}

/** The provider's own limit for a deployment or build, in seconds, if the program sets none. */
const usualSeconds = 1800;

/**
 * Milliseconds. At worst, syncs of one target write one after the other, each with its own deployment; targets do not wait for each
 * other. `look` is the time for everything else.
 */
export function updateLimit(writes: readonly LimitedWrite[], look: number): number {
  const perTarget = new Map<string, number>();
  for (const { target, destination } of writes)
    perTarget.set(target, (perTarget.get(target) ?? 0) + waitSeconds(destination));
  return look + Math.max(0, ...perTarget.values()) * 1000;
}

/** Shared code knows no vendor: every destination that waits says so in one of these two. */
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
