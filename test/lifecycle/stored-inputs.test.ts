// Inputs as state keeps them: one secret text, and counts beside it that tell what has changed.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical } from "../../provider/core/fingerprint.js";
import { readInputs } from "../../provider/lifecycle/state/inputs.js";
import {
  closeInputs,
  openInputs,
  readSalt,
  renewInputs,
  withoutLook,
} from "../../provider/lifecycle/state/stored-inputs.js";
import { type Properties, readUrn, shortenUrn, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { hide, plain } from "./envelopes.js";

const urn = "urn:pulumi:test::world::pulumi-nodejs:dynamic/secret-sync:SecretSync::web";
const facts: Properties = {
  __urn: urn,
  __targetId: "id",
  __naming: { environment: "test", keySchema: "{{environment}}_{{secretKey}}" },
  name: "web",
  isEnabled: true,
  source: [{ type: "inline" }],
  destination: { type: "digital-ocean-app-platform", appId: "id" },
  keys: { A: "f1", B: "f2" },
  connection: { app: "digital-ocean", credentials: "f3" },
  live: "2 of 2 keys",
  seen: "m1",
  salt: "2.salt",
};
const stored = (given: Properties, before: Properties = {}) => plain(closeInputs(given, before));

describe("what is stored", () => {
  test("shows counts and hides all else in one secret", () => {
    const shown = hide(closeInputs(facts, {}));
    expect(shown).toEqual({
      __urn: "test::world::::web",
      __state: "[secret]",
      name: "web",
      source: facts["source"],
      destination: facts["destination"],
      keys: { A: 1, B: 1 },
      connection: 1,
      live: "2 of 2 keys",
    });
  });

  test.each([
    ["all of it", facts],
    [
      "a disabled sync that never looked",
      { ...facts, keys: undefined, isEnabled: false, __naming: undefined, __targetId: undefined },
    ],
    ["a target that the arguments do not name", { ...facts, __targetId: "other" }],
    ["a target that nobody has looked up", { ...facts, __targetId: undefined }],
    ["keys of which nobody knows how they were named", { ...facts, __naming: undefined }],
    [
      "keys with names like members of objects",
      { ...facts, keys: JSON.parse('{"__proto__":"f1","constructor":"f2"}') as object },
    ],
  ])("comes back with the same digest: %s", (_what, given: Properties) => {
    const opened = openInputs(stored(given));
    expect(opened).toEqual(JSON.parse(JSON.stringify(given)));
    expect(readInputs(stored(given)).digest).toBe(readInputs(given).digest);
  });

  test("names a key no longer than its environment matters", () => {
    for (const keySchema of [undefined, ""]) {
      const plainly = { ...facts, __naming: { environment: "test", keySchema } };
      expect(openInputs(stored(plainly))["__naming"]).toEqual({ environment: "" });
    }
  });

  test("is read from earlier versions as it is", () => {
    expect(openInputs(facts)).toBe(facts);
    expect(readSalt(facts)).toBe("2.salt");
    expect(readSalt(stored(facts))).toBe("2.salt");
    expect(plain(renewInputs(facts))).toEqual(stored(facts));
    expect(renewInputs({})).toEqual({});
  });

  test("holds nothing when somebody has broken it: every value counts as another one", () => {
    const { keys, salt } = openInputs({ ...stored(facts), __state: "{" });
    expect([keys, salt]).toEqual([{ A: "", B: "" }, undefined]);
  });

  test("is not known while anything in it is not", () => {
    for (const part of [{ salt: unknownValue }, { keys: { A: unknownValue, B: "f2" } }, { keys: unknownValue }])
      expect(stored({ ...facts, ...part })["__state"]).toBe(unknownValue);
    expect(stored({ ...facts, keys: { A: unknownValue, B: "f2" } })["keys"]).toEqual({ A: unknownValue, B: 1 });
    expect(readInputs(stored({ ...facts, salt: unknownValue }))).toMatchObject({
      urn,
      hasUnknown: true,
      salt: unknownValue,
    });
  });

  test("can do without what was seen", () => {
    const opened = openInputs(plain(withoutLook(closeInputs(facts, {}))));
    const { live: _live, seen: _seen, ...rest } = facts;
    expect(opened).toEqual(rest);
    expect(plain(withoutLook(closeInputs({ ...facts, salt: unknownValue }, {})))["__state"]).toBe(unknownValue);
  });
});

describe("counts", () => {
  const last = stored({ ...facts, keys: { A: "f1", B: "f2" } });
  test("grow with each value that a key has had, and with each token", () => {
    const next = stored({ ...facts, keys: { A: "g1", B: "f2", C: "f3" }, connection: { app: "digital-ocean" } }, last);
    expect(next).toMatchObject({ keys: { A: 2, B: 1, C: 1 }, connection: 2 });
    expect(stored({ ...facts, keys: { A: "f1", C: "f3" } }, next)).toMatchObject({
      keys: { A: 3, C: 1 },
      connection: 3,
    });
  });

  test("go on from what earlier versions have recorded", () => {
    expect(stored({ ...facts, keys: { A: "g1", B: "f2" } }, facts)["keys"]).toEqual({ A: 2, B: 1 });
  });

  test("tell in the line about the target that what is there has changed", () => {
    const seen = (line: string, digest: string, before: Properties) =>
      stored({ ...facts, live: line, seen: digest }, before);
    const second = seen("2 of 2 keys", "m2", last);
    expect(seen("2 of 2 keys", "m1", last)["live"]).toBe("2 of 2 keys");
    expect(second["live"]).toBe("2 of 2 keys, change 1");
    expect(seen("1 of 2 keys", "m3", second)["live"]).toBe("1 of 2 keys");
    expect(readInputs(second).live).toBe("2 of 2 keys #m2");
  });

  test("differ wherever fingerprints do, as the engine compares them", () => {
    const values = fc.dictionary(fc.constantFrom("A", "B", "__proto__"), fc.constantFrom("f1", "f2"));
    fc.assert(
      fc.property(values, values, (before, now) => {
        const recorded = stored({ ...facts, keys: before });
        const { keys } = stored({ ...facts, keys: now }, recorded);
        const isSame = canonical(before) === canonical(now);
        expect(canonical(keys) === canonical(recorded["keys"])).toBe(isSame);
      }),
    );
  });
});

test.each([
  ["urn:pulumi:test::world::pulumi-nodejs:dynamic/secret-sync:SecretSync::web", "test::world::::web"],
  ["urn:pulumi:a::b::my:own:Part$pulumi-nodejs:dynamic/secret-sync:SecretSync::x::y", "a::b::my:own:Part$::x::y"],
  ["urn:pulumi:a::b::secret-sync:index:SecretSync::x", undefined],
  ["web", undefined],
])("the URN %s is stored short", (whole, short) => {
  expect(shortenUrn(whole)).toBe(short ?? whole);
  expect(readUrn({ __urn: shortenUrn(whole) })).toBe(whole);
});
