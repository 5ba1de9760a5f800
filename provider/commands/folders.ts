// Command line, IO side: makes a folder and its parents.

import { mkdir, stat } from "node:fs/promises";
import path from "node:path";

/**
 * Not by `recursive`: Node loops for ever if an existing folder refuses new entries with the error that it does not exist, as `/proc`
 * does.
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

/** The highest first. Something else in the place of a folder is listed, too, and making it fails. */
async function listMissing(folder: string): Promise<string[]> {
  try {
    return (await stat(folder)).isDirectory() ? [] : [folder];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return [...(await listMissing(path.dirname(folder))), folder];
  }
}
