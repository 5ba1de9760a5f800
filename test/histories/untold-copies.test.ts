// A platform that does not say of which deployment another one is a copy: what was only run again is nobody's change.

import { describe, expect, test } from "vitest";
import type { Variant } from "../emulators/digitalocean/index.js";
import { puts } from "../lifecycle/stack.js";
import { codesOf, expectNamesDeployments } from "./law.js";
import { openSynced, release, theirsAnd, untouched } from "./scene.js";
import type { Race, Shop } from "./shop.js";

/** What tells a copy, and what is left of it here. */
const tellings: ReadonlyArray<Partial<Variant>> = [
  { clonedFrom: "left-out" },
  { clonedFrom: "left-out", cause: "text-only" },
  { clonedFrom: "left-out", cause: "left-out" },
  { clonedFrom: "left-out", cause: "left-out", lastDeploymentCreatedAt: "left-out" },
  { clonedFrom: "left-out", cause: "left-out", deploymentList: "lags", pendingInPut: "left-out" },
];
const cases = tellings.flatMap((variant) =>
  (["look", "write"] as const).map((at) => ({ variant, at, title: `${at}, ${JSON.stringify(variant)}` })),
);

/** After the run what they stored stands, or the run names both deployments and the spec is one of the two, whole. */
async function expectNothingLost(shop: Shop, race: Race): Promise<void> {
  const before = shop.stored();
  const run = await shop.up({ KEY: "two" }, { race });
  expect(codesOf(run).filter((code) => code !== "write.unmerged")).toEqual([]);
  if (run.problems === "") return expect(shop.stored()).toEqual(shop.lastStored());
  expectNamesDeployments(shop, run);
  expect([before, shop.lastStored()]).toContainEqual(shop.stored());
  expect(puts(run)).toBe(1);
}

describe.each(cases)("at the $title", ({ variant, at }) => {
  test("a release that the platform rolled back is not taken for nothing", async () => {
    const shop = await openSynced({ KEY: "one" }, { emulator: { variant } });
    await expectNothingLost(shop, { at, act: () => shop.store(release("v2"), "ROLLED_BACK") });
    expect(shop.ours()).toEqual({ KEY: "two" });
  });

  test("a restart of what ran before is not taken for a release", async () => {
    const shop = await openSynced({ KEY: "one" }, { emulator: { variant } });
    await shop.store(release("v2"), "ERROR");
    await expectNothingLost(shop, { at, act: () => shop.restart() });
    expect(shop.facts()).toEqual({ ...untouched, tag: "v2", theirs: theirsAnd("THEIRS_V2") });
  });

  test("a release before our look stays, also when the platform rolled it back", async () => {
    const shop = await openSynced({ KEY: "one" }, { emulator: { variant } });
    await shop.store(release("v2"), "ROLLED_BACK");
    const run = await shop.up({ KEY: "two" });
    expect([run.problems, puts(run)]).toEqual(["", 1]);
    expect(shop.stored()).toEqual(shop.lastStored());
    expect(shop.running()).toEqual({ KEY: "two" });
  });
});
