// Pure: which of the syncs that were written together wait for their deployment, and which leave it to those that are still to come.

/** What is known about the syncs of one target that have not been written yet. */
export interface Outlook {
  /** One of them was checked and will act, or waits for its turn to write; it will wait for a deployment. */
  readonly isComing: boolean;
  /** The program has declared more of them than were checked. They may be unchanged, or outside of `--target`. */
  readonly isDeclared: boolean;
  /** The engine has no step left for them unless one of ours returns. */
  readonly isPressed: boolean;
}

/** Nothing is known of others: everybody waits for what it has written. */
export const nobodyElse: Outlook = { isComing: false, isDeclared: false, isPressed: false };

/**
 * Every deployment that somebody has to wait for takes minutes, and the next write of the same run replaces it. So a sync returns as
 * stored when it is certain that another one will wait for a deployment that carries both. A removal leaves no state that could say
 * "stored", so one of them is enough; nobody tells how many there will be.
 *
 * | coming | declared | pressed | who waits                                             |
 * | ------ | -------- | ------- | ----------------------------------------------------- |
 * | yes    |          |         | nobody: the one that comes does                       |
 * | no     | yes      | yes     | nobody: with all steps taken, those could never come  |
 * | no     | yes      | no      | one, in case that they do not act                     |
 * | no     | no       |         | all; of removals one                                  |
 */
export function decideWaiting(
  { isComing, isDeclared, isPressed }: Outlook,
  isRemoval: boolean,
): "all" | "one" | "none" {
  if (isComing || (isDeclared && isPressed)) return "none";
  return isDeclared || isRemoval ? "one" : "all";
}
