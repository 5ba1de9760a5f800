// The default scope of secrets was another one once: who is told of the change that the plan shows.

import { describe, expect, test } from "vitest";
import type { AppPlatformDestination } from "../../schema/index.js";
import type { Change, Plan } from "../../provider/core/plan.js";
import { adviseScope } from "../../provider/destinations/digitalocean/rules.js";

describe("the scope of a secret that was another one by default once", () => {
  const narrowed = (key: string, more: object = {}): Change => ({
    slot: "app",
    key,
    action: "update",
    label: "SECRET RUN_TIME",
    because: ["attributes"],
    expected: "SECRET RUN_AND_BUILD_TIME #m1",
    found: "SECRET RUN_AND_BUILD_TIME #m1",
    ...more,
  });
  const advise = (plan: Plan, more: Partial<AppPlatformDestination> = {}) =>
    adviseScope({ type: "digital-ocean-app-platform", appName: "shop", ...more }, plan);

  test("is told once, with the number of keys", () => {
    expect(advise([narrowed("A")])).toEqual([
      'secrets are RUN_TIME unless destination.scope says otherwise, and 1 key of this sync is so far RUN_AND_BUILD_TIME; set scope to "RUN_AND_BUILD_TIME" where a build needs them',
    ]);
    expect(advise([narrowed("A"), narrowed("B")])[0]).toContain("and 2 keys of this sync are so far");
  });

  test.each<[string, object, Partial<AppPlatformDestination>]>([
    ["is new", { action: "create" }, {}],
    ["has another value only", { because: ["value"] }, {}],
    ["was written by nobody who saw it", { expected: undefined }, {}],
    ["had another scope", { expected: "SECRET BUILD_TIME #m1" }, {}],
    ["becomes another one", { label: "SECRET BUILD_TIME" }, {}],
    ["has a scope that the sync asks for", {}, { scope: "RUN_TIME" }],
    ["has a scope that its override asks for", {}, { variables: { A: { scope: "RUN_TIME" } } }],
  ])("is not told of a key that %s", (_what, more, args) => {
    expect(advise([narrowed("A", more)], args)).toEqual([]);
  });

  test("is told of a key whose override asks for something else", () => {
    expect(
      advise([narrowed("A")], { variables: { A: { components: ["web"] }, B: { scope: "RUN_TIME" } } }),
    ).toHaveLength(1);
  });
});
