// The rule of examples/policy-pack: which names, which variables, which stacks.

import { describe, expect, test } from "vitest";
import { defaults, findReadable } from "../../examples/policy-pack/rule.js";

const production = "urn:pulumi:production::shop::pulumi-nodejs:dynamic/secret-sync:SecretSync::web";
const staging = production.replace("production", "staging");
const general = { variableType: "GENERAL" };
const namesOf = (violations: readonly string[]) => violations.map((text) => text.split(" ")[0]);

test.each([
  "DATABASE_PASSWORD",
  "api_token",
  "STRIPE_SECRET",
  "SSH_PRIVATE_PEM",
  "SENTRY_DSN",
  "API_KEY",
  "KEY",
  "SIGNING_KEYS",
  "AWS_CREDENTIALS",
  "SECRET_NAME",
])("%s looks like a secret", (key) =>
  expect(namesOf(findReadable(production, { keys: { [key]: "" }, destination: general }))).toEqual([key]),
);

test.each([
  "LOG_LEVEL",
  "KEYBOARD",
  "MONKEY",
  "PUBLIC_URL",
  "KEY_COUNT",
  "PUBLIC_KEY",
  "STRIPE_PUBLISHABLE_KEY",
  "TOKENIZER_URL",
])("%s does not", (key) => expect(findReadable(production, { keys: { [key]: "" }, destination: general })).toEqual([]));

describe("a name that looks like a secret", () => {
  const keys = { B_TOKEN: "", A_TOKEN: "", LOG_LEVEL: "" };

  test("is refused for every variable that can be read, in one order", () => {
    expect(namesOf(findReadable(production, { keys, destination: general }))).toEqual(["A_TOKEN", "B_TOKEN"]);
    expect(namesOf(findReadable(production, { keys, destination: { isSecret: false } }))).toEqual([
      "A_TOKEN",
      "B_TOKEN",
    ]);
  });

  test("passes as a secret, which both destinations take as the default", () => {
    expect(findReadable(production, { keys, destination: {} })).toEqual([]);
    expect(findReadable(production, { keys })).toEqual([]);
    expect(findReadable(production, { destination: general })).toEqual([]);
  });

  test("is judged by the setting of its own variable first", () => {
    const one = { keys, destination: { variables: { A_TOKEN: general, B_TOKEN: { isSecret: false } } } };
    expect(namesOf(findReadable(production, one))).toEqual(["A_TOKEN", "B_TOKEN"]);
    const all = { keys, destination: { ...general, variables: { A_TOKEN: { variableType: "SECRET" } } } };
    expect(namesOf(findReadable(production, all))).toEqual(["B_TOKEN"]);
  });

  test("is found among the keys that are kept after they left the source", () => {
    expect(namesOf(findReadable(production, { retained: ["OLD_TOKEN"], destination: general }))).toEqual(["OLD_TOKEN"]);
  });

  test("is let through outside production, unless the settings say otherwise", () => {
    expect(findReadable(staging, { keys, destination: general })).toEqual([]);
    expect(findReadable(staging, { keys, destination: general }, { ...defaults, stacks: "." })).toHaveLength(2);
    expect(namesOf(findReadable(production, { keys, destination: general }, { ...defaults, names: "^LOG" }))).toEqual([
      "LOG_LEVEL",
    ]);
  });
});
