// Command line, IO side: creates a new file, whole or not at all.

import { open, rm } from "node:fs/promises";

export interface NewFile {
  readonly text: string;
  readonly mode?: number;
}

/** Throws `EEXIST` if there is one already. A file cut off by a full disk is removed: it may hold a part of a value. */
export async function createFile(file: string, { text, mode = 0o666 }: NewFile): Promise<void> {
  const handle = await open(file, "wx", mode);
  try {
    await handle.writeFile(text);
    // Some file systems report only now that there is no room.
    await handle.sync();
    await handle.close();
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(file, { force: true });
    throw error;
  }
}
