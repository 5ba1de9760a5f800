// Pure: which of the syncs written together wait for their deployment, and which leave it to those that are still to come.

import type { Target } from "../../destinations/destination.js";

/** Whether a sync at this target waits for a deployment, or has one started in the first place. */
export function isCarrier({ capabilities, deployment }: Pick<Target, "capabilities" | "deployment">): boolean {
  return capabilities.writeDeploys ? deployment.wait : deployment.order !== undefined;
}

/** What is known about the syncs of one target that have not been written yet. */
export interface Outlook {
  /** One of them was checked and will act, or awaits its turn to write; it will wait for a deployment. */
  readonly isComing: boolean;
  /** The program has declared more of them than were checked. They may be unchanged, or outside `--target`. */
  readonly isDeclared: boolean;
  /** The same for other targets, which need the steps of those that wait. */
  readonly isMoreElsewhere: boolean;
  /** Other steps of ours are under way, so many that too few are left for those. */
  readonly isPressed: boolean;
  /** No step is left, and none is about to end: another target that is complete is written first, and frees its steps. */
  readonly isFull: boolean;
  /** Another step of ours is under way, which in the end takes care of what is left over. */
  readonly isAccompanied: boolean;
}

/** Nothing is known of others: every sync waits for what it has written. */
export const nobodyElse: Outlook = {
  isComing: false,
  isDeclared: false,
  isMoreElsewhere: false,
  isPressed: false,
  isFull: false,
  isAccompanied: false,
};

/**
 * Every deployment that a sync has to wait for takes minutes, and the next write of the same run replaces it. So a sync returns as
 * stored when it is certain that another one will wait for a deployment that carries both. A removal leaves no state that could say
 * "stored", so one of them is enough; their number is not announced. A step that waits keeps others from their turn: when too many
 * wait, they leave it to the last step of the run, and in a serial run to the last sync of the target. What depends on all syncs of a
 * target must find it live, so one of them stays, however many other targets need its step.
 *
 * | coming | declared | elsewhere | removal | pressed           | who waits |
 * | ------ | -------- | --------- | ------- | ----------------- | --------- |
 * | yes    |          |           |         |                   | nobody    |
 * | no     | yes      |           |         | yes               | nobody    |
 * | no     | yes      |           |         | no                | one       |
 * | no     | no       |           | yes     | yes, not by it    | nobody    |
 * | no     | no       |           | yes     | no                | one       |
 * | no     | no       | yes       | no      |                   | one       |
 * | no     | no       | no        | no      |                   | all       |
 */
export function decideWaiting(outlook: Outlook, isRemoval: boolean): "all" | "one" | "none" {
  const { isComing, isDeclared, isMoreElsewhere, isPressed, isAccompanied } = outlook;
  if (isComing || (isDeclared && isPressed) || (isRemoval && isPressed && isAccompanied)) return "none";
  return isDeclared || isMoreElsewhere || isRemoval ? "one" : "all";
}
