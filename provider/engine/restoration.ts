// Provider process: `onFailure: "restore"`. After a failed deployment the entries of a batch go back to what they were.

import type { Clock } from "../clock.js";
import type { Edit, Place } from "../core/entry.js";
import { type Problem, problemsOf } from "../errors.js";
import type { Snapshot, Target } from "../destinations/destination.js";
import type { Batch, Drafted, Track } from "./batch.js";
import { settle } from "./settle.js";

const takenOver = "the earlier entries were not put back, because another writer took one of the keys over meanwhile";

interface Restoring {
  /** Who made the write that failed. */
  readonly writers: readonly Drafted[];
  readonly failure: Problem;
  /** The target as it was before the write that failed. */
  readonly before: Snapshot;
  /** The target as that write left it. */
  readonly written: Snapshot;
  readonly clock: Clock;
}

/**
 * Puts the earlier entries back, byte for byte: their ciphertexts are still valid. The failure stays a failure, and says so.
 * A timeout is left alone: that deployment may still succeed.
 */
export async function putBack(batch: Batch, { writers, failure, before, clock }: Restoring): Promise<Problem> {
  const tracks = writers.map(({ track }) => track).filter(({ job }) => job.target.deployment.onFailure === "restore");
  if (tracks.length === 0 || failure.code !== "deployment.failed") return failure;
  try {
    const now = await freeTarget(batch.target, clock);
    const edits = tracks.flatMap((track) => undoEdits(track, batch.target, before));
    const receipt = await batch.target.write(now, edits);
    if (receipt.yielded) return { ...failure, message: `${failure.message}; ${takenOver}` };
    for (const track of tracks) track.ledger = track.earlier;
    for (const track of tracks) track.restored = true;
    if (receipt.deploymentId !== undefined) await settleQuietly(batch.target, receipt.deploymentId, clock);
    return { ...failure, message: `${failure.message}; the earlier entries were put back` };
  } catch (error) {
    const [problem] = problemsOf(error);
    return {
      ...failure,
      message: `${failure.message}; the earlier entries could not be put back (${problem?.message ?? "no reason given"})`,
    };
  }
}

/** The platform may have started a rollback of its own: it ends first. */
async function freeTarget(target: Target, clock: Clock): Promise<Snapshot> {
  const now = await target.observe({ fresh: true });
  if (now.busyWith === undefined) return now;
  await settleQuietly(target, now.busyWith, clock);
  return target.observe({ fresh: true });
}

async function settleQuietly(target: Target, deploymentId: string, clock: Clock): Promise<void> {
  await settle({ target, deploymentId, timeoutMs: target.deployment.timeoutMs, report: () => undefined }, clock);
}

/** What was there before is given back; what was not is removed. */
function undoEdits({ touched }: Track, target: Target, before: Snapshot): Edit[] {
  return touched.map(({ slot, key }: Place) => {
    const prior = target.remember(before, { slot, key });
    return prior === undefined ? { action: "remove", slot, key } : { action: "restore", slot, key, prior };
  });
}
