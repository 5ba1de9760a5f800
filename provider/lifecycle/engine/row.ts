// Provider process: the status column in the row of a resource while it waits. The CLI keeps the last status there even after a step is
// over, so the end has the last word.

import { firstProblem } from "../../errors.js";
import type { World } from "../../reconciler/world.js";

export interface Row {
  readonly report: (status: string) => void;
  readonly hasWaited: () => boolean;
  /** Runs an operation that may wait; its failure replaces the status. */
  readonly while: <T>(operation: () => Promise<T>) => Promise<T>;
  readonly fail: (error: unknown) => Promise<void>;
  /** Ends a wait that no other message follows. */
  readonly end: (text: string) => Promise<void>;
}

export function openRow(urn: string, { reporter }: Pick<World, "reporter">): Row {
  let hasWaited = false;
  const row: Row = {
    report: (status) => {
      hasWaited = true;
      void reporter.show(urn, status);
    },
    hasWaited: () => hasWaited,
    while: async (operation) => {
      try {
        return await operation();
      } catch (error) {
        await row.fail(error);
        throw error;
      }
    },
    fail: (error) => row.end(firstProblem(error).code),
    end: async (text) => {
      if (hasWaited) await reporter.show(urn, text);
    },
  };
  return row;
}
