// IO side: reads or replaces one file, whole or not at all. It knows nothing of the content.

import { randomUUID } from "node:crypto";
import { constants, rmSync, type Stats } from "node:fs";
import { type FileHandle, open, realpath, rename, stat } from "node:fs/promises";
import path from "node:path";
import { readSystemCode } from "./system-error.js";

/** Why nothing was read. */
export type NotRead = "directory" | "no-file" | "too-large";

/**
 * Reads at most `maxBytes`. The reported size of a file proves nothing: files in /proc report none and may be endless.
 *
 * @throws the system's error
 */
export async function readWhole(file: string, maxBytes: number): Promise<Uint8Array | NotRead> {
  // Before opening it, which makes some devices act.
  const unfit = judge(await stat(file), maxBytes);
  if (unfit !== undefined) return unfit;
  // A pipe that has appeared meanwhile would wait for a writer.
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

export interface Replacement {
  readonly text: string;
  /** Called right before the file is replaced; if it throws, the file stays. */
  readonly confirm: () => Promise<void>;
}

/**
 * Replaces the text of a file in one step. For a moment there is a file with an unguessable name beside it, opened only if it is new:
 * others who may write the folder could have put a link under a name that they know.
 *
 * @throws the system's error
 */
export async function replaceWhole(file: string, { text, confirm }: Replacement): Promise<void> {
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
    await confirm();
    await rename(draft, real);
  } catch (error) {
    await handle.close().catch(() => undefined);
    remove();
    throw error;
  } finally {
    process.off("exit", remove);
  }
}

/** @returns the mode that the file may have: without the rights of its group if that is not the same as before */
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
