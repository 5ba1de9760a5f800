// Laws of the key schema: plain substitution, and matching is its inverse.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyKeySchema, matchKeySchema } from "../../provider/core/key-schema.js";

const piece = fc.stringMatching(/^[A-Za-z0-9_\-/]{0,4}$/);
const part = fc
  .array(fc.oneof(piece, fc.constant("{{environment}}")), { maxLength: 3 })
  .map((pieces) => pieces.join(""));
const schema = fc.tuple(part, part).map(([before, after]) => `${before}{{secretKey}}${after}`);
const environment = fc.oneof(piece, fc.constantFrom("{{secretKey}}", "{{environment}}", "$&", "$1"));
const key = fc.string({ minLength: 1 });

describe("the key schema", () => {
  test("gives back the source key of every destination key that it made", () => {
    fc.assert(
      fc.property(fc.option(schema, { nil: undefined }), key, environment, (text, source, name) => {
        expect(matchKeySchema(text, applyKeySchema(text, source, name), name)).toBe(source);
      }),
    );
  });

  test("only claims keys that it could have made", () => {
    fc.assert(
      fc.property(fc.tuple(schema, environment), fc.tuple(key, fc.boolean()), ([text, name], [middle, fits]) => {
        const candidate = fits ? applyKeySchema(text, middle, name) : middle;
        const source = matchKeySchema(text, candidate, name);
        fc.pre(source !== undefined);
        expect(applyKeySchema(text, source, name)).toBe(candidate);
      }),
    );
  });

  test("never makes one destination key of two source keys", () => {
    fc.assert(
      fc.property(fc.tuple(schema, environment), key, key, ([text, name], one, other) => {
        fc.pre(one !== other);
        expect(applyKeySchema(text, one, name)).not.toBe(applyKeySchema(text, other, name));
      }),
    );
  });

  test.each(["A=B&C", '<b>"it\'s"</b>', "A`B", "ÄÖÜ"])("does not escape %s", (source) => {
    expect(applyKeySchema("APP_{{secretKey}}", source, "prod")).toBe(`APP_${source}`);
  });

  test("fills in the environment wherever it is named", () => {
    expect(applyKeySchema("{{environment}}_{{secretKey}}_{{environment}}", "A", "prod")).toBe("prod_A_prod");
  });

  test("claims no key with an empty middle", () => {
    expect(matchKeySchema("APP_{{secretKey}}", "APP_", "prod")).toBeUndefined();
    expect(matchKeySchema("A{{secretKey}}A", "A", "prod")).toBeUndefined();
  });

  test("with a longer prefix claims fewer keys than with a shorter one", () => {
    expect(matchKeySchema("APP_{{secretKey}}", "APP_DB_URL", "prod")).toBe("DB_URL");
    expect(matchKeySchema("APP_DB_{{secretKey}}", "APP_DB_URL", "prod")).toBe("URL");
    expect(matchKeySchema("APP_DB_{{secretKey}}", "APP_URL", "prod")).toBeUndefined();
  });

  test("that is absent or empty leaves keys as they are", () => {
    for (const none of [undefined, ""]) {
      expect(applyKeySchema(none, "A", "prod")).toBe("A");
      expect(matchKeySchema(none, "A", "prod")).toBe("A");
    }
  });
});
