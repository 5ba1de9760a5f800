// Keyed fingerprints: equal for equal values under one salt, and useless without it.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canonical,
  deriveRevisionSalt,
  digest,
  fingerprint,
  fingerprintShown,
  isSecretSalt,
  layerSalt,
  makeSalt,
} from "../../provider/core/fingerprint.js";
import { redact } from "../../provider/redacted.js";

describe("fingerprints of values", () => {
  test("are the same for one value and one salt, and differ when either differs", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (salt, one, other) => {
        fc.pre(one !== other);
        expect(fingerprint(salt, redact(one))).toBe(fingerprint(salt, redact(one)));
        expect(fingerprint(salt, redact(one))).not.toBe(fingerprint(salt, redact(other)));
        expect(fingerprint(`${salt}x`, redact(one))).not.toBe(fingerprint(salt, redact(one)));
        expect(fingerprintShown(salt, one)).not.toBe(fingerprint(salt, redact(one)));
      }),
    );
  });

  test("are short and printable", () => {
    expect(fingerprint("salt", redact("value"))).toMatch(/^[\w-]{16}$/);
    expect(fingerprintShown("salt", "EV[1:a:b]")).toMatch(/^[0-9a-f]{8}$/);
  });

  test("stay the same in every later version", () => {
    const salt = makeSalt(new Uint8Array(32).fill(7));
    expect(salt).toBe("2.BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc");
    expect(fingerprint(salt, redact("value"))).toBe("ir9sg2MCXLnKFU32");
    expect(fingerprintShown(salt, "value")).toBe("79a28ef9");
    expect(deriveRevisionSalt(salt)).toBe("2.POkDcB7oQiF9RgO9GL7ccmXJoLGR_XN7Tpf53uNxeDw");
    expect(fingerprint("c2FsdA", redact("value"))).toBe("TY7FEV-A_7YxKar9");
    expect(fingerprintShown("c2FsdA", "value")).toBe("0ee8fc7d");
    expect(fingerprint(layerSalt(salt, "c2FsdA"), redact("value"))).toBe("m7Xl-9HoGRkVHmVH");
    expect(fingerprintShown(layerSalt(salt, "c2FsdA"), "value", 6)).toBe("7fe88e");
    expect(deriveRevisionSalt(layerSalt(salt, "c2FsdA"))).toBe("2.POkDcB7oQiF9RgO9GL7ccmXJoLGR_XN7Tpf53uNxeDw.c2FsdA");
    expect(digest({ b: [1, "two"], a: null })).toBe("dAWkKsGO9Dwd9nvwatYckX");
  });

  test("of revisions say nothing about the salt of values", () => {
    const salt = makeSalt(new Uint8Array(32).fill(7));
    expect(deriveRevisionSalt(salt)).not.toContain(salt.slice(2));
    expect(deriveRevisionSalt("public")).toBe("public");
    expect(isSecretSalt(deriveRevisionSalt(salt))).toBe(true);
  });
});

describe("canonical data", () => {
  const shuffled = fc.jsonValue().chain((data) => fc.tuple(fc.constant(data), fc.constant(reverseKeys(data))));

  test("is one text whatever order the keys have", () => {
    fc.assert(
      fc.property(shuffled, ([data, other]) => {
        expect(canonical(other)).toBe(canonical(data));
        expect(digest(other)).toBe(digest(data));
      }),
    );
  });

  test("is JSON of the same data", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        expect(JSON.parse(canonical(data))).toEqual(JSON.parse(JSON.stringify(data)));
      }),
    );
  });

  test("leaves out undefined members and shows other undefined as null", () => {
    expect(canonical({ b: undefined, a: [undefined, null] })).toBe('{"a":[null,null]}');
    expect(canonical(undefined)).toBe("null");
  });
});

function reverseKeys(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(reverseKeys);
  if (typeof data !== "object" || data === null) return data;
  const members = Object.entries(data).map(([key, value]) => [key, reverseKeys(value)] as const);
  return Object.fromEntries(members.toReversed());
}
