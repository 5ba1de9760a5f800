// Somebody who stores a spec between our look and our write, where the platform shows little of it: found all the same, or told.

import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import type { Variant } from "../emulators/digitalocean/index.js";
import { said } from "../lifecycle/stack.js";
import { codesOf } from "./law.js";
import { expectDone, openSynced, release, theirsAnd, untouched } from "./scene.js";
import type { OwnRun, Race, Shop } from "./shop.js";

const at = "write";
const opened = (variant: Partial<Variant>) => openSynced({ KEY: "one" }, { emulator: { variant } });

/** What somebody stored stands, or the run says that it may not. */
function isKeptOrTold(shop: Shop, run: OwnRun): boolean {
  const isTold = `${run.problems}\n${said(run)}`.includes("write.unmerged: ");
  return isTold || isDeepStrictEqual(shop.stored(), shop.lastStored());
}

test.each([2, 20] as const)("is found behind a page of %i deployments", async (pageSize) => {
  const shop = await opened({ pageSize });
  const race: Race = { at, act: () => shop.store(release("v2"), "ROLLED_BACK") };
  expectDone(shop, await shop.up({ KEY: "two" }, { race }), { writes: 2, ours: { KEY: "two" } });
  expect(shop.facts()).toEqual({ ...untouched, tag: "v2", theirs: theirsAnd("THEIRS_V2") });
});

test("is not taken for us by an answer that shows their value of our key", async () => {
  const shop = await opened({ putAnswer: "old-app" });
  await shop.up({ KEY: "two" });
  await shop.store(release("v2"), "ERROR");
  const race: Race = { at, act: () => shop.rollBack(1, { pin: false }, "ROLLED_BACK") };
  const run = await shop.up({ KEY: "three" }, { race });
  expect(isKeptOrTold(shop, run)).toBe(true);
  expect(shop.facts()).toEqual(untouched);
});

describe("who rolls back, and whose deployment", () => {
  const tellings: ReadonlyArray<Partial<Variant>> = [
    {},
    { cause: "text-only" },
    { clonedFrom: "left-out", cause: "left-out" },
  ];

  test.each(tellings)("is told of by %o alone is no copy of the platform's", async (variant) => {
    const shop = await opened(variant);
    await shop.store(release("v2"));
    const run = await shop.up({ KEY: "two" }, { race: { at, act: () => shop.rollBack(1, { pin: false }) } });
    expect(isKeptOrTold(shop, run)).toBe(true);
  });

  test.each(tellings)("is not listed yet is seen by its pin (%o)", async (variant) => {
    const shop = await opened({ ...variant, deploymentList: "lags", putWhilePinned: "stored" });
    await shop.store(release("v2"), "ERROR");
    const run = await shop.up({ KEY: "two" }, { race: { at, act: () => shop.rollBack(0, { pin: true }) } });
    expect(isKeptOrTold(shop, run)).toBe(true);
  });

  test("waits while the app is pinned to it, is no deployment of our write, which has none", async () => {
    const shop = await opened({ putWhilePinned: "stored", putAnswer: "old-spec" });
    await shop.store(release("v2"));
    const act = async () => {
      shop.cloud.holdDeployments("PENDING_BUILD");
      await shop.rollBack(1, { pin: true }, "OPEN_ACTIVE");
      shop.cloud.onAnswer({ method: "GET", path: /\/deployments$/ }, () => shop.cloud.release());
    };
    const run = await shop.up({ KEY: "two" }, { race: { at, act } });
    expect(isKeptOrTold(shop, run)).toBe(true);
  });

  test.each(tellings)("changes nothing but the name of the app is found by it (%o)", async (variant) => {
    const shop = await opened(variant);
    await shop.store("rename-app");
    const run = await shop.up({ KEY: "two" }, { race: { at, act: () => shop.rollBack(0, { pin: false }) } });
    expect(isKeptOrTold(shop, run)).toBe(true);
  });

  test("stores what a destroy of ours leaves as well is no deployment of ours", async () => {
    const shop = await opened({ putWhilePinned: "stored" });
    await shop.store("rename-app");
    const run = await shop.destroy({ race: { at, act: () => shop.rollBack(3, { pin: true }) } });
    expect(isKeptOrTold(shop, run)).toBe(true);
  });
});

test("is told when the write that puts our entries back met them", async () => {
  const shop = await opened({ cause: "text-only" });
  const race: Race = { at, nth: 2, act: () => shop.store(release("v2"), "ROLLED_BACK") };
  const order = { end: "ERROR", deployment: { onFailure: "restore" }, race } as const;
  const run = await shop.up({ KEY: "two" }, order);
  expect(codesOf(run)).toContain("deployment.failed");
  expect(isKeptOrTold(shop, run)).toBe(true);
});
