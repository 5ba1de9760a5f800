// Command line, IO side: makes a folder, with those above it.

import { mkdir, stat } from "node:fs/promises";
import path from "node:path";

/**
 * Not by `recursive`: Node's own loops for ever where an existing folder answers that nothing can be made in it because it is not
 * there, as `/proc` does.
 */
export async function makeFolders(directory: string): Promise<void> {
  for (const folder of await listMissing(path.resolve(directory))) {
    await mkdir(folder).catch(async (error: unknown) => {
      // Somebody else may have made it meanwhile.
      if (!(await isFolder(folder))) throw error;
    });
  }
}

export async function isFolder(place: string): Promise<boolean> {
  return stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The highest first. What stands in the way of a folder is listed as well, and refuses to become one. */
async function listMissing(folder: string): Promise<string[]> {
  try {
    return (await stat(folder)).isDirectory() ? [] : [folder];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return [...(await listMissing(path.dirname(folder))), folder];
  }
}
