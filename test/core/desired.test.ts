// From what the sources gave to what is wanted at the target.

import { describe, expect, test } from "vitest";
import {
  buildDesired,
  type DesiredRequest,
  nameOrigins,
  nothing,
  type SourceValues,
} from "../../provider/core/desired.js";
import { fingerprint } from "../../provider/core/fingerprint.js";
import { redact } from "../../provider/redacted.js";
import { secret } from "./entries.js";

const salt = "salt";

function source(values: Readonly<Record<string, string | undefined>>): SourceValues {
  const wrap = (value: string | undefined) => (value === undefined ? undefined : redact(value));
  return new Map(Object.entries(values).map(([key, value]) => [key, wrap(value)]));
}

function build(sources: readonly SourceValues[], more: Partial<DesiredRequest> = {}) {
  const place = () => [{ slot: "app", label: secret, attributes: undefined }];
  return buildDesired({ sources, keySchema: undefined, environment: "prod", salt, place, ...more });
}

function plain(values: ReadonlyMap<string, { reveal(): string }>): Record<string, string> {
  return Object.fromEntries([...values].map(([key, value]) => [key, value.reveal()]));
}

describe("the desired state", () => {
  test("has the value of the last source that gives a key", () => {
    const desired = build([source({ A: "1", B: "2" }), source({ B: "3", C: "4" })]);
    expect(desired.keys).toEqual(["A", "B", "C"]);
    expect(plain(desired.values)).toEqual({ A: "1", B: "3", C: "4" });
  });

  test("names keys as the schema says, and fingerprints their values", () => {
    const desired = build([source({ A: "1" })], { keySchema: "{{environment}}_{{secretKey}}" });
    expect(desired.entries).toEqual([
      { slot: "app", key: "prod_A", label: secret, fingerprint: fingerprint(salt, redact("1")) },
    ]);
  });

  test("is sorted by slot and key, whatever order the sources have", () => {
    const place = (key: string) =>
      ["web", "api"].map((slot) => ({ slot, label: `${key} label`, attributes: undefined }));
    const desired = build([source({ B: "2", A: "1" })], { place });
    expect(desired.entries.map(({ slot, key, label }) => `${slot}/${key} ${label}`)).toEqual([
      "api/A A label",
      "api/B B label",
      "web/A A label",
      "web/B B label",
    ]);
  });

  test("keeps a key whose value a preview does not know yet, without a fingerprint", () => {
    const desired = build([source({ A: "1", B: undefined })]);
    expect(desired.keys).toEqual(["A", "B"]);
    expect(desired.entries.map((entry) => entry.fingerprint === undefined)).toEqual([false, true]);
    expect([...desired.values.keys()]).toEqual(["A"]);
  });

  test("does not fall back to an earlier source where the last one's value is not known yet", () => {
    const desired = build([source({ A: "1" }), source({ A: undefined })]);
    expect(desired.values.size).toBe(0);
  });

  test("holds no key that is placed nowhere, yet still counts it as wanted", () => {
    const desired = build([source({ A: "1" })], { place: () => [] });
    expect(desired.entries).toEqual([]);
    expect(desired.keys).toEqual(["A"]);
  });

  test("remembers which of several sources gave a key, and of a single one nothing", () => {
    expect(build([source({ C: "1", A: "1", B: "2" }), source({ B: "3" })]).origins).toEqual([["A", "C"], ["B"]]);
    expect(build([source({ A: "1" })]).origins).toBeUndefined();
  });

  test("names the source of a key: of several the one that gave it, and a single one for all", () => {
    const name = nameOrigins(build([source({ A: "1", B: "2" }), source({ B: "3" })]), ["a file", "Vault"]);
    expect(["A", "B", "C"].map(name)).toEqual(["a file", "Vault", undefined]);
    expect(nameOrigins(build([source({ A: "1" })]), ["a file"])("A")).toBe("a file");
    expect(nameOrigins({}, [])("A")).toBeUndefined();
  });

  test("has what is imported in the place of the source that takes it", () => {
    const imported = { index: 0, values: source({ B: "there", C: "there" }) };
    const desired = build([source({ A: "1", B: "2" }), source({ B: "3" })], { imported });
    expect(plain(desired.values)).toEqual({ A: "1", B: "there", C: "there" });
    expect(desired.origins).toEqual([["A", "B", "C"], []]);
    expect(build([], { imported }).keys).toEqual(["B", "C"]);
  });

  test.each(["skip", "write", "refuse", undefined] as const)(
    "with emptyValues %s drops empty keys or not",
    (emptyValues) => {
      const desired = build([source({ B: "", A: "", C: "3", D: undefined })], { emptyValues });
      const isSkipping = emptyValues === "skip";
      expect(desired.keys).toEqual(isSkipping ? ["C", "D"] : ["A", "B", "C", "D"]);
      expect(plain(desired.values)).toEqual(isSkipping ? { C: "3" } : { A: "", B: "", C: "3" });
      expect(desired.skipped).toEqual(isSkipping ? ["A", "B"] : undefined);
      expect(desired.emptyValues).toBe(emptyValues);
    },
  );

  test("names the skipped keys as the schema names them, and none of them as the gift of a source", () => {
    const keySchema = "APP_{{secretKey}}";
    const desired = build([source({ A: "" }), source({ B: "2" })], { emptyValues: "skip", keySchema });
    expect(desired.skipped).toEqual(["APP_A"]);
    expect(desired.origins).toEqual([[], ["APP_B"]]);
  });

  test("of no source is the wish of a destroy", () => {
    expect(build([])).toStrictEqual(nothing);
  });
});
