// Provider process: which syncs of this run are still to come. The program says how many it has declared for a target; `check` and `diff`
// show which have arrived and which of them will act. The engine checks one resource more than it has steps for, and no further.

import type { Outlook } from "./waiting.js";

/** What the program says with every sync, as far as it can count: a program in another language says nothing. */
export interface Declared {
  /** What the program considers one target. Two of its groups may turn out to be the same target. */
  readonly group: string;
  /** How many syncs that will wait for a deployment it has declared for the group so far. */
  readonly count: number;
  /** How many steps the engine takes at once, if known. */
  readonly steps?: number | undefined;
}

/**
 * `checked`: not known yet whether it acts. `coming`: it acts, and its step has not begun. `started`: its step has begun. `resting`: it
 * will write nothing.
 */
type Stage = "checked" | "coming" | "started" | "resting";

interface Sync {
  /** `ignoreChanges` may keep the engine from calling it, whatever `diff` says. */
  isUncertain?: boolean;
  group?: string;
  targetId?: string;
  stage: Stage;
}

export interface Arrivals {
  /** A sync is being checked. */
  tell(urn: string, told: { readonly declared: Declared | undefined; readonly isUncertain: boolean }): void;
  /** Its target is known. `stage` says whether it will act. */
  arrive(
    urn: string,
    arrival: { readonly targetId?: string | undefined; readonly stage: Exclude<Stage, "started"> },
  ): void;
  /** Its check, its plan or its step has failed: it writes nothing more, and the engine begins no other step. */
  fail(urn: string): void;
  /** Occupies a step of the engine until it ends. */
  step<T>(urn: string, operation: () => Promise<T>): Promise<T>;
  /**
   * A step is about to end, or has failed before it began. True when no other one is under way or known to come, so that this one takes
   * care of whatever is left over; else it counts as ended. In a serial run every step is alone, which proves nothing. After a failure,
   * those that were known to come do not.
   */
  isLast(urn: string): boolean;
  /** The outlook after so many of the running steps have ended. */
  outlook(targetId: string, leaving: number): Outlook;
}

/** A serial run has one step. Otherwise half of the steps may wait; if their number is unknown, a few. */
function mostWaiting(steps: number | undefined): number {
  if (steps === 1) return 1;
  return steps === undefined ? 4 : Math.max(2, Math.ceil(steps / 2));
}

export function createArrivals(): Arrivals {
  const syncs = new Map<string, Sync>();
  const counts = new Map<string, number>();
  let steps: number | undefined;
  let hasFailed = false;
  const running = new Set<string>();

  const change = (urn: string, fields: Partial<Sync>) => {
    syncs.set(urn, { stage: "checked", ...syncs.get(urn), ...fields });
  };

  const isDeclared = (group: string) => {
    const arrived = [...syncs.values()].filter((sync) => sync.group === group);
    return (counts.get(group) ?? 0) > arrived.length;
  };

  /** Whether syncs of a target, or of any, have not been written yet, as far as is known. */
  const isAwaited = (some: readonly Sync[]) =>
    some.some(({ stage }) => stage === "coming" || stage === "checked") ||
    [...new Set(some.flatMap(({ group }) => group ?? []))].some(isDeclared);

  const listAt = (targetId: string | undefined) => [...syncs.values()].filter((sync) => sync.targetId === targetId);

  /** A target whose syncs have all arrived is written at once, and its steps end. */
  const isEnding = (targetId: string) =>
    [...running].some((urn) => {
      const { targetId: other } = syncs.get(urn) ?? {};
      return other !== undefined && other !== targetId && !isAwaited(listAt(other));
    });

  return {
    tell: (urn, { declared, isUncertain }) => {
      change(urn, { stage: "checked", isUncertain });
      if (declared === undefined) return;
      const { group, count } = declared;
      counts.set(group, Math.max(count, counts.get(group) ?? 0));
      steps = declared.steps ?? steps;
      change(urn, { group });
    },
    arrive: (urn, { targetId, stage }) => {
      const isOpen = stage === "coming" && syncs.get(urn)?.isUncertain === true;
      change(urn, { stage: isOpen ? "resting" : stage, ...(targetId === undefined ? {} : { targetId }) });
    },
    fail: (urn) => {
      change(urn, { stage: "resting" });
      hasFailed = true;
    },
    step: async (urn, operation) => {
      change(urn, { stage: "started" });
      running.add(urn);
      try {
        return await operation();
      } finally {
        running.delete(urn);
      }
    },
    isLast: (urn) => {
      const isAlone = [...running].every((one) => one === urn);
      const isComing = [...syncs.values()].some(({ stage }) => stage === "coming");
      if (isAlone && (hasFailed || (steps !== 1 && !isComing))) return true;
      running.delete(urn);
      return false;
    },
    outlook: (targetId, leaving) => {
      const here = listAt(targetId);
      const groups = new Set(here.flatMap(({ group }) => group ?? []));
      const elsewhere = [...syncs.values()].filter((sync) => sync.targetId !== targetId);
      return {
        isComing: !hasFailed && here.some(({ stage }) => stage === "coming"),
        isDeclared: !hasFailed && (here.some(({ stage }) => stage === "checked") || [...groups].some(isDeclared)),
        isMoreElsewhere: isAwaited(elsewhere),
        isPressed: running.size - leaving >= mostWaiting(steps),
        isFull: running.size - leaving >= (steps ?? Infinity) && !isEnding(targetId),
        isAccompanied: running.size - leaving > 1,
      };
    },
  };
}
