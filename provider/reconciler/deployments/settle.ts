// Network side through the destination: follows a deployment to its end, within a time limit. Clock and status are handed in.

import type { Clock } from "../../clock.js";
import type { Problem } from "../../errors.js";
import type { Progress, Snapshot, Target } from "../../destinations/destination.js";

/** Short at first, because most deployments of an emulator and some of the platform are short; then longer. */
const firstPausesMs = [250, 500, 1_000, 1_000, 2_000, 2_000, 3_000];
const laterPauseMs = 5_000;

/** Between the looks after an end. */
const laterLooksMs = [1_000, 3_000];

export interface Watch {
  readonly target: Target;
  readonly deploymentId: string;
  readonly timeoutMs: number;
  readonly report: (status: string) => void;
  /** Called after every pause: whether there is something better to do than wait. */
  readonly isOver?: (() => boolean) | undefined;
  /** Ends a pause early; called for every pause. */
  readonly call?: (() => AbortSignal) | undefined;
}

export type Settlement =
  | Exclude<Progress, { state: "pending" }>
  /** The deployment may still be under way. */
  | { readonly state: "interrupted" }
  | { readonly state: "timeout"; readonly problem: Problem };

/** Waits until the deployment ends, the time is up, or there is something better to do. */
export async function settle(watch: Watch, clock: Clock): Promise<Settlement> {
  const deadline = clock.now() + watch.timeoutMs;
  for (let looks = 0; ; looks += 1) {
    const progress = await look(watch);
    if (progress.state !== "pending") return progress;
    watch.report(progress.detail);
    const pause = firstPausesMs[looks] ?? laterPauseMs;
    if (clock.now() + pause > deadline) return { state: "timeout", problem: describeTimeout(watch, progress.detail) };
    await clock.sleep(pause, watch.call?.());
    if (watch.isOver?.() === true) return { state: "interrupted" };
  }
}

/** A deployment that cannot be found, but that the target still shows as under way, is not gone: the vendor needs a moment. */
async function look({ target, deploymentId }: Watch): Promise<Progress> {
  const progress = await target.poll(deploymentId);
  if (progress.state !== "superseded") return progress;
  const { busyWith } = await target.observe({ fresh: true });
  return busyWith === deploymentId ? { state: "pending", detail: progress.detail } : progress;
}

/** A target may show the end of a deployment only a moment later: it is looked at until that is enough, or time is up. */
export async function lookAfterEnd(
  target: Target,
  isEnough: (now: Snapshot) => boolean,
  clock: Clock,
): Promise<Snapshot> {
  let now = await target.observe({ fresh: true });
  for (const pause of laterLooksMs) {
    if (isEnough(now)) break;
    await clock.sleep(pause);
    now = await target.observe({ fresh: true });
  }
  return now;
}

function describeTimeout({ timeoutMs }: Watch, detail: string): Problem {
  return {
    code: "deployment.timeout",
    message: `the variables are written, but ${detail} did not end within ${Math.round(timeoutMs / 1000)} seconds; run up again to follow it, or raise the destination's timeoutSeconds, or customTimeouts where the program sets them`,
  };
}
