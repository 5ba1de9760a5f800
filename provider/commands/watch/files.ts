// Command line, IO side: notices when one of a set of files changes, however an editor, a checkout or Kubernetes replaces it.

import { formatFileState } from "../../file-states.js";
import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { FSWatcher } from "chokidar";

export interface FileWatch {
  /** Replaces the set of files; absolute paths. */
  watch(files: readonly string[]): Promise<void>;
  readonly close: () => Promise<void>;
}

export interface FileWatchOrder {
  readonly onChange: () => void;
  /** Called once per folder that cannot be watched, so that its files are only polled. */
  readonly onBlind: (folder: string, reason: string) => void;
  /** Milliseconds between two looks at every file, whatever the system reports. */
  readonly lookEvery?: number;
}

/** Cheap, and a safety net for everything that a watch misses: a network mount, a recreated folder, exhausted instances. */
const usualLook = 10_000;
/** A watch that takes longer works later; the looks do so meanwhile. */
const mostPatience = 5_000;

/**
 * Watches the folders: a file that is replaced by a rename is a different file afterwards, and a watch on it would go silent. The state of
 * the file itself, followed through links, then shows whether the event was about it: a mounted Kubernetes secret changes when a link two
 * steps away is swapped. It watches the folders of the file, of every link on the way, and of the real file; when one of them is
 * replaced, the watch starts again.
 */
export async function openFileWatch({ onChange, onBlind, lookEvery = usualLook }: FileWatchOrder): Promise<FileWatch> {
  const states = new Map<string, string>();
  const blind = new Set<string>();
  let watcher: FSWatcher | undefined;
  let watched = "";
  let isClosed = false;
  let turn = Promise.resolve();

  const look = async () => {
    const files = [...states.keys()];
    const now = await Promise.all(files.map(readFileState));
    const changed = files.filter((file, at) => states.has(file) && states.get(file) !== now[at]);
    files.forEach((file, at) => states.has(file) && states.set(file, now[at] as string));
    if (changed.length > 0 && !isClosed) onChange();
  };

  const follow = async () => {
    const folders = await listFolders([...states.keys()]);
    const wanted = folders.map(({ folder, identity }) => `${folder}\0${identity}`).join("\n");
    if (wanted === watched || isClosed) return;
    watched = wanted;
    await watcher?.close();
    watcher = await openWatcher(
      folders.filter(({ identity }) => identity !== "missing").map(({ folder }) => folder),
      { onEvent: () => void look(), onError: (folder, reason) => tellBlind(folder, reason) },
    );
  };

  const tellBlind = (folder: string, reason: string) => {
    if (blind.has(folder)) return;
    blind.add(folder);
    onBlind(folder, reason);
  };

  // One after the other: two that start a watch at once would leave one of them open.
  const inTurn = (work: () => Promise<void>) => (turn = turn.then(work, work));
  const lookNow = () => void inTurn(() => follow().then(look)).catch(() => undefined);
  const timer = setInterval(lookNow, lookEvery);
  timer.unref();

  return {
    watch: (files) =>
      inTurn(async () => {
        for (const file of states.keys()) if (!files.includes(file)) states.delete(file);
        for (const file of files) if (!states.has(file)) states.set(file, await readFileState(file));
        await follow();
      }),
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      await turn;
      await watcher?.close();
    },
  };
}

interface WatcherOrder {
  readonly onEvent: () => void;
  readonly onError: (folder: string, reason: string) => void;
}

async function openWatcher(
  folders: readonly string[],
  { onEvent, onError }: WatcherOrder,
): Promise<FSWatcher | undefined> {
  if (folders.length === 0) return undefined;
  const { watch } = await import("chokidar");
  // `followSymlinks: false` reports the link that Kubernetes swaps, instead of descending into what it points at.
  const watcher = watch([...folders], {
    depth: 0,
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
  });
  watcher.on("error", (error) => {
    const { path: place = "", code = "refused" } = error as NodeJS.ErrnoException;
    // Errors may name a file in a folder, too.
    const folder = [place, path.dirname(place)].find((one) => folders.includes(one));
    onError(folder ?? folders.join(", "), code);
  });
  watcher.on("all", onEvent);
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    new Promise<void>((ready) => watcher.once("ready", ready)),
    new Promise<void>((late) => (timer = setTimeout(late, mostPatience))),
  ]);
  clearTimeout(timer);
  return watcher;
}

interface Folder {
  readonly folder: string;
  readonly identity: string;
}

/** The folders of the files' names, and of the real files. */
async function listFolders(files: readonly string[]): Promise<Folder[]> {
  const places = await Promise.all(
    files.map(async (file) => {
      const real = await realpath(file).catch(() => file);
      const named = path.dirname(file);
      return [named, await realpath(named).catch(() => named), path.dirname(real)];
    }),
  );
  const folders = [...new Set(places.flat())].sort();
  return Promise.all(folders.map(async (folder) => ({ folder, identity: await readIdentity(folder) })));
}

async function readIdentity(folder: string): Promise<string> {
  return stat(folder).then(
    ({ dev, ino }) => `${dev} ${ino}`,
    () => "missing",
  );
}

/** A text that changes when a file is written or replaced. Its content is not read. */
export async function readFileState(file: string): Promise<string> {
  try {
    return formatFileState(await stat(file, { bigint: true }));
  } catch {
    return "missing";
  }
}
