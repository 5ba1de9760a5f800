// Pure: in which state each source was read, as far as it can be told cheaply, and in which one an import of ours has left it.

import type { Source } from "../../schema/index.js";

export interface ReadStates {
  /** The state now; undefined where only reading tells it. Taken before a read, it is never newer than what was read. */
  look(source: Source): Promise<string | undefined>;
  /** After a write of our own: that one is no change. */
  keepOwn(source: Source): Promise<void>;
  /** Whether a source is in the state in which it was read, or in which we have left it. */
  isAsRead(source: Source, read: string | undefined): Promise<boolean>;
}

/** @param look a state names what it is of, so that two sources never have the same one */
export function createReadStates(look: ReadStates["look"]): ReadStates {
  const own = new Set<string>();
  return {
    look,
    keepOwn: async (source) => {
      const state = await look(source);
      if (state !== undefined) own.add(state);
    },
    isAsRead: async (source, read) => {
      if (read === undefined) return true;
      const now = await look(source);
      return now === read || (now !== undefined && own.has(now));
    },
  };
}
