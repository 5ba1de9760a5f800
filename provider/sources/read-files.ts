// IO side: the states of the files that a run has read, so that the write can tell which of them have changed since.

import { stat } from "node:fs/promises";
import path from "node:path";
import type { Source } from "../../schema/index.js";
import { formatFileState } from "../file-states.js";

export interface ReadFiles {
  /** The state of a source's file now; undefined for every other source. Taken before a read, it is never newer than what was read. */
  look(source: Source): Promise<string | undefined>;
  /** After a write of our own: that one is no change. */
  keepOwn(source: Source): Promise<void>;
  /** Whether a source's file is in the state in which it was read, or in which we have left it. */
  isAsRead(source: Source, read: string | undefined): Promise<boolean>;
}

export function createReadFiles(directory: string): ReadFiles {
  const own = new Map<string, string>();
  const look = async (source: Source) => {
    if (source.type !== "file") return undefined;
    return stat(path.resolve(directory, source.path), { bigint: true }).then(formatFileState, () => "missing");
  };
  return {
    look,
    keepOwn: async (source) => {
      const state = await look(source);
      if (source.type === "file" && state !== undefined) own.set(path.resolve(directory, source.path), state);
    },
    isAsRead: async (source, read) => {
      if (source.type !== "file") return true;
      const now = await look(source);
      return now === read || now === own.get(path.resolve(directory, source.path));
    },
  };
}
