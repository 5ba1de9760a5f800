// Pure: how long an update may take, from what its syncs wait for.

import type { SyncOnRecord } from "../deployment.js";

/** The provider's own limit of a deployment or build, in seconds, where the program names none. */
const usualSeconds = 1800;

/**
 * Milliseconds. Syncs of one target write one after the other at worst, each with a deployment of its own; targets do not wait for
 * each other. `look` is what everything else may take.
 */
export function updateLimit(syncs: readonly SyncOnRecord[], look: number): number {
  const perTarget = new Map<string, number>();
  for (const { resource, inputs, outputs } of syncs) {
    const target = outputs.targetId || resource;
    perTarget.set(target, (perTarget.get(target) ?? 0) + waitSeconds(inputs.destination));
  }
  return look + Math.max(0, ...perTarget.values()) * 1000;
}

/** Shared code asks no vendor: every destination that waits says so in one of these two. */
function waitSeconds(destination: SyncOnRecord["inputs"]["destination"]): number {
  const { deployment, build } = destination as { deployment?: Waits; build?: Waits };
  const seconds = [deployment, build].flatMap((waits) =>
    waits?.timeoutSeconds === undefined ? [] : [waits.timeoutSeconds],
  );
  return seconds.length === 0 ? usualSeconds : Math.max(...seconds);
}

interface Waits {
  readonly timeoutSeconds?: number;
}
