// Command line, IO side: tells when one of a set of files has changed, however an editor, a checkout or Kubernetes replaces it.

import { stat } from "node:fs/promises";
import path from "node:path";

export interface FileWatch {
  /** Replaces the set of files; absolute paths. */
  watch(files: readonly string[]): Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Watches the folders: a file that is replaced by a rename is another file afterwards, and a watch on it would go silent. The state of
 * the file itself, followed through links, then says whether the event was about it: a mounted Kubernetes secret changes when a
 * link two steps away is swapped.
 */
export async function openFileWatch(onChange: () => void): Promise<FileWatch> {
  const { watch: open } = await import("chokidar");
  const fingerprints = new Map<string, string>();
  let watcher = open([]);
  let folders = "";

  const look = async () => {
    const files = [...fingerprints.keys()];
    const now = await Promise.all(files.map(readFingerprint));
    const changed = files.filter((file, at) => fingerprints.get(file) !== now[at]);
    files.forEach((file, at) => fingerprints.has(file) && fingerprints.set(file, now[at] as string));
    if (changed.length > 0) onChange();
  };

  return {
    watch: async (files) => {
      for (const file of fingerprints.keys()) if (!files.includes(file)) fingerprints.delete(file);
      for (const file of files) if (!fingerprints.has(file)) fingerprints.set(file, await readFingerprint(file));
      const wanted = [...new Set(files.map((file) => path.dirname(file)))].sort();
      if (folders === wanted.join("\0")) return;
      folders = wanted.join("\0");
      await watcher.close();
      // `followSymlinks: false` reports the link that Kubernetes swaps, instead of descending into what it points at.
      if (wanted.length === 0) return;
      watcher = open(wanted, { depth: 0, ignoreInitial: true, followSymlinks: false, ignorePermissionErrors: true });
      // A folder that cannot be watched is found by the interval.
      watcher.on("error", () => undefined);
      watcher.on("all", () => void look());
      await new Promise<void>((ready) => watcher.once("ready", ready));
    },
    close: () => watcher.close(),
  };
}

/** What changes when a file is written or replaced. No look inside: what is in it is nobody's business here. */
async function readFingerprint(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return "missing";
  }
}
