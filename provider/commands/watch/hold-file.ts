// Command line, IO side: what holds syncs back, kept on this machine across restarts of the runner. Names, digests and times, no value.

import { createHash } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { makeFolders } from "../folders.js";
import type { Memory, SyncMemory } from "./holds.js";

/** A runner that cannot keep it goes on without it: each operation is best effort, and none fails. */
export interface HoldFile {
  read(): Promise<Memory>;
  write(memory: Memory): Promise<void>;
  forget(): Promise<void>;
}

export interface HoldFileOrder {
  readonly folder: string;
  /** Backend, project and stack. */
  readonly key: string;
  /** The monotonic clock starts again with each process, so times are kept by the other one. */
  readonly clock: { readonly now: () => number; readonly wall: () => number };
}

const kept = z.record(
  z.string(),
  z.object({
    badDeployments: z.number().int().nonnegative(),
    program: z.string(),
    repairs: z.record(z.string(), z.array(z.number())),
  }),
);

export function openHoldFile({ folder, key, clock }: HoldFileOrder): HoldFile {
  const stem = createHash("sha256").update(key).digest("hex").slice(0, 32);
  const file = path.join(folder, `${stem}.holds.json`);
  /** A time in the future comes from a clock that has since been set back. */
  const toNow = (time: number) => clock.now() - Math.max(0, clock.wall() - time);
  const toWall = (time: number) => clock.wall() - (clock.now() - time);
  return {
    read: async () => {
      const text = await readFile(file, "utf8").catch(() => "");
      const parsed = kept.safeParse(parseJson(text));
      if (!parsed.success) return new Map();
      return new Map(Object.entries(parsed.data).map(([urn, one]) => [urn, revive(one, toNow)]));
    },
    write: async (memory) => {
      const syncs = [...memory].map(([urn, one]) => [urn, store(one, toWall)] as const);
      const draft = `${file}.draft`;
      try {
        await makeFolders(folder);
        await writeFile(draft, JSON.stringify(Object.fromEntries(syncs)), { mode: 0o600 });
        await rename(draft, file);
      } catch {
        await rm(draft, { force: true }).catch(() => undefined);
      }
    },
    forget: () => rm(file, { force: true }).catch(() => undefined),
  };
}

type Kept = z.infer<typeof kept>[string];

function revive({ repairs, ...one }: Kept, toNow: (time: number) => number): SyncMemory {
  return { ...one, repairs: new Map(Object.entries(repairs).map(([key, times]) => [key, times.map(toNow)])) };
}

function store({ repairs, ...one }: SyncMemory, toWall: (time: number) => number): Kept {
  return { ...one, repairs: Object.fromEntries([...repairs].map(([key, times]) => [key, times.map(toWall)])) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
