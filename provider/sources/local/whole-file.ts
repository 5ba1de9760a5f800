// IO side: one file, read whole or not at all, and replaced whole or not at all. It knows nothing of what is in it.

import { randomUUID } from "node:crypto";
import { constants, rmSync, type Stats } from "node:fs";
import { type FileHandle, open, realpath, rename, stat } from "node:fs/promises";
import path from "node:path";
import { readSystemCode } from "./system-error.js";

/** Why nothing was read. */
export type NotRead = "directory" | "no-file" | "too-large";

/**
 * Reads at most so many bytes. What a file says of its size proves nothing: those of /proc have none and may have no end.
 *
 * @throws the system's error
 */
export async function readWhole(file: string, maxBytes: number): Promise<Uint8Array | NotRead> {
  // Before it is opened, which is enough to make some devices act.
  const unfit = judge(await stat(file), maxBytes);
  if (unfit !== undefined) return unfit;
  // A pipe that has come meanwhile would wait for a writer.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return judge(await handle.stat(), maxBytes) ?? (await readBytes(handle, maxBytes));
  } finally {
    await handle.close();
  }
}

function judge(found: Stats, maxBytes: number): NotRead | undefined {
  if (found.isDirectory()) return "directory";
  if (!found.isFile()) return "no-file";
  return found.size > maxBytes ? "too-large" : undefined;
}

async function readBytes(handle: FileHandle, maxBytes: number): Promise<Uint8Array | NotRead> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(64 * 1024));
    if (bytesRead === 0) return Buffer.concat(chunks);
    size += bytesRead;
    if (size > maxBytes) return "too-large";
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

/**
 * Puts another text in place of a file, in one step. Beside it for a moment stands a file of a name that nobody can guess, and that is
 * opened only if it is new: where others may write the folder, a link of theirs could wait under a name that they know.
 *
 * @throws the system's error
 */
export async function replaceWhole(file: string, text: string): Promise<void> {
  const real = await realpath(file);
  const found = await stat(real);
  const draft = path.join(path.dirname(real), `.${randomUUID()}.${path.basename(real)}`);
  const remove = () => rmSync(draft, { force: true });
  const handle = await open(draft, "wx", 0o600);
  process.once("exit", remove);
  try {
    await handle.writeFile(text);
    await handle.chmod(await giveToOwner(handle, found));
    await handle.sync();
    await handle.close();
    await rename(draft, real);
  } catch (error) {
    await handle.close().catch(() => undefined);
    remove();
    throw error;
  } finally {
    process.off("exit", remove);
  }
}

/** @returns the mode that the file may have: without what it would give to a group that is another one than before */
async function giveToOwner(handle: FileHandle, { uid, gid, mode }: Stats): Promise<number> {
  const own = await handle.stat();
  const permissions = mode & 0o7777;
  if (own.uid === uid && own.gid === gid) return permissions;
  try {
    await handle.chown(uid, gid);
    return permissions;
  } catch (error) {
    if (!["EPERM", "EINVAL", "ENOSYS"].includes(readSystemCode(error))) throw error;
    return permissions & ~0o6070;
  }
}
