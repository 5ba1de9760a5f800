// Files where the system has no watch to give: the instances of inotify are used up.

import { EventEmitter } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { openFileWatch } from "../../../provider/commands/watch/files.js";
import { waitFor } from "../../waiting.js";

vi.mock("chokidar", () => ({
  watch: ([place]: readonly string[]) => {
    const watcher = Object.assign(new EventEmitter(), { close: () => Promise.resolve() });
    const emit = (path = "") => {
      watcher.emit("error", Object.assign(new Error("too many open files"), { code: "EMFILE", path }));
    };
    setImmediate(() => {
      // As it really does: of the folder, and of each file in it.
      for (const path of [place, place, `${place}/a.env`, `${place}/b.env`]) emit(path);
      watcher.emit("ready");
    });
    return watcher;
  },
}));

test("a folder that cannot be watched is told once, and its files are looked at all the same", async () => {
  const folder = await mkdtemp(join(tmpdir(), "secret-sync-blind-"));
  const file = join(folder, "a.env");
  await writeFile(file, "A=1");
  const told: string[] = [];
  let changes = 0;
  const watch = await openFileWatch({
    onChange: () => (changes += 1),
    onBlind: (place, reason) => told.push(`${place} ${reason}`),
    lookEvery: 50,
  });
  try {
    await watch.watch([file]);
    expect(told).toEqual([`${folder} EMFILE`]);
    await writeFile(file, "A=22");
    await waitFor(() => expect(changes).toBe(1));
  } finally {
    await watch.close();
    await rm(folder, { recursive: true });
  }
});
