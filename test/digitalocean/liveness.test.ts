// Where what runs is not what is stored, and when a ciphertext tells it.

import { describe, expect, test } from "vitest";
import { findNotLive, isLeftOpen } from "../../provider/destinations/digitalocean/deployments/liveness.js";
import type { App, Deployment, RawEnv, Spec } from "../../provider/destinations/digitalocean/wire.js";

const plain = (key: string, value = "1"): RawEnv => ({ key, value });
const sealed = (key: string, text: string, more: object = {}): RawEnv => ({
  key,
  value: `EV[1:x:${text}]`,
  type: "SECRET",
  ...more,
});
const specOf = (...envs: RawEnv[]): Spec => ({ name: "shop", envs });
const [early, noon] = ["2026-01-01T11:00:00.5Z", "2026-01-01T12:00:00.5Z"];
const copy = { cause_details: { type: "AUTO_ROLLBACK" } };

/** What is stored, what runs, and when the newest deployment was made. */
const appOf = (stored: Spec, running: Spec | null | undefined, more: Partial<App> = {}): App => ({
  id: "app",
  spec: stored,
  active_deployment: { id: "a", created_at: noon, spec: running },
  last_deployment_created_at: noon,
  ...more,
});
const placesOf = (app: App, listed?: readonly Deployment[]) => {
  const places = findNotLive(app, listed);
  return places && [...places].sort();
};

describe("what is not live", () => {
  test("is everything before the first deployment", () => {
    const app: App = { id: "app", spec: specOf(plain("A"), sealed("B", "b")) };
    expect(placesOf(app)).toEqual(["app/A", "app/B"]);
    expect(isLeftOpen(app)).toBe(false);
  });

  test.each([undefined, null])("cannot be told of a deployment that shows %s for a spec", (running) => {
    expect(placesOf(appOf(specOf(plain("A")), running))).toBeUndefined();
    expect(isLeftOpen(appOf(specOf(sealed("A", "a")), running))).toBe(false);
  });

  test("is nothing where the stored spec runs", () => {
    const spec = specOf(plain("A"), sealed("B", "b"));
    expect(placesOf(appOf(spec, spec))).toEqual([]);
    expect(placesOf(appOf(spec, structuredClone(spec)))).toEqual([]);
    expect(isLeftOpen(appOf(spec, spec))).toBe(false);
  });

  test("is what differs, what is stored only, and what runs only", () => {
    const stored = specOf(plain("SAME"), plain("OTHER", "new"), plain("ADDED"));
    const running = specOf(plain("SAME"), plain("OTHER", "old"), plain("REMOVED"));
    expect(placesOf(appOf(stored, running))).toEqual(["app/ADDED", "app/OTHER", "app/REMOVED"]);
  });

  test("is a value that became a secret, and one that is none any more", () => {
    const [text, secret] = [specOf(plain("A"), sealed("B", "b")), specOf(sealed("A", "a"), sealed("B", "b"))];
    expect(placesOf(appOf(secret, text))).toEqual(["app/A"]);
    expect(placesOf(appOf(text, secret))).toEqual(["app/A"]);
  });
});

describe("another ciphertext than the one that runs", () => {
  const stored = specOf(sealed("A", "stored"));
  const running = specOf(sealed("A", "running"));

  test("is another value where some other secret has kept its ciphertext", () => {
    const both = (text: string) => specOf(sealed("A", text), sealed("B", "kept"));
    expect(placesOf(appOf(both("stored"), both("running")))).toEqual(["app/A"]);
    expect(isLeftOpen(appOf(both("stored"), both("running")))).toBe(false);
  });

  // [what, the app, what it is]
  test.each<[string, Partial<App>]>([
    ["something was deployed after what runs", { active_deployment: { id: "a", created_at: early, spec: running } }],
    ["the time of the newest deployment is not told", { last_deployment_created_at: undefined }],
    ["the time of the newest deployment is empty", { last_deployment_created_at: "" }],
    [
      "no time is told at all",
      { last_deployment_created_at: undefined, active_deployment: { id: "a", spec: running } },
    ],
    ["what runs is a copy", { active_deployment: { id: "a", created_at: noon, spec: running, ...copy } }],
  ])("is another value where %s", (_what, more) => {
    expect(placesOf(appOf(stored, running, more))).toEqual(["app/A"]);
    expect(isLeftOpen(appOf(stored, running, more))).toBe(false);
  });

  test("tells nothing by itself where what runs is the newest: then the list is asked", () => {
    const open = appOf(specOf(sealed("A", "stored"), plain("C")), specOf(sealed("A", "running"), plain("C")));
    expect(isLeftOpen(open)).toBe(true);
    expect(placesOf(open)).toEqual([]);
  });

  test.each<[string, readonly Deployment[], readonly string[]]>([
    [
      "another value where another deployment shows the stored one",
      [
        { id: "a", spec: running },
        { id: "b", spec: stored },
      ],
      ["app/A"],
    ],
    [
      "no sign where none does",
      [
        { id: "a", spec: running },
        { id: "b", spec: specOf(sealed("A", "older")) },
      ],
      [],
    ],
    ["no sign where the one of another key does", [{ id: "b", spec: specOf(sealed("B", "stored")) }], []],
    ["no sign where deployments show no spec", [{ id: "a" }, { id: "b", spec: null }], []],
    ["no sign where there are none", [], []],
  ])("is %s", (_what, listed, places) => {
    expect(placesOf(appOf(stored, running), listed)).toEqual(places);
  });

  test("is no sign, but another scope is, and so is everything that is shown in clear", () => {
    const now = specOf(sealed("A", "stored"), sealed("B", "stored", { scope: "RUN_TIME" }), plain("C", "new"));
    const then = specOf(sealed("A", "running"), sealed("B", "running"), plain("C", "old"));
    expect(placesOf(appOf(now, then))).toEqual(["app/B", "app/C"]);
  });

  test("is not asked for where no secret is both stored and running", () => {
    const [one, other] = [specOf(sealed("A", "a"), plain("C")), specOf(sealed("B", "b"), plain("C"))];
    expect(isLeftOpen(appOf(one, other))).toBe(false);
    expect(placesOf(appOf(one, other))).toEqual(["app/A", "app/B"]);
  });
});
