// Command line, IO side: writes all files of a program, or none.

import { lstat, rm } from "node:fs/promises";
import path from "node:path";
import { SecretSyncError } from "../../errors.js";
import { explainUnwritable } from "../file-problem.js";
import { makeFolders } from "../folders.js";
import { createFile } from "../new-file.js";
import type { ProgramFile } from "./project-files.js";

/** @throws SecretSyncError `file.exists` naming every file that is there already, or `file.unwritable`; then nothing is written. */
export async function writeFiles(directory: string, files: readonly ProgramFile[]): Promise<void> {
  await checkFiles(
    directory,
    files.map(({ name }) => name),
  );
  await makeFolders(directory).catch(refuse(directory));
  const written: string[] = [];
  try {
    for (const { name, text, isPrivate } of files) {
      const file = path.join(directory, name);
      // A file that has appeared meanwhile is not overwritten either.
      await createFile(file, { text, mode: isPrivate ? 0o600 : 0o644 }).catch(refuse(file));
      written.push(file);
    }
  } catch (error) {
    for (const file of written) await rm(file, { force: true });
    throw error;
  }
}

function refuse(place: string): (error: unknown) => never {
  return (error) => {
    throw explainUnwritable(error, { place, remedy: "correct that, or give another --directory; nothing was written" });
  };
}

async function checkFiles(directory: string, names: readonly string[]): Promise<void> {
  const there: string[] = [];
  for (const name of names) {
    // A dangling link counts, too.
    const found = await lstat(path.join(directory, name)).catch(() => undefined);
    if (found !== undefined) there.push(name);
  }
  if (there.length === 0) return;
  throw new SecretSyncError(
    there.map((name) => ({
      code: "file.exists",
      message: `${path.join(directory, name)} already exists, and nothing was written; give another --directory`,
    })),
  );
}
