// The files of the syncs that import: written from the program before a run, and read afterwards.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { isOfSync, keys, nameOf } from "./place.js";
import { type Declared, hasFile, imports, leaveToOthers } from "./program.js";
import type { Judged, World } from "./world.js";

/** A file without a line counts as broken. */
const head = "# of a history";

export async function writeSources({ source, stack }: World): Promise<void> {
  for (const one of source.syncs.filter(hasFile)) {
    const lines = [head, ...[...one.values].map(([key, value]) => `${key}=${value}`), ""];
    await writeFile(join(stack.directory, one.file), lines.join("\n"));
  }
}

/** Takes what a run has written into the files over into the program. @returns names of what is new */
export async function readSources({ source, stack, people }: World): Promise<string[]> {
  const news: string[] = [];
  for (const one of source.syncs.filter(hasFile)) {
    for (const [key, value] of await readValues(join(stack.directory, one.file))) {
      if (one.values.get(key) === value) continue;
      expect(imports(one), `${one.name}, which has gained ${key}, has yet to begin there`).toBe(true);
      one.values.set(key, value);
      if (!isOfSync(value)) people.share(value);
      news.push(`${one.name}/${key}`);
    }
  }
  return news;
}

async function readValues(path: string): Promise<Declared["values"]> {
  const text = await readFile(path, "utf8");
  return new Map([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, key = "", value = ""]) => [key, value]));
}

/** After a good first run: what can be read, and no sync has, is in the source of the sync, or counts less than what it had. */
export function expectImported({ platform, source }: World, { was, acting }: Pick<Judged, "was" | "acting">): void {
  // The value for all contexts of a variable is none of those that a sync aims at.
  if (platform.hasSharedVariables) return;
  for (const one of acting.filter(hasFile)) {
    const given = was.values.get(one.name);
    if (given === undefined) continue;
    const others = leaveToOthers(one, source.syncs).exclude ?? [];
    for (const key of keys.filter((each) => !others.includes(each))) {
      const found = one.slots.map((slot) => was.entries.get(nameOf({ app: one.app, slot, key })));
      const [first, ...more] = new Set(found.map((entry) => (entry?.isReadable === true ? entry.value : undefined)));
      const isOwned = [...was.owners.keys()].some(
        (place) => place.startsWith(`${one.app}/`) && place.endsWith(`/${key}`),
      );
      if (first === undefined || more.length > 0 || isOwned) continue;
      const had = one.behaviour === "import-prioritize-source" ? given.get(key) : undefined;
      expect(one.values.get(key), `${key} of ${one.name}, which imports`).toBe(had ?? first);
    }
  }
}
