// The salt of a sync: drawn once and kept; one of before, which anybody could compute, gets a secret layer.

import { describe, expect, test } from "vitest";
import {
  deriveRevisionSalt,
  fingerprint,
  isSecretSalt,
  layerSalt,
  outerSalt,
} from "../../provider/core/fingerprint.js";
import { findSalt, rekeyState } from "../../provider/lifecycle/state/salt.js";
import type { SyncState } from "../../provider/lifecycle/state/state.js";
import { redact } from "../../provider/redacted.js";

const publicSalt = "salt-made-from-the-urn";
const secretSalt = "2.c2VjcmV0";

describe("the salt of a run", () => {
  test("is drawn where there is none, and never the same twice", () => {
    const [one, two] = [findSalt(undefined), findSalt(undefined)];
    for (const { salt, isDrawn } of [one, two]) expect([isSecretSalt(salt), isDrawn]).toEqual([true, true]);
    expect(one.salt).not.toBe(two.salt);
  });

  test("is drawn by the engine's seed where it gives one, so that a saved plan and its update have the same", () => {
    const [one, again, other] = ["a", "a", "b"].map((seed) => findSalt(undefined, { seed }).salt);
    expect(one).toBe(again);
    expect(one).not.toBe(other);
  });

  test.each([
    [secretSalt, true],
    [secretSalt, false],
    // A disabled sync writes nothing, so nothing is to be keyed anew.
    [publicSalt, false],
  ])("is kept: %s, enabled: %s", (before, isEnabled) => {
    expect(findSalt(before, { isEnabled })).toEqual({ salt: before, isDrawn: false });
  });

  test("of before gets a secret layer, under which an old fingerprint is carried over", () => {
    const { salt, isDrawn } = findSalt(publicSalt);
    expect([isSecretSalt(salt), isDrawn]).toEqual([true, true]);
    expect(salt).toBe(layerSalt(outerSalt(salt), publicSalt));
    expect(fingerprint(salt, redact("value"))).not.toBe(fingerprint(publicSalt, redact("value")));
  });
});

describe("recorded state", () => {
  const stateOf = (salt: string) =>
    ({ record: { salt, ledger: { app: { A: { fingerprint: "f", revision: "r" } } } } }) as unknown as SyncState;

  test.each([
    ["is secret already", secretSalt, "2.b3RoZXI"],
    ["is of before, in a run that draws no secret one", publicSalt, publicSalt],
  ])("stays as it is where its salt %s", (_why, recorded, salt) => {
    const state = stateOf(recorded);
    expect(rekeyState(state, salt)).toBe(state);
  });

  test("of before is keyed anew once the run has a secret salt", () => {
    const { record } = rekeyState(stateOf(publicSalt), layerSalt(secretSalt, publicSalt));
    expect(record.salt).toBe(deriveRevisionSalt(layerSalt(secretSalt, publicSalt)));
    expect(record.ledger["app"]?.["A"]?.fingerprint).not.toBe("f");
  });
});
