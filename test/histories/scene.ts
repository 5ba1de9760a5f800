// How the stories begin, what people do in them, and what is expected of every run that goes well.

import { expect } from "vitest";
import { onEnd } from "../running.js";
import type { Spec } from "../emulators/digitalocean/index.js";
import { puts } from "../lifecycle/stack.js";
import type { RunEnd, PlatformOptions } from "./platform.js";
import { openShop, type OwnRun, type Shop, type Words } from "./shop.js";
import { addEnv } from "./spec-edits.js";

const theirs = ["THEIRS", "THEIRS_SEALED", "THEIRS_WEB"];
/** The facts of an app that nobody has changed. */
export const untouched = { name: "shop", component: "web", tag: "v1", theirs };

/** Variables of others in an app, the first ones and these. */
export function theirsAnd(...keys: string[]): string[] {
  return [...theirs, ...keys].sort();
}

/** When somebody really comes in between, and what becomes of their deployment before ours begins. */
export const moments = (["look", "write"] as const).flatMap((at) =>
  (["ERROR", "ROLLED_BACK", "CANCELED", "OPEN_ACTIVE"] as const satisfies readonly RunEnd[]).map((ending) => ({
    when: at === "look" ? "right after our look" : "right before our write",
    at,
    ending,
  })),
);

export async function open(options: PlatformOptions = {}): Promise<Shop> {
  const shop = await openShop(options);
  onEnd(() => shop.cloud.close());
  return shop;
}

/** An app that runs with our keys. */
export async function openSynced(words: Words = { KEY: "one" }, options: PlatformOptions = {}): Promise<Shop> {
  const shop = await open(options);
  expect((await shop.up(words)).problems).toBe("");
  return shop;
}

/** A new image that needs a new variable. */
export function release(tag: string): (spec: Spec) => void {
  return (spec) => {
    const [web] = spec.services ?? [];
    if (web !== undefined) web["image"] = { ...(web["image"] as object), tag };
    addEnv(spec, `THEIRS_${tag.toUpperCase()}`, `for ${tag}`);
  };
}

export function add(key: string): (spec: Spec) => void {
  return (spec) => addEnv(spec, key, "added");
}

export function without(key: string): (spec: Spec) => void {
  return (spec) => void (spec.envs = spec.envs?.filter((env) => env.key !== key) ?? []);
}

/** The run went through with so many writes; what anybody stored last stands, and ours is what the program wants. */
export function expectDone(shop: Shop, run: OwnRun, { writes, ours }: { writes: number; ours: Words }): void {
  expect(run.problems).toBe("");
  expect(puts(run)).toBeLessThanOrEqual(writes);
  expect(shop.stored()).toEqual(shop.lastStored());
  expect(shop.ours()).toEqual(ours);
}

/** The same program again writes nothing. */
export async function expectQuiet(shop: Shop, words: Words): Promise<void> {
  const again = await shop.up(words);
  expect(again.problems).toBe("");
  expect(puts(again)).toBe(0);
}
